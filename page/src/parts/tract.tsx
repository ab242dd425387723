// The tract in side view, the man facing left. Semen is dots that move in the pulses of orgasm,
// 0.8 s apart; the weak part glows.
import outlines from '../../../share/tract-outlines.json'
import { frequency, percent } from '../numbers'
import { useStore } from '../store'
import { useWords } from '../words/words'
import { LITTLE, PLACES, flowsOf, pictureOf, type Flow, type Flows } from './tract_pictures'

const WAYS: Record<Flow, string[]> = {
  emission: [outlines.way_glands, outlines.sperm_duct], forward: [outlines.way_forward],
  backward: [outlines.way_backward], held: [outlines.way_held],
}
const FEW = 0.35 // below this share the dots stand apart
const WAYS_OUT = ['forward', 'backward', 'held'] as const

function Organs() {
  return (
    <>
      <path class="trunk" d="M92 -6C76 66 96 130 120 180C126 194 136 204 150 211L132 260L196 260C212 284 222 320 224 362L404 362C392 300 410 214 390 132C380 94 388 44 402 -6Z" />
      <path class="body" d={outlines.scrotum} />
      <path class="body" d={`${outlines.penis}L196 250Z`} />
      <ellipse class="bone" {...outlines.bone} />
      <path class="organ" d="M166 220C180 222 190 228 196 234C208 244 200 262 180 262C166 262 158 252 157 240C156 228 158 219 166 220Z" />
      <path class="organ bladder" d={outlines.bladder} />
      <path class="duct" d={outlines.sperm_duct} />
      <path class="organ" d={outlines.vesicle} />
      <path class="organ" d={outlines.prostate} />
      <path class="duct" d={outlines.ejaculatory_duct} />
      <ellipse class="sphincter" {...outlines.sphincter_left} />
      <ellipse class="sphincter" {...outlines.sphincter_right} />
      <ellipse class="organ" {...outlines.testis} />
      <path class="organ" d={outlines.epididymis} />
      <path class="wall" d={outlines.urethra} />
      <path class="lumen" d={outlines.urethra} />
    </>
  )
}

function Labels() {
  const w = useWords()
  const label = (x: number, y: number, end: boolean, line: string, text: string) => (
    <g key={text}>
      {line && <path class="leader" d={line} />}
      <text x={x} y={y} class={end ? 'end' : undefined}>{text}</text>
    </g>
  )
  return (
    <g class="labels">
      <text x="213" y="104" class="middle">{w.organs.bladder}</text>
      {label(76, 96, true, 'M131 112L80 93', w.organs.vas)}
      {label(76, 150, true, 'M205 171L80 147', w.organs.neck)}
      {label(334, 126, false, 'M314 141L330 124', w.organs.vesicle)}
      {label(298, 192, false, 'M241 187L294 188', w.organs.duct)}
      {label(298, 218, false, 'M243 210L294 214', w.organs.prostate)}
      {label(298, 244, false, 'M223 243L294 240', w.organs.sphincter)}
      {label(50, 206, true, 'M104 241L54 205', w.organs.urethra)}
      {label(236, 330, false, 'M190 316L232 326', w.organs.testis)}
    </g>
  )
}

// A way and its name; of his own flow with its probability, of a mechanism with whether it is little.
function Legend({ flows, his }: { flows: Flows; his: boolean }) {
  const w = useWords()
  const reader = useStore((s) => s.reader)
  const number = (share: number) => (reader === 'patient' ? frequency : percent)(share, w)
  const none = 1 - (flows.emission ?? 0)
  return (
    <ul class="legend">
      {WAYS_OUT.filter((flow) => flows[flow]).map((flow) => (
        <li key={flow} class={flow}>
          {w.flows[flow]} <span class="soft">{his ? number(flows[flow] ?? 0) : flows[flow] === LITTLE && w.little}</span>
        </li>
      ))}
      {none > 0.02 && (his || !flows.forward) && (
        <li class="none">{w.flows.none} {his && <span class="soft">{number(none)}</span>}</li>
      )}
    </ul>
  )
}

export function Tract() {
  const w = useWords()
  const report = useStore((s) => s.report)
  const pictured = useStore((s) => s.pictured)
  const id = pictured ?? report?.mechanisms[0]?.id ?? null
  const name = report?.mechanisms.find((m) => m.id === id)?.name
  const picture = pictureOf(id)
  const his = !pictured && report !== null && report.routes.length > 0
  const flows = his ? flowsOf(report.routes) : picture.flows
  const { weak } = picture
  const said = WAYS_OUT.filter((flow) => flows[flow]).map((flow) => w.flows[flow]).join(', ') || w.flows.none
  return (
    <figure class="tract">
      <svg viewBox="-74 0 540 356" role="img" aria-label={`${w.tract}: ${name ?? w.usual}; ${said}`}>
        <defs>
          <radialGradient id="glow">
            <stop offset="0" class="glow-in" />
            <stop offset="1" class="glow-out" />
          </radialGradient>
          <linearGradient id="trunk" x1="0" y1="0" x2="0" y2="1">
            <stop offset="0" class="trunk-out" />
            <stop offset="0.2" class="trunk-in" />
            <stop offset="0.72" class="trunk-in" />
            <stop offset="1" class="trunk-out" />
          </linearGradient>
        </defs>
        <Organs />
        {weak && <circle class="glow" cx={PLACES[weak][0]} cy={PLACES[weak][1]} r={PLACES[weak][2] * 1.5} />}
        {weak && <circle class="weak" cx={PLACES[weak][0]} cy={PLACES[weak][1]} r={PLACES[weak][2]} />}
        {(Object.keys(WAYS) as Flow[]).filter((flow) => flows[flow]).flatMap((flow) => WAYS[flow].map((d) => (
          <path
            key={flow + d} d={d} class={`dots ${flow} ${(flows[flow] ?? 0) < FEW ? 'little' : ''}`}
            stroke-width={flow === 'emission' ? 3 : 2.5 + 3.5 * (flows[flow] ?? 0)}
          />
        )))}
        {flows.forward && <path class="arrow forward" d={outlines.arrow_forward} />}
        {flows.backward && <path class="arrow backward" d={outlines.arrow_backward} />}
        <Labels />
      </svg>
      <figcaption>
        <Legend flows={flows} his={his} />
        <span class="soft">{his ? '' : name ?? w.usual}</span>
      </figcaption>
    </figure>
  )
}
