// What stands above everything: the server is gone; the case came with a link; something is wrong.
import { openRecord } from '../records'
import { clearAddress } from '../routing'
import { set, useStore } from '../store'
import { useWords } from '../words/words'

export function Notices() {
  const w = useWords()
  const gone = useStore((s) => s.serverGone)
  const fromLink = useStore((s) => s.fromLink)
  const fault = useStore((s) => s.fault)
  const unstated = useStore((s) => s.unstated)
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
          {fault}{' '}
          {unstated?.fault === fault && (
            <><button type="button" class="link" onClick={() => void openRecord(unstated.record, true)}>{w.isMale}</button>{' '}</>
          )}
          <button type="button" class="link" onClick={() => set({ fault: null, unstated: null })}>{w.close}</button>
        </p>
      )}
    </div>
  )
}
