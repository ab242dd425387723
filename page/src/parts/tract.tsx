// The tract in side view, the man facing left. Semen is dots that move in the pulses of orgasm,
// 0.8 s apart; the weak part glows.
import { useStore } from '../store'
import { useWords } from '../words/words'
import { PLACES, pictureOf, type Flow } from './tract_pictures'

const URETHRA = 'M213 172C213 196 212 212 206 230C196 254 162 248 142 238C112 226 98 246 84 312'
const FORWARD = 'M213 206C212 214 210 222 206 230C196 254 162 248 142 238C112 226 98 246 80 334'
const BACKWARD = 'M213 206C213 190 213 160 213 122'
const HELD = 'M213 206C212 214 210 222 206 230C196 254 162 248 142 238'
const GLANDS = 'M300 148C276 154 262 172 250 181L216 203'
const VAS = 'M192 308C216 292 150 236 128 176C110 122 160 44 232 50C304 56 302 142 250 181'
const WAYS: Record<Flow, string[]> = { emission: [GLANDS, VAS], forward: [FORWARD], backward: [BACKWARD], held: [HELD] }

function Organs() {
  return (
    <>
      <path class="trunk" d="M92 -6C76 66 96 130 120 178C126 192 132 200 142 208L131 255L200 262C214 284 222 320 224 362L404 362C392 300 410 214 390 132C380 94 388 44 402 -6Z" />
      <path class="body" d="M142 206C108 194 82 214 70 250L60 306C60 322 96 326 101 308L112 268C118 256 124 254 131 255C108 300 122 346 164 346C208 346 218 300 200 262L206 230Z" />
      <path class="bone" d="M120 150C112 162 122 190 140 196C154 200 160 188 154 172C148 156 130 140 120 150Z" />
      <path class="organ bladder" d="M148 118C146 62 276 60 278 116C280 148 244 164 224 172L202 172C178 164 150 148 148 118Z" />
      <path class="duct" d={VAS} />
      <path class="organ" d="M246 182C256 150 292 128 312 138C326 150 298 176 270 183C258 187 250 187 246 182Z" />
      <path class="organ" d="M202 172L224 172C250 178 252 222 212 226C172 222 174 178 202 172Z" />
      <path class="duct" d="M250 181L216 203" />
      <path class="organ" d="M168 262C160 246 176 238 190 236C204 234 216 238 214 246C212 258 186 268 168 262Z" />
      <ellipse class="organ" cx="162" cy="306" rx="27" ry="21" />
      <path class="organ" d="M184 291C201 296 200 323 182 325C191 315 191 301 184 291Z" />
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
      {label(76, 100, true, 'M130 122L80 97', w.organs.vas)}
      {label(76, 160, true, 'M204 171L80 156', w.organs.neck)}
      {label(340, 128, false, 'M312 146L336 126', w.organs.vesicle)}
      {label(300, 210, false, 'M244 204L296 206', w.organs.prostate)}
      {label(292, 250, false, 'M209 228L288 246', w.organs.urethra)}
      {label(236, 330, false, 'M190 316L232 326', w.organs.testis)}
    </g>
  )
}

export function Tract() {
  const w = useWords()
  const report = useStore((s) => s.report)
  const pictured = useStore((s) => s.pictured)
  const id = pictured ?? report?.mechanisms[0]?.id ?? null
  const name = report?.mechanisms.find((m) => m.id === id)?.name
  const { flows, weak } = pictureOf(id)
  const seen = (Object.keys(WAYS) as Flow[]).filter((flow) => flows[flow])
  const ways = seen.filter((flow) => flow !== 'emission')
  const said = ways.length > 0 ? ways.map((flow) => w.flows[flow]).join(', ') : w.flows.none
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
        {seen.flatMap((flow) => WAYS[flow].map((d) => (
          <path key={flow + d} class={`dots ${flow} ${flows[flow] === 1 ? 'little' : ''}`} d={d} />
        )))}
        {flows.forward && <path class="arrow forward" d="M70 330L79 350L90 333Z" />}
        {flows.backward && <path class="arrow backward" d="M203 124L213 106L223 124Z" />}
        <Labels />
      </svg>
      <figcaption>
        <ul class="legend">
          {ways.map((flow) => (
            <li key={flow} class={flow}>{w.flows[flow]}{flows[flow] === 1 && <span class="soft"> {w.little}</span>}</li>
          ))}
          {ways.length === 0 && <li class="none">{w.flows.none}</li>}
        </ul>
        <span class="soft">{name ?? w.usual}</span>
      </figcaption>
    </figure>
  )
}
