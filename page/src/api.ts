// The one place that talks to the server, which is the one that served the page.
import type { Card, CardMatch, InterviewStep, Language, Leaflet, Report, Understanding } from './types'

// The server answered, and said what is wrong.
export class Refusal extends Error {
  constructor(readonly status: number, message: string) {
    super(message)
  }
}

// The server did not answer.
export class Gone extends Error {}

async function ask(path: string, init: RequestInit): Promise<Response> {
  let answer: Response
  try {
    answer = await fetch(path, { credentials: 'same-origin', cache: 'no-store', ...init })
  } catch (fault) {
    if (init.signal?.aborted) throw fault
    throw new Gone()
  }
  if (answer.ok) return answer
  const said = await answer.json().catch(() => null)
  throw new Refusal(answer.status, said?.error?.message ?? `${answer.status} ${answer.statusText}`)
}

function post(path: string, body: string, type: string, signal?: AbortSignal): Promise<Response> {
  return ask(path, { method: 'POST', body, headers: { 'Content-Type': type }, signal: signal ?? null })
}

const json = 'application/json'

export interface AssessOptions {
  lang: Language
  plan?: 'yes' | 'no'
  format?: 'json' | 'html' | 'fhir'
  for?: 'clinician' | 'patient'
  whatIf?: string
}

export async function assessText(record: string, o: AssessOptions, signal?: AbortSignal): Promise<string> {
  const query = new URLSearchParams({ lang: o.lang, format: o.format ?? 'json', plan: o.plan ?? 'yes' })
  if (o.for) query.set('for', o.for)
  if (o.whatIf) query.set('what-if', o.whatIf)
  return (await post(`/api/assess?${query}`, record, json, signal)).text()
}

export async function assess(record: string, o: AssessOptions, signal?: AbortSignal): Promise<Report> {
  return JSON.parse(await assessText(record, o, signal))
}

export async function understand(text: string, lang: Language, signal?: AbortSignal): Promise<Understanding> {
  return (await post('/api/understand', JSON.stringify({ text, lang }), json, signal)).json()
}

export async function factsOf(record: string, type: string, lang: Language, male: boolean): Promise<Understanding> {
  return (await post(`/api/facts?lang=${lang}${male ? '&anatomy=male' : ''}`, record, type)).json()
}

// The record that a health-record system has opened this page with; it is given out once.
export async function launched(id: string): Promise<string> {
  return (await ask(`/api/launch/${encodeURIComponent(id)}`, {})).text()
}

export async function interview(answers: string[], lang: Language, signal?: AbortSignal): Promise<InterviewStep> {
  return (await post('/api/interview', JSON.stringify({ lang, answers }), json, signal)).json()
}

export async function simulateSvg(causes: string[], signal?: AbortSignal): Promise<string> {
  return (await post('/api/simulate?format=svg', JSON.stringify({ causes }), json, signal)).text()
}

// ---- the server's store, where it has one ----

export interface SavedCase {
  id: string
  label: string
  saved: string
  changed: string
}

export const savedCases = async (): Promise<{ cases: SavedCase[] }> => (await ask('/api/cases', {})).json()

export const savedCase = async (id: string): Promise<string> => (await ask(`/api/cases/${encodeURIComponent(id)}`, {})).text()

// Save a case: a new one, or in the place of that of an id.
export async function saveCase(id: string | null, label: string, body: string): Promise<{ id: string }> {
  const path = `/api/cases${id ? `/${encodeURIComponent(id)}` : ''}?${new URLSearchParams({ label })}`
  return (await ask(path, { method: id ? 'PUT' : 'POST', body, headers: { 'Content-Type': json } })).json()
}

export const deleteCase = (id: string): Promise<Response> => ask(`/api/cases/${encodeURIComponent(id)}`, { method: 'DELETE' })

const kept = new Map<string, Promise<unknown>>()

// What cannot change while the server runs is asked once.
function once<T>(path: string): Promise<T> {
  const known = kept.get(path)
  if (known) return known as Promise<T>
  const asked = ask(path, {}).then((answer) => answer.json())
  kept.set(path, asked)
  asked.catch(() => kept.delete(path))
  return asked
}

export const cards = (q: string, lang: Language): Promise<{ cards: CardMatch[] }> =>
  once(`/api/cards?${new URLSearchParams({ q, lang })}`)

export const card = (id: string, lang: Language): Promise<Card> =>
  once(`/api/cards/${encodeURIComponent(id)}?lang=${lang}`)

export const leaflet = (topic: string, lang: Language): Promise<Leaflet> =>
  once(`/api/leaflet?${new URLSearchParams({ topic, lang, format: 'json' })}`)

export const leaflets = (lang: Language): Promise<{ leaflets: { id: string; name: string }[] }> =>
  once(`/api/leaflet?lang=${lang}`)

export const health = (): Promise<{ store: boolean }> => once('/healthz')

export const isUp = (): Promise<boolean> =>
  fetch('/healthz', { cache: 'no-store' }).then((answer) => answer.ok, () => false)
