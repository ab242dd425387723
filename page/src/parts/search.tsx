// One box that understands anything. While it is typed in, it shows what the words mean; Enter adds
// that, or takes the suggestion that is marked.
import { useEffect, useRef, useState } from 'preact/hooks'
import * as api from '../api'
import { lost } from '../assessing'
import { addFacts } from '../case'
import { get, set, useStore } from '../store'
import type { Misunderstood, Suggestion, Understanding } from '../types'
import { useWords } from '../words/words'

// What the server understood, and of which words: by the time it answers, more may be typed.
interface Understood extends Understanding {
  of: string
}

const NOTHING: Understood = { of: '', facts: [], not_understood: [], suggestions: [] }

// The text with its last piece replaced by a suggested name.
function completed(text: string, suggestion: Suggestion): string {
  const start = Math.max(text.lastIndexOf(','), text.lastIndexOf(';')) + 1
  const before = text.slice(0, start)
  return `${before}${before ? ' ' : ''}${suggestion.match}`
}

// The words before the first number are the name; the dose and the time behind it stay.
const renamed = (words: string, name: string): string => words.replace(/^.*?(?=\s\d|$)/, () => name)

export function Search() {
  const w = useWords()
  const lang = useStore((s) => s.lang)
  const [text, setText] = useState('')
  const [said, setSaid] = useState(NOTHING)
  const [marked, setMarked] = useState(0)
  const [open, setOpen] = useState(false)
  const box = useRef<HTMLInputElement>(null)
  const asked = useRef<AbortController | null>(null)

  async function understood(words: string): Promise<Understood> {
    asked.current?.abort()
    const mine = (asked.current = new AbortController())
    return words.trim() ? { of: words, ...(await api.understand(words, lang, mine.signal)) } : NOTHING
  }

  useEffect(() => {
    understood(text).then(
      (answer) => { setSaid(answer); setMarked(0) },
      (fault) => { if (fault instanceof api.Gone) lost() },
    )
  }, [text, lang])

  // What is entered is asked for by itself: typing on does not call it off.
  async function add(words: string) {
    let answer: Understood
    try {
      answer = { of: words, ...(await api.understand(words, lang)) }
    } catch (fault) {
      if (fault instanceof api.Gone) lost()
      return
    }
    set({ facts: addFacts(get().facts, answer.facts) })
    const left = answer.not_understood.map((part) => part.text).join(', ')
    setText(left)
    setSaid(left ? { ...answer, facts: [] } : NOTHING)
    setOpen(left !== '')
    box.current?.focus()
  }

  const stale = said.of !== text
  const known = said.facts.length > 0
  const suggestions = said.suggestions.filter((s) => !said.facts.some((f) => f.id === s.id))
  const rows = (known ? 1 : 0) + suggestions.length
  const shown = open && text.trim() !== '' && rows > 0

  function take(row: number) {
    const suggestion = suggestions[known ? row - 1 : row]
    void add(known && row === 0 ? text : suggestion ? completed(text, suggestion) : text)
  }

  function onKey(e: KeyboardEvent) {
    if (e.isComposing) return
    if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
      e.preventDefault()
      setOpen(true)
      setMarked((marked + (e.key === 'ArrowDown' ? 1 : rows - 1)) % Math.max(rows, 1))
    } else if (e.key === 'Enter' && text.trim()) {
      e.preventDefault()
      if (shown && !stale) take(marked)
      else void add(text)
    } else if (e.key === 'Escape') setOpen(false)
  }

  const nearest = (part: Misunderstood, name: string) => (
    <button
      key={name} type="button" class="link near"
      onClick={() => { setText(text.replace(part.text, renamed(part.text, name))); setOpen(true); box.current?.focus() }}
    >{name}</button>
  )

  const row = (i: number, part: preact.ComponentChildren) => (
    <li
      key={i} id={`row-${i}`} role="option" aria-selected={marked === i}
      onMouseEnter={() => setMarked(i)} onMouseDown={(e) => { e.preventDefault(); take(i) }}
    >{part}</li>
  )

  return (
    <div class="search">
      <label for="box">{w.known}</label>
      <input
        id="box" ref={box} type="text" role="combobox" autocomplete="off" spellcheck={false}
        enterkeyhint="done" placeholder={w.placeholder} value={text} aria-expanded={shown}
        aria-controls="rows" aria-autocomplete="list" aria-describedby="box-help"
        {...(shown ? { 'aria-activedescendant': `row-${marked}` } : {})}
        onInput={(e) => { setText(e.currentTarget.value); setOpen(true) }}
        onKeyDown={onKey} onBlur={() => setOpen(false)}
      />
      <ul id="rows" role="listbox" aria-label={w.suggestions} hidden={!shown}>
        {known && row(0, <><span class="verb">{w.add}</span> {said.facts.map((f) => f.text).join(' · ')}</>)}
        {suggestions.map((s, i) => row(i + (known ? 1 : 0), (
          <><span>{s.match}</span>{s.match !== s.name && <span class="soft"> {s.name}</span>}
            <span class="kind">{w.kinds[s.kind]}</span></>
        )))}
      </ul>
      <p id="box-help" class="help" role="status">
        {!shown && text.trim() && said.not_understood.map((part) => (
          <span key={part.text}>
            {w.misunderstood({ ...part, nearest: [] })}{' '}
            {part.nearest.length > 0 && <>{w.didYouMean} {part.nearest.map((name) => nearest(part, name))}</>}
          </span>
        ))}
      </p>
    </div>
  )
}
