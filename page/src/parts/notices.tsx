// What stands above everything: the server is gone; the case came with a link; something is wrong.
import { clearAddress } from '../routing'
import { set, useStore } from '../store'
import { useWords } from '../words/words'

export function Notices() {
  const w = useWords()
  const gone = useStore((s) => s.serverGone)
  const fromLink = useStore((s) => s.fromLink)
  const fault = useStore((s) => s.fault)
  return (
    <div class="notices" role="status">
      {gone && <p class="notice"><strong>{w.gone}</strong> {w.goneMore}</p>}
      {fromLink && (
        <p class="notice">
          {w.fromLink} <button type="button" class="link" onClick={clearAddress}>{w.clearAddress}</button>
        </p>
      )}
      {fault && (
        <p class="notice">
          {fault} <button type="button" class="link" onClick={() => set({ fault: null })}>{w.close}</button>
        </p>
      )}
    </div>
  )
}
