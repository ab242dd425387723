// Whenever what is known changes: first the quick answer, then the plan. A newer question ends the
// older one; the last answer stays until the next is there.
import * as api from './api'
import { caseOf } from './case'
import { get, listen, set, type State } from './store'

let current: AbortController | null = null

export function whatIfText(s: Pick<State, 'stopped' | 'added'>): string {
  return [...s.stopped.map((id) => `stop ${id}`), ...s.added.map((id) => `add ${id}`)].join(', ')
}

// What is asked anew: all of it, or only what is imagined.
type Changed = 'known' | 'imagined'

async function answer(changed: Changed, signal: AbortSignal): Promise<void> {
  const { facts, lang, plan } = get()
  const record = JSON.stringify(caseOf(facts))
  const whatIf = whatIfText(get())
  if (changed === 'known') {
    set({ work: 'answer' })
    set({ report: await api.assess(record, { lang, plan: 'no' }, signal), fault: null, serverGone: false })
  }
  set(whatIf ? { work: 'what-if' } : { whatIf: null })
  if (whatIf) set({ whatIf: (await api.assess(record, { lang, plan: 'no', whatIf }, signal)).what_if ?? null, fault: null })
  if (changed === 'known' || planOf !== facts || !plan) {
    set({ work: 'plan' })
    const whole = await api.assess(record, { lang, plan: 'yes' }, signal)
    planOf = facts
    set({ report: whole, plan: whole.plan ?? null })
  }
  set({ work: 'none' })
}

// The facts that the plan was made of.
let planOf: readonly unknown[] | null = null

async function assess(changed: Changed): Promise<void> {
  current?.abort()
  const mine = (current = new AbortController())
  if (get().facts.length === 0) {
    set({ report: null, plan: null, whatIf: null, work: 'none', fault: null })
    return
  }
  try {
    await answer(changed, mine.signal)
  } catch (fault) {
    if (mine.signal.aborted) return
    if (fault instanceof api.Gone) lost()
    else set({ work: 'none', fault: fault instanceof Error ? fault.message : String(fault) })
  }
}

// The server is gone: ask until it is back, then answer what is known by then.
export function lost(): void {
  if (get().serverGone) return
  set({ serverGone: true, work: 'none' })
  const timer = setInterval(async () => {
    if (!(await api.isUp())) return
    clearInterval(timer)
    set({ serverGone: false })
    void assess('known')
  }, 1500)
}

export function startAssessing(): void {
  let { facts, lang, stopped, added } = get()
  listen(() => {
    const now = get()
    const known = now.facts !== facts || now.lang !== lang
    if (!known && now.stopped === stopped && now.added === added) return
    ;({ facts, lang, stopped, added } = now)
    void assess(known ? 'known' : 'imagined')
  })
}
