// What the server answers, as far as the page uses it: docs/report.schema.json and /api/openapi.json.

export type Language = 'en' | 'es'
export type Reader = 'clinician' | 'patient'

export type Interval = [number, number]

export interface Estimate {
  value: number | null
  low: number | null
  high: number | null
}

export interface Mechanism {
  id: string
  name: string
  probability: number
  interval: Interval
}

// Which way the semen goes; `split` is both forward and into the bladder.
export interface Route {
  id: 'forward' | 'split' | 'backward' | 'retained' | 'none'
  probability: number
  interval: Interval
}

export interface Cause extends Mechanism {
  mechanism: string | null
  recorded: string | null
  without?: { probability: number; interval: Interval }
  sources: string[]
}

// What takes no semen away, and fails all the same.
export interface Also {
  function: string
  text: string
  probability: number
  interval: Interval
  because?: Mechanism
}

export interface Finding {
  id: string
  text: string
  log_odds: Record<string, number>
  sources: string[]
}

export interface Unresolved {
  mechanisms: string[]
  probability: number
  interval: Interval
  same_plan: boolean
  text: string | null
}

export interface Note {
  id: string
  effect: string
  text: string
  clinician: boolean
  because: string | null
}

export interface FlagTold {
  id: string
  urgency: 'same-day' | 'urgent' | 'soon'
  see: string
  text: string
}

export interface Flag extends FlagTold {
  name: string
  present: boolean
  sources: string[]
}

export interface TestResult {
  text: string
  probability: number
  mechanism: string | null
  mechanism_probability: number
}

export interface NextTest {
  id: string
  name: string
  kind: string
  worth: boolean
  standing: string
  days: number
  by: string
  results: TestResult[]
  notes: Note[]
}

export interface Option {
  id: string
  name: string
  kind: string
  standing: string
  semen?: Estimate
  sperm?: Estimate
  harms: { text: string; value?: number; low?: number; high?: number; probability?: Estimate }[]
  days: Estimate
  off_label: boolean
  by: string
  dose_for_clinicians: string | null
  for_the_man: string | null
  notes: Note[]
  sources: string[]
}

export interface Child {
  method: 'natural' | 'insemination' | 'ivf' | 'icsi'
  source: string
  cycle: string
  live_birth: Estimate
  cumulative: Estimate
  cycles: number
}

export interface Plan {
  flags: Flag[]
  tests: NextTest[]
  no_further_test: boolean
  options: Option[]
  sperm_sources: { id: string; name: string; offered: boolean; why_not: string | null }[]
  child: Child[]
  child_notes: Note[]
}

export interface WhatIf {
  text: string
  lines: { id: string; name: string; before: Estimate; after: Estimate }[]
  notes: Note[]
}

export interface Source {
  number: number
  id: string
  citation: string
  statement: string | null
  pmid: string | null
  doi: string | null
}

export interface Report {
  notice: string
  mechanisms: Mechanism[]
  routes: Route[]
  causes: Cause[]
  also: Also[]
  findings: Finding[]
  missing: { id: string; name: string; mechanism: string }[]
  unresolved: Unresolved[]
  plan?: Plan
  what_if?: WhatIf
  unused: { text: string; why: string; nearest: string[] }[]
  contradictions: string[]
  sources: Source[]
  knowledge: { version: string; date: string }
}

// A case file (docs/case-file.md), or a part of one.
export type Case = Record<string, unknown>

export type FactKind =
  | 'age' | 'partner-age' | 'wish' | 'onset' | 'setting' | 'anatomy' | 'none' | 'tried' | 'date'
  | 'medicine' | 'operation' | 'condition' | 'symptom' | 'sign' | 'test'

export interface Understood {
  kind: FactKind
  id: string | null
  name: string | null
  text: string
  denied: boolean
  since: string | null
  until: string | null
  note: string | null
  entry: Case
}

export interface Suggestion {
  kind: FactKind
  id: string
  name: string
  match: string
}

export interface Misunderstood {
  text: string
  reason: 'unknown' | 'words' | 'diagnosis' | 'value' | 'unclear' | 'unused'
  message: string
  nearest: string[]
}

export interface Understanding {
  facts: Understood[]
  not_understood: Misunderstood[]
  suggestions: Suggestion[]
}

export interface Question {
  id: string
  text: string
  why: string
  kind: 'yes-no' | 'choice' | 'number' | 'time' | 'list' | 'several'
  choices: string[]
}

export interface InterviewStep {
  question: Question | null
  estimate: string | null
  case: string
  flags: FlagTold[]
  unused?: { text: string; nearest: string[] }[]
  error?: string
}

export interface CardMatch {
  id: string
  kind: string
  name: string
  match: string
  leaflet?: string
}

export interface Evidence {
  id: string
  subject?: string
  outcome?: string
  statement?: string
  population?: string
  events?: number
  total?: number
  source: { first_author?: string; title?: string; journal?: string; year?: number; pmid?: string; doi?: string }
}

export interface Card {
  card: string
  id: string
  name: string
  names: Record<Language, string[]>
  summary?: Partial<Record<Language, string>>
  codes?: Record<string, string[]>
  kind?: string
  note?: string
  sources?: Evidence[]
  leaflet?: string
}

export interface Leaflet {
  id: string
  name: string
  html: string
}
