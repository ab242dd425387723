import { set, useStore, type State } from '../store'
import type { View } from '../routing'
import { useWords } from '../words/words'
import { Keep } from './keep'

interface SwitchProps<K extends 'lang' | 'reader'> {
  name: K
  label: string
  choices: { value: State[K]; text: string; title?: string }[]
}

// What is imagined stopped or given is for clinicians.
const NOTHING_IMAGINED: Partial<State> = { stopped: [], added: [] }

// Two values, one of which holds.
function Switch<K extends 'lang' | 'reader'>({ name, label, choices }: SwitchProps<K>) {
  const value = useStore((s) => s[name])
  return (
    <div class="switch" role="radiogroup" aria-label={label}>
      {choices.map((choice) => (
        <label key={choice.value} class={choice.value === value ? 'on' : ''} title={choice.title}>
          <input
            type="radio" name={name} checked={choice.value === value}
            onChange={() => set({ [name]: choice.value, ...(choice.value === 'patient' ? NOTHING_IMAGINED : {}) } as unknown as Partial<State>)}
          />
          <span lang={choice.value === 'es' || choice.value === 'en' ? choice.value : undefined}>{choice.text}</span>
        </label>
      ))}
    </div>
  )
}

function clear() {
  set({ facts: [], notUnderstood: [], stopped: [], added: [], fault: null, unstated: null, pictured: null, saved: null })
  history.replaceState(null, '', location.pathname)
  set({ route: '', fromLink: false })
}

export function Header({ view }: { view: View }) {
  const w = useWords()
  const hasFacts = useStore((s) => s.facts.length > 0)
  const hasStore = useStore((s) => s.hasStore)
  const here = (name: View['name']) => (view.name === name ? { 'aria-current': 'page' as const } : {})
  return (
    <header class="top">
      <a class="mark" href="#/" {...here('desk')}>
        <svg viewBox="0 0 32 32" aria-hidden="true"><path d="M22 5v8c0 8-10 5-13 14" /></svg>
        Antegrade
      </a>
      <nav aria-label={w.views}>
        <a href="#/interview" {...here('interview')}>{w.interview}</a>
        <a href="#/look-up" {...here('look-up')}>{w.lookUp}</a>
      </nav>
      <div class="tools">
        {(hasFacts || hasStore) && view.name === 'desk' && <Keep />}
        {hasFacts && <button type="button" class="quiet" onClick={clear}>{w.clear}</button>}
        <Switch name="reader" label={w.reader} choices={[
          { value: 'clinician', text: w.clinician }, { value: 'patient', text: w.patient },
        ]} />
        <Switch name="lang" label={w.language} choices={[
          { value: 'en', text: 'EN', title: 'English' }, { value: 'es', text: 'ES', title: 'Español' },
        ]} />
      </div>
    </header>
  )
}

