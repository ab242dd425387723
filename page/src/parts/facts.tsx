// What is known, as chips by kind. Each can be taken out; a medicine can be imagined stopped.
import { addFacts, saysComplete, type CompleteList, type Fact } from '../case'
import { dateText } from '../numbers'
import { cardAddress } from '../routing'
import { get, set, useStore } from '../store'
import type { FactKind, Language } from '../types'
import type { Words } from '../words/en'
import { useWords } from '../words/words'

const GROUPS = [
  { name: 'person', kinds: ['age', 'anatomy', 'partner-age', 'wish', 'setting', 'onset', 'date'] },
  { name: 'medicines', kinds: ['medicine'], complete: 'medicines' },
  { name: 'operations', kinds: ['operation'], complete: 'operations' },
  { name: 'conditions', kinds: ['condition'] },
  { name: 'symptoms', kinds: ['symptom'] },
  { name: 'exam', kinds: ['sign'] },
  { name: 'tests', kinds: ['test'] },
  { name: 'tried', kinds: ['tried'] },
] as const satisfies readonly { name: string; kinds: readonly FactKind[]; complete?: CompleteList }[]

function remove(fact: Fact) {
  const { facts, stopped } = get()
  set({ facts: facts.filter((f) => f !== fact), stopped: stopped.filter((id) => id !== fact.id) })
  document.getElementById('box')?.focus()
}

function toggleStopped(id: string) {
  const { stopped } = get()
  set({ stopped: stopped.includes(id) ? stopped.filter((s) => s !== id) : [...stopped, id] })
}

// "Dec 2020 to Mar 2021"; of an end that is known to some years only the last of them is told.
function whenText(fact: Fact, lang: Language, w: Words): string {
  const since = fact.since && dateText(fact.since, lang)
  const [first, last] = (fact.until ?? '').split('/')
  const unsure = last && first && /^\d{4}/.test(last) && first.slice(0, 4) !== last.slice(0, 4)
  return unsure ? w.endedBy(since, last.slice(0, 4)) : w.fromTo(since, fact.until && dateText(fact.until, lang))
}

function Chip({ fact }: { fact: Fact }) {
  const w = useWords()
  const lang = useStore((s) => s.lang)
  const stopped = useStore((s) => fact.id !== null && s.stopped.includes(fact.id))
  const named = fact.name && !fact.text.toLowerCase().includes(fact.name.toLowerCase())
  const text = w.factText(fact)
  const when = fact.since && text.includes(fact.since.slice(0, 4)) ? '' : whenText(fact, lang, w)
  const clinician = useStore((s) => s.reader === 'clinician') // a man stops nothing on his own
  const canStop = clinician && fact.kind === 'medicine' && !fact.denied && !fact.until && fact.id
  return (
    <li class={stopped ? 'chip stopped' : 'chip'}>
      <span class="what">
        {fact.id ? <a href={cardAddress(fact.id)}>{text}</a> : text}
        {named && <span class="soft"> {fact.name}</span>}
        {fact.note && <span class="soft note"> {fact.note}</span>}
      </span>
      <button type="button" class="remove" aria-label={w.remove(text)} title={w.remove(text)} onClick={() => remove(fact)}>
        <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M4 4l8 8M12 4l-8 8" /></svg>
      </button>
      {(when || canStop) && (
        <span class="more">
          {when && <span class="when">{when}</span>}
          {canStop && (
            <button type="button" class="toggle" aria-pressed={stopped} title={w.stopMore} onClick={() => toggleStopped(fact.id!)}>
              {w.stop}<span class="hidden"> {fact.name}</span>
            </button>
          )}
        </span>
      )}
    </li>
  )
}

// "That is all": a list that is complete says what he does not take.
function Complete({ list }: { list: CompleteList }) {
  const w = useWords()
  const complete = useStore((s) => s.facts.some((fact) => saysComplete(fact, list)))
  const toggle = () => {
    const rest = get().facts.filter((fact) => !saysComplete(fact, list))
    const none = {
      kind: 'none' as const, id: null, name: null, text: list, denied: false,
      since: null, until: null, note: null, entry: { [list]: [] },
    }
    set({ facts: complete ? rest : addFacts(rest, [none]) })
  }
  return (
    <label class="complete">
      <input type="checkbox" checked={complete} onChange={toggle} /> {w.complete[list]}
    </label>
  )
}

export function Facts() {
  const w = useWords()
  const facts = useStore((s) => s.facts)
  const notUnderstood = useStore((s) => s.notUnderstood)
  if (facts.length === 0) return null
  return (
    <div class="facts">
      {GROUPS.map((group) => {
        const these = facts.filter((fact) => (group.kinds as readonly FactKind[]).includes(fact.kind))
        const list = 'complete' in group ? group.complete : null
        if (these.length === 0 && !list) return null
        return (
          <section key={group.name} aria-label={w.groups[group.name]}>
            <h2>{w.groups[group.name]}</h2>
            {these.length > 0 && <ul>{these.map((fact) => <Chip key={fact.key} fact={fact} />)}</ul>}
            {list && <Complete list={list} />}
          </section>
        )
      })}
      {notUnderstood.length > 0 && (
        <details class="unused">
          <summary>{w.notUsed(notUnderstood.length)}</summary>
          <ul>{notUnderstood.map((part) => <li key={part.text}>{w.misunderstood(part)}</li>)}</ul>
        </details>
      )}
    </div>
  )
}
