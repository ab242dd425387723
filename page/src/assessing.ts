// Whenever what is known changes: first the quick answer, then the plan. A newer question ends the
// older one; the last answer stays until the next is there.
import * as api from './api'
import { caseOf } from './case'
import { get, listen, set, type State } from './store'

let current: AbortController | null = null

export function whatIfText(s: Pick<State, 'stopped' | 'added'>): string {
  return [...s.stopped.map((id) => `stop ${id}`), ...s.added.map((id) => `add ${id}`)].join(', ')
}

async function answer(signal: AbortSignal): Promise<void> {
  const { facts, lang } = get()
  const record = JSON.stringify(caseOf(facts))
  const whatIf = whatIfText(get())
  const options = { lang, ...(whatIf ? { whatIf } : {}) }
  set({ work: 'answer' })
  const report = await api.assess(record, { ...options, plan: 'no' }, signal)
  set({ report, fault: null, serverGone: false, work: 'plan' })
  const whole = await api.assess(record, { ...options, plan: 'yes' }, signal)
  set({ report: whole, plan: whole.plan ?? null, work: 'none' })
}

async function assess(): Promise<void> {
  current?.abort()
  const mine = (current = new AbortController())
  if (get().facts.length === 0) {
    set({ report: null, plan: null, work: 'none', fault: null })
    return
  }
  try {
    await answer(mine.signal)
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
    void assess()
  }, 1500)
}

export function startAssessing(): void {
  const known = (s: State) => [s.facts, s.lang, s.stopped, s.added] as const
  let before = known(get())
  listen(() => {
    const now = known(get())
    if (now.every((part, i) => part === before[i])) return
    before = now
    void assess()
  })
}
