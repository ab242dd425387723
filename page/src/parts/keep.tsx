// What leaves the page, only when it is asked for: print, downloads, a link that holds the case.
import { useRef, useState } from 'preact/hooks'
import * as api from '../api'
import { lost } from '../assessing'
import { caseOf, toFragment } from '../case'
import { saveFile } from '../records'
import { get, set, useStore } from '../store'
import { useWords } from '../words/words'
import { printReport, reportHtml } from './printing'
import { Saved } from './saved'

const record = () => JSON.stringify(caseOf(get().facts), null, 2)

const DOWNLOADS = {
  html: { name: 'antegrade.html', type: 'text/html', text: reportHtml },
  json: { name: 'antegrade.json', type: 'application/json', text: () => api.assessText(record(), { lang: get().lang }) },
  fhir: { name: 'antegrade-fhir.json', type: 'application/fhir+json', text: () => api.assessText(record(), { lang: get().lang, format: 'fhir' }) },
  case: { name: 'case.json', type: 'application/json', text: () => Promise.resolve(record()) },
} as const
type Download = keyof typeof DOWNLOADS

async function download(what: Download) {
  const { name, type, text } = DOWNLOADS[what]
  try {
    saveFile(await text(), name, type)
  } catch (fault) {
    if (fault instanceof api.Gone) lost()
    else set({ fault: String(fault) })
  }
}

function Share() {
  const w = useWords()
  const [link, setLink] = useState('')
  const [copied, setCopied] = useState(false)
  const make = () => setLink(location.origin + location.pathname + toFragment(get().facts))
  const copy = () => navigator.clipboard.writeText(link).then(() => setCopied(true), () => {})
  return (
    <div class="share">
      <h3>{w.share}</h3>
      <p class="soft">{w.shareWarning}</p>
      {!link && <button type="button" onClick={make}>{w.makeLink}</button>}
      {link && (
        <>
          <input type="text" readOnly value={link} aria-label={w.share} onFocus={(e) => e.currentTarget.select()} />
          <button type="button" onClick={() => void copy()}>{copied ? w.copied : w.copy}</button>
        </>
      )}
    </div>
  )
}

export function Keep() {
  const w = useWords()
  const menu = useRef<HTMLDetailsElement>(null)
  const [isOpen, setOpen] = useState(false)
  const hasFacts = useStore((s) => s.facts.length > 0)
  const hasStore = useStore((s) => s.hasStore)
  const close = () => { if (menu.current) menu.current.open = false }
  return (
    <details
      class="menu" ref={menu} onToggle={(e) => setOpen(e.currentTarget.open)}
      onKeyDown={(e) => { if (e.key === 'Escape') { close(); menu.current?.querySelector('summary')?.focus() } }}
      onFocusOut={(e) => { if (e.relatedTarget && !menu.current?.contains(e.relatedTarget as Node)) close() }}
    >
      <summary>{hasFacts ? w.keep : w.savedCases}</summary>
      <div class="drop">
        {hasFacts && <button type="button" class="item" onClick={() => { close(); void printReport() }}>{w.print}</button>}
        {hasFacts && (Object.keys(DOWNLOADS) as Download[]).map((what) => (
          <button key={what} type="button" class="item" onClick={() => { void download(what); close() }}>{w.downloads[what]}</button>
        ))}
        {hasFacts && <Share />}
        {hasStore && isOpen && <Saved opened={close} />}
      </div>
    </details>
  )
}
