// How each mechanism looks: how much semen goes which way (0 none, 1 little, 2 as it should), and
// where the weak part is.
export type Amount = 0 | 1 | 2
export type Flow = 'emission' | 'forward' | 'backward' | 'held'

export interface Picture {
  flows: Partial<Record<Flow, Amount>>
  weak?: Place
}

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

const USUAL: Picture = { flows: { emission: 2, forward: 2 } }

const PICTURES: Record<string, Picture> = {
  'retrograde-complete': { flows: { emission: 2, backward: 2 }, weak: 'neck' },
  'retrograde-partial': { flows: { emission: 2, forward: 1, backward: 1 }, weak: 'neck' },
  'emission-failure': { flows: {}, weak: 'duct' },
  'emission-reduced': { flows: { emission: 1, forward: 1 }, weak: 'duct' },
  'expulsion-failure': { flows: { emission: 2, held: 2 }, weak: 'bulb' },
  'duct-obstruction-complete': { flows: { forward: 1 }, weak: 'duct' },
  'duct-obstruction-partial': { flows: { emission: 1, forward: 1 }, weak: 'duct' },
  'duct-obstruction-one-side': { flows: { emission: 1, forward: 2 }, weak: 'duct' },
  'absent-vas': { flows: { forward: 1 }, weak: 'vas' },
  'gland-secretion-reduced': { flows: { emission: 1, forward: 1 }, weak: 'vesicle' },
  'glands-removed': { flows: {}, weak: 'prostate' },
  'androgen-deficiency': { flows: { emission: 1, forward: 1 }, weak: 'testis' },
  'urethral-obstruction': { flows: { emission: 2, held: 2, forward: 1 }, weak: 'urethra' },
  anorgasmia: { flows: {} },
  'short-abstinence': { flows: { emission: 1, forward: 1 } },
}

export const pictureOf = (mechanism: string | null): Picture => PICTURES[mechanism ?? ''] ?? USUAL

// The colour of a mechanism: where the semen goes.
export function toneOf(mechanism: string): 'forward' | 'backward' | 'held' | 'none' {
  const { flows } = pictureOf(mechanism)
  if (flows.backward) return 'backward'
  if (flows.held) return 'held'
  return flows.forward ? 'forward' : 'none'
}
