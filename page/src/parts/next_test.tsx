// The question or test that would tell most, and what each result would mean.
import { capital, days, frequency, percent } from '../numbers'
import { useStore } from '../store'
import type { NextTest as Test, Plan, Report } from '../types'
import { useWords } from '../words/words'

function Results({ test, report }: { test: Test; report: Report }) {
  const w = useWords()
  const reader = useStore((s) => s.reader)
  const number = (p: number) => (reader === 'patient' ? frequency(p, w) : percent(p, w))
  const name = (id: string | null) => report.mechanisms.find((m) => m.id === id)?.name ?? id ?? ''
  return (
    <table>
      <thead><tr><th scope="col">{w.result}</th><th scope="col" class="number">{w.expected}</th><th scope="col">{w.thenLikely}</th></tr></thead>
      <tbody>
        {test.results.map((r) => (
          <tr key={r.text}>
            <th scope="row">{r.text}</th>
            <td class="number">{number(r.probability)}</td>
            <td>{name(r.mechanism)} <span class="soft">{number(r.mechanism_probability)}</span></td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

export function NextTest({ plan, report }: { plan: Plan; report: Report }) {
  const w = useWords()
  const worth = plan.tests.filter((t) => t.worth && t.standing !== 'refused')
  const [first, ...others] = worth
  return (
    <section class="next">
      <h2>{w.next}</h2>
      {!first && <p>{w.noFurtherTest}</p>}
      {first && (
        <>
          <p class="lead">{capital(first.name)} <span class="soft">{first.by}{first.days > 0 && `, ${days(first.days, w)}`}</span></p>
          <Results test={first} report={report} />
          {first.notes.map((note) => <p key={note.id} class="soft note">{note.text}</p>)}
        </>
      )}
      {others.length > 0 && (
        <p class="soft">{w.then} {others.slice(0, 4).map((t) => t.name).join(', ')}</p>
      )}
    </section>
  )
}
