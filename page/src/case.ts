// What is known of the man: facts, each of which is a part of a case file.
import type { Case, FactKind, Understood } from './types'

export interface Fact extends Understood {
  key: number
}

// Of these a man has one: a new one takes the old one's place.
const SINGLE: readonly FactKind[] = ['age', 'partner-age', 'wish', 'onset', 'setting', 'anatomy', 'date']

// These lists count as complete once they are given (docs/case-file.md), so that the page says when
// they are not: by an entry that is left open.
const COMPLETE = ['medicines', 'operations'] as const
export type CompleteList = (typeof COMPLETE)[number]

let last = 0

const list = (part: unknown): unknown[] => (Array.isArray(part) ? part : [])

export function saysComplete(fact: Understood, key: CompleteList): boolean {
  return fact.kind === 'none' && key in fact.entry
}

function same(a: Understood, b: Understood): boolean {
  return JSON.stringify(a.entry) === JSON.stringify(b.entry)
}

export function addFacts(facts: readonly Fact[], more: readonly Understood[]): Fact[] {
  const all = [...facts]
  for (const fact of more) {
    const at = all.findIndex((f) => same(f, fact) || (f.kind === fact.kind && SINGLE.includes(f.kind)))
    const added = { ...fact, key: ++last }
    if (at < 0) all.push(added)
    else all[at] = added
  }
  return all
}

export function caseOf(facts: readonly Fact[]): Case {
  const all: Case = {}
  for (const fact of facts)
    for (const [key, value] of Object.entries(fact.entry))
      all[key] = Array.isArray(value) ? [...list(all[key]), ...value] : value
  for (const key of COMPLETE)
    if (all[key] && !facts.some((fact) => saysComplete(fact, key))) all[key] = [...list(all[key]), null]
  return all
}

// ---- the case in a link: its fragment never leaves the browser ----

export function toFragment(facts: readonly Fact[]): string {
  const bytes = new TextEncoder().encode(JSON.stringify(caseOf(facts)))
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')
  return '#case=' + btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

// The case of an address as JSON text; null when it holds none.
export function fromFragment(hash: string): string | null {
  const coded = /^#case=([\w-]+)$/.exec(hash)?.[1]
  if (!coded) return null
  try {
    const text = atob(coded.replaceAll('-', '+').replaceAll('_', '/'))
    return new TextDecoder().decode(Uint8Array.from(text, (c) => c.charCodeAt(0)))
  } catch {
    return null
  }
}
