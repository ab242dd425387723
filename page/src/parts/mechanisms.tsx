// What is most likely, and what else it may be. Pointing at one draws it.
import { useEffect, useState } from 'preact/hooks'
import * as api from '../api'
import { capital, factor, frequency, percent } from '../numbers'
import { cardAddress } from '../routing'
import { set, useStore, type Shown } from '../store'
import type { Mechanism, Report } from '../types'
import { useWords } from '../words/words'
import { Band } from './band'
import { Figure } from './figure'
import { toneOf } from './tract_pictures'

const SHOWN = 0.02
const MOST = 6

// The findings that move a mechanism, the strongest first.
function movesOf(report: Report, id: string): Shown['lines'] {
  return report.findings
    .map((f) => ({ text: f.text, strength: f.log_odds[id] ?? 0 }))
    .filter((line) => Math.abs(line.strength) >= 0.05)
    .sort((a, b) => Math.abs(b.strength) - Math.abs(a.strength))
    .map((line) => ({ ...line, number: factor(line.strength) }))
}

function sourcesOf(report: Report, id: string): string[] {
  const causes = report.causes.filter((c) => c.mechanism === id).flatMap((c) => c.sources)
  const findings = report.findings.filter((f) => Math.abs(f.log_odds[id] ?? 0) >= 0.05).flatMap((f) => f.sources)
  return [...new Set([...causes, ...findings])]
}

function Summary({ id }: { id: string }) {
  const lang = useStore((s) => s.lang)
  const [text, setText] = useState('')
  useEffect(() => {
    let live = true
    api.card(id, lang).then((card) => { if (live) setText(card.summary?.[lang] ?? '') }, () => { if (live) setText('') })
    return () => { live = false }
  }, [id, lang])
  return <p class="summary">{text}</p>
}

function Row({ mechanism, report, first }: { mechanism: Mechanism; report: Report; first?: boolean }) {
  const picture = (id: string | null) => () => set({ pictured: id })
  const name = <a class="name" href={cardAddress(mechanism.id)}>{capital(mechanism.name)}</a>
  return (
    <li onMouseEnter={picture(mechanism.id)} onMouseLeave={picture(null)} onFocusIn={picture(mechanism.id)} onFocusOut={picture(null)}>
      {first ? <h1>{name}</h1> : name}
      <Figure
        title={capital(mechanism.name)} value={mechanism.probability} interval={mechanism.interval}
        lines={movesOf(report, mechanism.id)} sources={sourcesOf(report, mechanism.id)}
      />
      {first && <Summary id={mechanism.id} />}
      <Band value={mechanism.probability} interval={mechanism.interval} tone={toneOf(mechanism.id)} />
    </li>
  )
}

export function Mechanisms({ report }: { report: Report }) {
  const w = useWords()
  const patient = useStore((s) => s.reader === 'patient')
  const [first, ...others] = report.mechanisms
  if (!first) return null
  const shown = others.filter((m) => m.probability >= SHOWN).slice(0, MOST - 1)
  const rest = others.find((m) => !shown.includes(m))
  return (
    <section class="mechanisms">
      <p class="eyebrow">{w.mostLikely}</p>
      <ul class="rows">
        <Row key={first.id} mechanism={first} report={report} first />
        {shown.map((m) => <Row key={m.id} mechanism={m} report={report} />)}
      </ul>
      {rest && <p class="soft rest">{w.anythingElse((patient ? frequency : percent)(rest.probability, w))}</p>}
      {report.unresolved.map((u) => (
        <p key={u.mechanisms.join()} class="unresolved">
          <strong>{w.unresolved}:</strong>{' '}
          {u.mechanisms.map((id) => report.mechanisms.find((m) => m.id === id)?.name ?? id).join(w.or)}. {u.text}{' '}
          {u.same_plan && w.samePlan}
        </p>
      ))}
    </section>
  )
}
