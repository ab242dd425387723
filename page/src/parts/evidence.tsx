// What a number rests on: the findings that move it, and the published sources.
import { useEffect, useRef } from 'preact/hooks'
import { set, useStore } from '../store'
import type { Source } from '../types'
import { useWords } from '../words/words'

export function Reference({ source }: { source: Pick<Source, 'citation' | 'statement' | 'doi' | 'pmid'> }) {
  const w = useWords()
  const outside = { target: '_blank', rel: 'noopener noreferrer', referrerpolicy: 'no-referrer' } as const
  const cited = source.citation.replace(/\s*doi:\S+$/, '')
  return (
    <li>
      {source.statement && <p lang="en">{source.statement}</p>}
      <p class="soft">
        <span lang="en">{cited}</span>{' '}
        {source.doi && <a href={`https://doi.org/${source.doi}`} {...outside}>DOI<span class="hidden"> {source.doi}, {w.elsewhere}</span></a>}{' '}
        {source.pmid && <a href={`https://pubmed.ncbi.nlm.nih.gov/${source.pmid}/`} {...outside}>PubMed<span class="hidden"> {source.pmid}, {w.elsewhere}</span></a>}
      </p>
    </li>
  )
}

export function EvidenceSheet() {
  const w = useWords()
  const shown = useStore((s) => s.evidence)
  const all = useStore((s) => s.report?.sources)
  const sheet = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    if (shown) sheet.current?.showModal()
    else sheet.current?.close()
  }, [shown])
  const close = () => set({ evidence: null })
  const sources = (shown?.sources ?? []).flatMap((id) => all?.filter((s) => s.id === id) ?? [])
  return (
    <dialog
      ref={sheet} class="sheet" aria-labelledby="sheet-title" onClose={close}
      onClick={(e) => { if (e.target === sheet.current) close() }}
    >
      {shown && (
        <div class="within">
          <button type="button" class="close" onClick={close} aria-label={w.close}>
            <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M3 3l10 10M13 3L3 13" /></svg>
          </button>
          <h2 id="sheet-title">{shown.title}</h2>
          <p class="big">{shown.number}</p>
          <p class="soft">{w.intervalMeans}</p>
          {shown.lines.length > 0 && <h3>{w.movedBy}</h3>}
          <ul class="moves">
            {shown.lines.map((line) => (
              <li key={line.text} class={line.strength < 0 ? 'against' : 'for'}>
                <span>{line.text}</span><span class="number">{line.number}</span>
              </li>
            ))}
          </ul>
          <h3>{w.sources}</h3>
          {sources.length === 0 && <p class="soft">{w.noSources}</p>}
          <ul class="references">{sources.map((source) => <Reference key={source.id} source={source} />)}</ul>
        </div>
      )}
    </dialog>
  )
}
