// Records that are dropped on the page, opened, or come with a link: FHIR or a case, plain or gzip.
import * as api from './api'
import { lost } from './assessing'
import { addFacts } from './case'
import { get, set } from './store'

const GZIP = [0x1f, 0x8b]

async function textOf(file: Blob): Promise<string> {
  const head = new Uint8Array(await file.slice(0, 2).arrayBuffer())
  if (head[0] !== GZIP[0] || head[1] !== GZIP[1]) return file.text()
  return new Response(file.stream().pipeThrough(new DecompressionStream('gzip'))).text()
}

function typeOf(text: string): string {
  return /^\s*[{[]/.test(text) ? 'application/json' : 'application/yaml'
}

// The sentence on how to state it, which is the command line's.
const STATE_IT = /[^.]*--anatomy male[^.]*\.?$/

// Read a record and put what it says in the place of what was known. A record that does not give
// the sex, or another one, is read where it is stated that his anatomy is male.
export async function openRecord(text: string, male = false): Promise<void> {
  try {
    const said = await api.factsOf(text, typeOf(text), get().lang, male)
    set({
      facts: addFacts([], said.facts), notUnderstood: said.not_understood,
      stopped: [], added: [], fault: null, unstated: null, saved: null,
    })
  } catch (fault) {
    if (fault instanceof api.Gone) return lost()
    const message = fault instanceof Error ? fault.message : String(fault)
    const shown = message.replace(STATE_IT, '').trim()
    set({ fault: shown, unstated: shown === message ? null : { fault: shown, record: text } })
  }
}

export async function openFile(file: File): Promise<void> {
  try {
    await openRecord(await textOf(file))
  } catch (fault) {
    set({ fault: `${file.name}: ${fault instanceof Error ? fault.message : String(fault)}` })
  }
}

export function saveFile(text: string, name: string, type: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}
