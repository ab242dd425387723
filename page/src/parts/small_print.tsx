import { leafletAddress } from '../routing'
import type { Plan, Report } from '../types'
import { useWords } from '../words/words'

export function SmallPrint({ report, plan }: { report: Report; plan: Plan | null }) {
  const w = useWords()
  const first = report.mechanisms[0]
  const others = plan?.flags.filter((flag) => !flag.present) ?? []
  return (
    <footer class="small-print">
      {first && <p><a href={leafletAddress(first.id)}>{w.leaflet}</a></p>}
      {others.length > 0 && (
        <details>
          <summary>{w.whenAtOnce}</summary>
          <ul>{others.map((flag) => <li key={flag.id}>{flag.text}</li>)}</ul>
        </details>
      )}
      {report.contradictions.map((text) => <p key={text}>{text}</p>)}
      {report.unused.length > 0 && (
        <details>
          <summary>{w.notUsed(report.unused.length)}</summary>
          <ul>{report.unused.map((u) => <li key={u.text}>{u.text}: {u.why}</li>)}</ul>
        </details>
      )}
      <p>{report.notice}</p>
      <p>{w.knowledge(report.knowledge.version, report.sources.length)}</p>
    </footer>
  )
}
