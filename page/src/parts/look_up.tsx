// Cards by any name, brand, everyday word or code; and the leaflets.
import { useState } from 'preact/hooks'
import * as api from '../api'
import { capital } from '../numbers'
import { cardAddress, leafletAddress } from '../routing'
import { useStore } from '../store'
import type { CardMatch } from '../types'
import { useWords } from '../words/words'
import { useAsked } from './use_asked'

function Matches({ cards }: { cards: CardMatch[] }) {
  const w = useWords()
  return (
    <ul class="matches">
      {cards.map((c) => (
        <li key={c.kind + c.id}>
          <a href={cardAddress(c.id)}>{capital(c.name)}</a>
          {c.match.toLowerCase() !== c.name.toLowerCase() && <span class="soft"> {c.match}</span>}
          <span class="kind">{w.cardKinds[c.kind] ?? c.kind}</span>
        </li>
      ))}
    </ul>
  )
}

export function LookUp() {
  const w = useWords()
  const lang = useStore((s) => s.lang)
  const [q, setQ] = useState('')
  const { said } = useAsked(() => (q.trim() ? api.cards(q.trim(), lang) : Promise.resolve({ cards: [] })), [q, lang])
  const { said: leaflets } = useAsked(() => api.leaflets(lang), [lang])
  return (
    <div class="column look-up">
      <h1>{w.lookUp}</h1>
      <label for="look">{w.lookUpMore}</label>
      <input id="look" type="search" autocomplete="off" value={q} placeholder={w.lookUpHint} onInput={(e) => setQ(e.currentTarget.value)} />
      <div aria-live="polite">
        {said && q.trim() && (said.cards.length > 0 ? <Matches cards={said.cards} /> : <p class="soft">{w.noMatch}</p>)}
      </div>
      <h2>{w.leaflets}</h2>
      <ul class="matches">
        {leaflets?.leaflets.map((l) => <li key={l.id}><a href={leafletAddress(l.id)}>{l.name}</a></li>)}
      </ul>
    </div>
  )
}
