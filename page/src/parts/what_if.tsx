// The same man before and after what is imagined.
import { capital, intervalOf } from '../numbers'
import { set, useStore } from '../store'
import type { Estimate } from '../types'
import { useWords } from '../words/words'
import { Band } from './band'
import { Figure } from './figure'

export function WhatIfBox() {
  const w = useWords()
  const whatIf = useStore((s) => s.whatIf)
  const isOld = useStore((s) => s.work === 'what-if')
  const clinician = useStore((s) => s.reader === 'clinician')
  const row = (title: string, when: 'before' | 'after', e: Estimate) =>
    e.value !== null && (
      <div class="odds">
        <span class="soft">{w[when]}</span>
        <Figure title={`${title}, ${w[when]}`} value={e.value} interval={intervalOf(e)} sources={[]} />
        <Band value={e.value} interval={intervalOf(e)} tone={when === 'after' ? 'forward' : 'none'} />
      </div>
    )
  return (
    <section class="what-if" aria-label={w.whatIf} aria-busy={isOld}>
      <div class="head">
        <h2>{w.whatIf}: {isOld || !whatIf ? w.thinking : whatIf.text}</h2>
        <button type="button" class="link" onClick={() => set({ stopped: [], added: [] })}>{w.undo}</button>
      </div>
      {whatIf?.lines.map((line) => (
        <div key={line.id} class="compare">
          <h3>{capital(line.name)}</h3>
          {row(line.name, 'before', line.before)}
          {row(line.name, 'after', line.after)}
        </div>
      ))}
      {whatIf?.notes.filter((n) => clinician || !n.clinician).map((n) => <p key={n.id} class={`note ${n.effect}`}>{w.effects[n.effect] ?? ''}{n.text}</p>)}
    </section>
  )
}
