// How each mechanism looks: how much semen goes which way (1 as it should, LITTLE less), and where
// the weak part is.
import type { Route } from '../types'

export type Flow = 'emission' | 'forward' | 'backward' | 'held'
export type Flows = Partial<Record<Flow, number>>

export interface Picture {
  flows: Flows
  weak?: Place
}

export const LITTLE = 0.3
const SEEN = 0.02

export type Place = keyof typeof PLACES

// Centre and radius in the drawing.
export const PLACES = {
  neck: [213, 172, 20],
  duct: [231, 193, 20],
  vas: [132, 120, 26],
  vesicle: [284, 160, 36],
  testis: [164, 306, 42],
  bulb: [186, 244, 30],
  urethra: [112, 244, 26],
  prostate: [214, 199, 40],
} as const

const USUAL: Picture = { flows: { emission: 1, forward: 1 } }

const PICTURES: Record<string, Picture> = {
  'retrograde-complete': { flows: { emission: 1, backward: 1 }, weak: 'neck' },
  'retrograde-partial': { flows: { emission: 1, forward: LITTLE, backward: LITTLE }, weak: 'neck' },
  'emission-failure': { flows: {}, weak: 'duct' },
  'emission-reduced': { flows: { emission: LITTLE, forward: LITTLE }, weak: 'duct' },
  'expulsion-failure': { flows: { emission: 1, held: 1 }, weak: 'bulb' },
  'duct-obstruction-complete': { flows: { forward: LITTLE }, weak: 'duct' },
  'duct-obstruction-partial': { flows: { emission: LITTLE, forward: LITTLE }, weak: 'duct' },
  'duct-obstruction-one-side': { flows: { emission: LITTLE, forward: 1 }, weak: 'duct' },
  'absent-vas': { flows: { forward: LITTLE }, weak: 'vas' },
  'gland-secretion-reduced': { flows: { emission: LITTLE, forward: LITTLE }, weak: 'vesicle' },
  'glands-removed': { flows: {}, weak: 'prostate' },
  'androgen-deficiency': { flows: { emission: LITTLE, forward: LITTLE }, weak: 'testis' },
  'urethral-obstruction': { flows: { emission: 1, held: 1, forward: LITTLE }, weak: 'urethra' },
  anorgasmia: { flows: {} },
  'short-abstinence': { flows: { emission: LITTLE, forward: LITTLE } },
}

export const pictureOf = (mechanism: string | null): Picture => PICTURES[mechanism ?? ''] ?? USUAL

// The colour of a mechanism: where the semen goes.
export function toneOf(mechanism: string): 'forward' | 'backward' | 'held' | 'none' {
  const { flows } = pictureOf(mechanism)
  if (flows.backward) return 'backward'
  if (flows.held) return 'held'
  return flows.forward ? 'forward' : 'none'
}

// His own: each way as strong as its probability. Semen that goes both ways counts half for each.
export function flowsOf(routes: Route[]): Flows {
  const p = (id: Route['id']) => routes.find((route) => route.id === id)?.probability ?? 0
  const all: Flows = {
    emission: 1 - p('none'),
    forward: p('forward') + p('split') / 2,
    backward: p('backward') + p('split') / 2,
    held: p('retained'),
  }
  return Object.fromEntries(Object.entries(all).filter(([, share]) => share >= SEEN))
}
