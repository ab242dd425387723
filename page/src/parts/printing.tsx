// Print is the report: the server's own page of it, in a shadow tree that only paper shows. Its
// style sheet is adopted as an object, which a strict Content-Security-Policy allows.
import { useEffect, useRef } from 'preact/hooks'
import * as api from '../api'
import { lost, whatIfText } from '../assessing'
import { caseOf } from '../case'
import { mainOf, sheetOf } from '../server_html'
import { get, set } from '../store'

let root: ShadowRoot | null = null

export function PrintedReport() {
  const host = useRef<HTMLDivElement>(null)
  useEffect(() => {
    root = host.current!.attachShadow({ mode: 'open' })
    const done = () => document.body.classList.remove('prints-report')
    addEventListener('afterprint', done)
    return () => removeEventListener('afterprint', done)
  }, [])
  return <div class="printed" ref={host} />
}

export async function reportHtml(): Promise<string> {
  const { facts, lang, reader } = get()
  const whatIf = whatIfText(get())
  const options = { lang, format: 'html' as const, for: reader, ...(whatIf && reader === 'clinician' ? { whatIf } : {}) }
  return api.assessText(JSON.stringify(caseOf(facts)), options)
}

export async function printReport(): Promise<void> {
  try {
    const html = await reportHtml()
    if (root) {
      root.adoptedStyleSheets = [sheetOf(html)]
      root.replaceChildren(mainOf(html))
    }
    document.body.classList.add('prints-report')
    window.print()
  } catch (fault) {
    if (fault instanceof api.Gone) lost()
    else set({ fault: String(fault) })
  }
}
