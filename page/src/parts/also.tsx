// What fails beside the ways in which semen goes missing: a late orgasm, few sperm.
import { capital, percent } from '../numbers'
import { cardAddress } from '../routing'
import type { Report } from '../types'
import { useWords } from '../words/words'
import { Band } from './band'
import { Figure } from './figure'

export function Also({ report }: { report: Report }) {
  const w = useWords()
  if (report.also.length === 0) return null
  return (
    <section class="causes">
      <h2>{w.also}</h2>
      <ul class="rows">
        {report.also.map((one) => (
          <li key={one.function}>
            <span class="name">{one.text}</span>
            <Figure title={one.text} value={one.probability} interval={one.interval} sources={[]} />
            <Band value={one.probability} interval={one.interval} tone="plain" />
            {one.because && (
              <p class="soft under">
                {w.because}: <a href={cardAddress(one.because.id)}>{capital(one.because.name)}</a> {percent(one.because.probability, w)}
              </p>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}
