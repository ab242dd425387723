// What helps: odds, how soon, harms, what forbids it. Each can be imagined.
import { capital, days, intervalOf, percent } from '../numbers'
import { get, set, useStore } from '../store'
import type { Option, Plan } from '../types'
import { useWords } from '../words/words'
import { Band } from './band'
import { Figure } from './figure'

const SHOWN = 4

function toggle(id: string) {
  const { added } = get()
  set({ added: added.includes(id) ? added.filter((a) => a !== id) : [...added, id] })
}

function Odds({ option, name, what }: { option: Option; name: string; what: 'semen' | 'sperm' }) {
  const w = useWords()
  const odds = option[what]
  if (!odds || odds.value === null) return null
  const title = `${name}: ${w.odds[what]}`
  return (
    <div class="odds">
      <span>{w.odds[what]}</span>
      <Figure title={title} value={odds.value} interval={intervalOf(odds)} sources={option.sources} />
      <Band value={odds.value} interval={intervalOf(odds)} tone={what === 'semen' ? 'forward' : 'plain'} />
    </div>
  )
}

function OptionItem({ option }: { option: Option }) {
  const w = useWords()
  const imagined = useStore((s) => s.added.includes(option.id))
  const name = capital(option.name)
  const harms = option.harms.map((h) => {
    const p = h.probability?.value ?? h.value
    return p == null ? h.text : `${h.text} ${percent(p, w)}`
  })
  const canImagine = option.kind !== 'none' && option.kind !== 'retrieval' && option.standing !== 'refused' && option.id !== 'stop-medicine'
  return (
    <li class={imagined ? 'option imagined' : 'option'}>
      <div class="head">
        <h3>{name}</h3>
        <span class="soft">{option.days.value !== null && option.kind !== 'none' && w.within(days(option.days.value, w))}</span>
        {canImagine && (
          <button type="button" class="toggle" aria-pressed={imagined} onClick={() => toggle(option.id)}>
            {w.tryIt}<span class="hidden"> {option.name}</span>
          </button>
        )}
      </div>
      <Odds option={option} name={name} what="semen" />
      <Odds option={option} name={name} what="sperm" />
      {harms.length > 0 && <p class="soft">{w.harms}: {harms.join('; ')}</p>}
      {option.dose_for_clinicians && <p class="soft">{w.publishedUse}: {option.dose_for_clinicians}</p>}
      {option.notes.map((note) => <p key={note.id} class={`note ${note.effect}`}>{note.text}</p>)}
    </li>
  )
}

// What he can ask for: never what to take, to stop or to skip, which is the prescriber's to say.
function ForTheMan({ options }: { options: readonly Option[] }) {
  const w = useWords()
  const named = options.filter((o, i) => o.for_the_man && options.findIndex((p) => p.for_the_man === o.for_the_man) === i)
  if (named.length === 0) return null
  return (
    <section class="options">
      <h2>{w.doctorsOffer}</h2>
      <p>{w.askWhich}</p>
      <ul>
        {named.slice(0, SHOWN).map((o) => (
          <li key={o.id} class="option">
            <div class="head"><h3>{o.for_the_man}</h3></div>
            <Odds option={o} name={o.for_the_man!} what={o.semen ? 'semen' : 'sperm'} />
          </li>
        ))}
      </ul>
    </section>
  )
}

export function Options({ plan }: { plan: Plan }) {
  const w = useWords()
  const clinician = useStore((s) => s.reader === 'clinician')
  const open = plan.options.filter((o) => o.standing !== 'refused')
  const refused = plan.options.filter((o) => o.standing === 'refused')
  if (plan.options.length === 0) return null
  if (!clinician) return <ForTheMan options={plan.options} />
  return (
    <section class="options">
      <h2>{w.options}</h2>
      <ul>{open.slice(0, SHOWN).map((o) => <OptionItem key={o.id} option={o} />)}</ul>
      {open.length > SHOWN && (
        <details>
          <summary>{w.moreOptions(open.length - SHOWN)}</summary>
          <ul>{open.slice(SHOWN).map((o) => <OptionItem key={o.id} option={o} />)}</ul>
        </details>
      )}
      {refused.length > 0 && (
        <details>
          <summary>{w.refused(refused.length)}</summary>
          <ul>{refused.map((o) => <OptionItem key={o.id} option={o} />)}</ul>
        </details>
      )}
    </section>
  )
}
