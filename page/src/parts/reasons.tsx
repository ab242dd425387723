// What speaks for the leading mechanism, and what does not fit, by weight.
import { factor } from '../numbers'
import { set, useStore } from '../store'
import type { Finding, Report } from '../types'
import { useWords } from '../words/words'

const WORTH_SAYING = 0.18 // a factor of 1.2
const DOTS = 6

const dots = (strength: number): number => Math.max(1, Math.min(DOTS, Math.round(Math.abs(strength) / 0.5)))

function List({ title, findings, id }: { title: string; findings: Finding[]; id: string }) {
  const w = useWords()
  const reader = useStore((s) => s.reader)
  const shown = findings
    .map((f) => ({ ...f, strength: f.log_odds[id] ?? 0 }))
    .sort((a, b) => Math.abs(b.strength) - Math.abs(a.strength))
  return (
    <div>
      <h2>{title}</h2>
      {shown.length === 0 && <p class="soft">{w.nothing}</p>}
      <ul class="reasons">
        {shown.map((f) => (
          <li key={f.id + f.text} class={f.strength < 0 ? 'against' : 'for'}>
            <span>{f.text}</span>
            <button
              type="button" class="weight" title={w.evidence}
              onClick={() => set({ evidence: { title: f.text, number: factor(f.strength), lines: [], sources: f.sources } })}
            >
              <svg width={DOTS * 9} height="9" aria-hidden="true">
                {Array.from({ length: DOTS }, (_, i) => (
                  <circle key={i} class={i < dots(f.strength) ? 'on' : 'off'} cx={i * 9 + 4} cy="4.5" r="3" />
                ))}
              </svg>
              <span class={reader === 'clinician' ? 'number' : 'hidden'}>{factor(f.strength)}</span>
              <span class="hidden">{f.text}: {w.evidence}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}

export function Reasons({ report }: { report: Report }) {
  const w = useWords()
  const id = report.mechanisms[0]?.id ?? ''
  const weigh = (f: Finding) => f.log_odds[id] ?? 0
  const missing = report.missing.filter((m) => m.mechanism === id)
  return (
    <section class="two">
      <List title={w.speaksFor} id={id} findings={report.findings.filter((f) => weigh(f) >= WORTH_SAYING)} />
      <List title={w.doesNotFit} id={id} findings={report.findings.filter((f) => weigh(f) <= -WORTH_SAYING)} />
      {missing.length > 0 && <p class="soft missing">{w.notKnownYet}: {missing.map((m) => m.name).join(', ')}</p>}
    </section>
  )
}
