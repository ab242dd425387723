// All that the page knows, in one place. Parts read it with useStore and change it with set.
import { useLayoutEffect, useReducer, useRef } from 'preact/hooks'
import type { Fact } from './case'
import type { Language, Misunderstood, Plan, Reader, Report, WhatIf } from './types'

// What a reader may ask to see the evidence of.
export interface Shown {
  title: string
  number: string
  lines: { text: string; number: string; strength: number }[]
  sources: string[]
}

export interface State {
  lang: Language
  reader: Reader
  route: string
  facts: Fact[]
  notUnderstood: Misunderstood[] // of a record that was read
  stopped: string[] // ids of medicines that are imagined stopped
  added: string[] // ids of treatments that are imagined given
  report: Report | null
  plan: Plan | null // of this report, or of the one before while the next is worked out
  whatIf: WhatIf | null
  work: 'none' | 'answer' | 'what-if' | 'plan'
  fault: string | null
  unstated: { fault: string; record: string } | null // a record refused with this fault for want of his sex
  serverGone: boolean
  pictured: string | null // the mechanism that is drawn, when the reader points at one
  evidence: Shown | null
  fromLink: boolean
  hasStore: boolean // the server can keep cases
  saved: { id: string; label: string } | null // the case kept there that these facts come from
}

const spanish = typeof navigator !== 'undefined' && navigator.language.startsWith('es')

let state: State = {
  lang: spanish ? 'es' : 'en',
  reader: 'clinician',
  route: location.hash,
  facts: [],
  notUnderstood: [],
  stopped: [],
  added: [],
  report: null,
  plan: null,
  whatIf: null,
  work: 'none',
  fault: null,
  unstated: null,
  serverGone: false,
  pictured: null,
  evidence: null,
  fromLink: false,
  hasStore: false,
  saved: null,
}

const listeners = new Set<() => void>()

export const get = (): State => state

export function set(change: Partial<State>): void {
  state = { ...state, ...change }
  for (const tell of listeners) tell()
}

export function listen(tell: () => void): () => void {
  listeners.add(tell)
  return () => listeners.delete(tell)
}

export function useStore<T>(pick: (state: State) => T): T {
  const [, redraw] = useReducer((n: number) => n + 1, 0)
  const value = pick(state)
  const drawn = useRef({ pick, value })
  drawn.current = { pick, value }
  useLayoutEffect(() => {
    const look = () => {
      if (!Object.is(drawn.current.pick(state), drawn.current.value)) redraw(0)
    }
    look()
    return listen(look)
  }, [])
  return value
}
