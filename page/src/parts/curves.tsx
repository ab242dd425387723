// The pressures and flows of one orgasm, computed for the causes that are known.
import { useEffect, useState } from 'preact/hooks'
import * as api from '../api'
import { useStore } from '../store'
import { useWords } from '../words/words'

export function Curves() {
  const w = useWords()
  const [open, setOpen] = useState(false)
  return (
    <details class="curves" onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary>{w.curves}</summary>
      {open && <Picture />}
    </details>
  )
}

function Picture() {
  const w = useWords()
  const facts = useStore((s) => s.facts)
  const stopped = useStore((s) => s.stopped)
  const causes = facts
    .filter((f) => ['medicine', 'operation', 'condition'].includes(f.kind) && f.id && !f.denied && !stopped.includes(f.id))
    .map((f) => f.id!)
  const [svg, setSvg] = useState<string | null>(null)
  useEffect(() => {
    const stop = new AbortController()
    drawable(causes, stop.signal).then(setSvg, () => {})
    return () => stop.abort()
  }, [causes.join()])
  if (svg === null) return <p class="soft">{w.thinking}</p>
  const said = /<desc[^>]*>([^<]*)/.exec(svg)?.[1] ?? w.curves
  return (
    <>
      <img alt={said} src={`data:image/svg+xml,${encodeURIComponent(svg)}`} />
      <p class="soft">{w.curvesMore}</p>
    </>
  )
}

// Not every cause is one that the tract knows: those it refuses are left out.
async function drawable(causes: string[], signal: AbortSignal): Promise<string> {
  try {
    return await api.simulateSvg(causes, signal)
  } catch (fault) {
    if (!(fault instanceof api.Refusal) || causes.length === 0) throw fault
  }
  const kept: string[] = []
  for (const cause of causes)
    await api.simulateSvg([cause], signal).then(() => kept.push(cause), (fault) => { if (!(fault instanceof api.Refusal)) throw fault })
  return api.simulateSvg(kept, signal)
}
