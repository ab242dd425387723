// The tract in side view, the man facing left. Semen is dots that move in the pulses of orgasm,
// 0.8 s apart; the weak part glows.
import { frequency, percent } from '../numbers'
import { useStore } from '../store'
import { useWords } from '../words/words'
import { LITTLE, PLACES, flowsOf, pictureOf, type Flow, type Flows } from './tract_pictures'

// The outlines are those of the report's drawing (src/report/anatomy.c).
const URETHRA = 'M213 172C213 198 212 216 205 233C196 252 166 248 143 237C113 224 98 246 84 314'
const FORWARD = 'M213 204C212 216 210 224 205 233C196 252 166 248 143 237C113 224 98 246 80 334'
const BACKWARD = 'M213 204C213 190 213 160 213 122'
const HELD = 'M213 204C212 216 210 224 205 233C196 252 166 248 143 237'
const GLANDS = 'M296 149C276 156 258 174 250 180L215 203'
const VAS = 'M191 306C220 288 152 240 129 178C110 120 160 42 232 47C306 53 304 136 250 179'
const WAYS: Record<Flow, string[]> = { emission: [GLANDS, VAS], forward: [FORWARD], backward: [BACKWARD], held: [HELD] }
const FEW = 0.35 // below this share the dots stand apart
const WAYS_OUT = ['forward', 'backward', 'held'] as const

function Organs() {
  return (
    <>
      <path class="trunk" d="M92 -6C76 66 96 130 120 180C126 194 136 204 150 211L132 260L196 260C212 284 222 320 224 362L404 362C392 300 410 214 390 132C380 94 388 44 402 -6Z" />
      <path class="body" d="M132 260C108 300 122 346 164 346C208 346 216 300 196 260" />
      <path class="body" d="M150 211C108 192 82 214 70 250L60 306C60 323 97 327 102 309L113 268C121 250 134 254 152 257L196 250Z" />
      <ellipse class="bone" cx="134" cy="184" rx="13" ry="23" transform="rotate(-24 134 184)" />
      <path class="organ" d="M166 220C180 222 190 228 196 234C208 244 200 262 180 262C166 262 158 252 157 240C156 228 158 219 166 220Z" />
      <path class="organ bladder" d="M148 118C146 60 276 58 278 116C280 148 244 164 224 173L202 173C178 164 150 148 148 118Z" />
      <path class="duct" d={VAS} />
      <path class="organ" d="M246 183C247 172 254 165 261 162C263 152 271 147 279 148C283 138 292 135 300 139C311 135 319 143 315 152C313 160 306 162 300 161C297 169 289 174 281 171C277 180 268 185 260 182C254 187 250 187 246 183Z" />
      <path class="organ" d="M202 173L224 173C252 179 254 222 212 227C170 222 174 179 202 173Z" />
      <path class="duct" d="M250 180L215 203" />
      <ellipse class="sphincter" cx="191" cy="229" rx="7.5" ry="4" transform="rotate(38 191 229)" />
      <ellipse class="sphincter" cx="215" cy="242" rx="7.5" ry="4" transform="rotate(38 215 242)" />
      <ellipse class="organ" cx="164" cy="308" rx="27" ry="21" />
      <path class="organ" d="M186 293C203 298 201 323 184 327C193 316 193 303 186 293Z" />
      <path class="wall" d={URETHRA} />
      <path class="lumen" d={URETHRA} />
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
        {flows.forward && <path class="arrow forward" d="M70 330L79 350L90 333Z" />}
        {flows.backward && <path class="arrow backward" d="M203 124L213 106L223 124Z" />}
        <Labels />
      </svg>
      <figcaption>
        <Legend flows={flows} his={his} />
        <span class="soft">{his ? '' : name ?? w.usual}</span>
      </figcaption>
    </figure>
  )
}
