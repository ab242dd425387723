import { capital, percent, range } from '../numbers'
import { cardAddress } from '../routing'
import { useStore } from '../store'
import type { Report } from '../types'
import { useWords } from '../words/words'
import { Band } from './band'
import { Figure } from './figure'

const SHOWN = 0.03
const MOST = 4

export function Causes({ report }: { report: Report }) {
  const w = useWords()
  const reader = useStore((s) => s.reader)
  const fails = report.mechanisms[0]?.id !== 'none'
  const causes = report.causes.filter((c, i) => (i === 0 && fails) || c.probability >= SHOWN).slice(0, MOST)
  if (causes.length === 0) return null
  return (
    <section class="causes">
      <h2>{w.because}</h2>
      <ul class="rows">
        {causes.map((cause) => (
          <li key={cause.id}>
            <span class="name">
              {cause.id === 'no-known-cause' ? capital(cause.name) : <a href={cardAddress(cause.id)}>{capital(cause.name)}</a>}
              {!cause.recorded && cause.id !== 'no-known-cause' && <span class="soft"> {w.notRecorded}</span>}
            </span>
            <Figure title={capital(cause.name)} value={cause.probability} interval={cause.interval} sources={cause.sources} />
            <Band value={cause.probability} interval={cause.interval} tone="plain" />
            {cause.without && reader === 'clinician' && (
              <p class="soft under">{w.without(percent(cause.without.probability, w), range(cause.without.interval))}</p>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}
