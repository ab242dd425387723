// The chances of a child, by way and by where the sperm come from.
import { capital, intervalOf } from '../numbers'
import { useStore } from '../store'
import type { Plan } from '../types'
import { useWords } from '../words/words'
import { Band } from './band'
import { Figure } from './figure'

export function Child({ plan }: { plan: Plan }) {
  const w = useWords()
  const wished = useStore((s) => s.facts.some((fact) => fact.entry.wants === 'child'))
  if (plan.child.length === 0) return null
  const source = (id: string) => plan.sperm_sources.find((s) => s.id === id)?.name ?? id
  const ways = [...plan.child].sort((a, b) => (b.cumulative.value ?? 0) - (a.cumulative.value ?? 0))
  return (
    <section class="child">
      <details open={wished}>
        <summary><h2>{w.child}</h2></summary>
        <ul class="rows">
          {ways.map((c) => {
            const name = `${w.methods[c.method]}, ${source(c.source)}`
            return c.cumulative.value === null ? null : (
              <li key={c.method + c.source}>
                <span class="name">{capital(name)} <span class="soft">{w.tries(c.cycles, c.method)}</span></span>
                <Figure title={capital(name)} value={c.cumulative.value} interval={intervalOf(c.cumulative)} sources={[]} />
                <Band value={c.cumulative.value} interval={intervalOf(c.cumulative)} tone="plain" />
              </li>
            )
          })}
        </ul>
        {plan.child_notes.map((note) => <p key={note.id} class="soft">{note.text}</p>)}
      </details>
    </section>
  )
}
