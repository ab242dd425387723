// A card by any of its names: what it is, how it is called, and the published figures behind it.
import * as api from '../api'
import { addFacts } from '../case'
import { capital } from '../numbers'
import { leafletAddress } from '../routing'
import { get, set, useStore } from '../store'
import type { Card, Evidence } from '../types'
import { useWords } from '../words/words'
import { Reference } from './evidence'
import { useAsked } from './use_asked'

function citation({ source }: Evidence): string {
  const { first_author, title, journal, year } = source
  return [first_author, title, [journal, year].filter(Boolean).join(' ')].filter(Boolean).join('. ') + '.'
}

async function addToCase(name: string) {
  const said = await api.understand(name, get().lang)
  set({ facts: addFacts(get().facts, said.facts) })
  location.hash = '#/'
}

function Codes({ codes }: { codes: NonNullable<Card['codes']> }) {
  const w = useWords()
  const systems: Record<string, string> = { snomed: 'SNOMED CT', icd10cm: 'ICD-10-CM', rxnorm: 'RxNorm', atc: 'ATC', loinc: 'LOINC' }
  return (
    <details>
      <summary>{w.codes}</summary>
      <dl>
        {Object.entries(codes).map(([system, list]) => (
          <div key={system}><dt>{systems[system] ?? system}</dt><dd>{list.join(', ')}</dd></div>
        ))}
      </dl>
    </details>
  )
}

export function CardPage({ id }: { id: string }) {
  const w = useWords()
  const lang = useStore((s) => s.lang)
  const { said: card, fault } = useAsked(() => api.card(id, lang), [id, lang])
  if (fault) return <div class="column"><p class="notice" role="alert">{fault}</p><a href="#/look-up">{w.lookUp}</a></div>
  if (!card) return <div class="column"><p class="soft waiting">{w.thinking}</p></div>
  const other = [...new Set([...card.names.en, ...card.names.es])].filter((name) => name !== card.name)
  const usable = card.card === 'causes' || card.card === 'findings'
  return (
    <article class="column card-page">
      <p class="eyebrow">{w.cardKinds[card.card] ?? card.card}</p>
      <h1>{capital(card.name)}</h1>
      <p class="summary">{card.summary?.[lang]}</p>
      <p class="actions">
        {usable && <button type="button" class="strong" onClick={() => void addToCase(card.names.en[0] ?? id)}>{w.addToCase}</button>}
        {card.leaflet && <a href={leafletAddress(card.leaflet)}>{w.leaflet}</a>}
      </p>
      {other.length > 0 && <p><span class="soft">{w.alsoCalled}</span> {other.join(', ')}</p>}
      {card.note && <p class="soft" lang="en">{card.note}</p>}
      {card.codes && Object.keys(card.codes).length > 0 && <Codes codes={card.codes} />}
      {card.sources && card.sources.length > 0 && (
        <>
          <h2>{w.figures(card.sources.length)}</h2>
          <ul class="references">
            {card.sources.map((e) => (
              <Reference key={e.id} source={{
                citation: citation(e), statement: e.statement ?? null, doi: e.source.doi ?? null, pmid: e.source.pmid ?? null,
              }} />
            ))}
          </ul>
        </>
      )}
    </article>
  )
}
