// Views are told apart by the fragment of the address, which the browser never sends anywhere.
import { launched } from './api'
import { openRecord } from './records'
import { fromFragment } from './case'
import { set } from './store'

export type View =
  | { name: 'desk' }
  | { name: 'interview' }
  | { name: 'look-up' }
  | { name: 'card'; id: string }
  | { name: 'leaflet'; id: string }

export function viewOf(route: string): View {
  const [, name, id] = /^#\/([a-z-]+)(?:\/(.+))?$/.exec(route) ?? []
  if (name === 'interview') return { name }
  if (name === 'look-up') return { name }
  if ((name === 'card' || name === 'leaflet') && id) return { name, id: decoded(id) }
  return { name: 'desk' }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

export const cardAddress = (id: string): string => `#/card/${encodeURIComponent(id)}`
export const leafletAddress = (id: string): string => `#/leaflet/${encodeURIComponent(id)}`

// The address without what a shared link has put there.
export function clearAddress(): void {
  history.replaceState(null, '', location.pathname)
  set({ route: '', fromLink: false })
}

// "#/launch/ID": a health-record system has opened the page with a man's record.
async function takeLaunched(id: string): Promise<void> {
  history.replaceState(null, '', location.pathname)
  set({ route: '' })
  try {
    await openRecord(await launched(id))
  } catch (fault) {
    set({ fault: fault instanceof Error ? fault.message : String(fault) })
  }
}

function follow(): void {
  const record = fromFragment(location.hash)
  const launch = /^#\/launch\/(.+)$/.exec(location.hash)?.[1]
  set({ route: location.hash })
  window.scrollTo(0, 0)
  if (launch) void takeLaunched(launch)
  if (record === null) return
  set({ fromLink: true })
  void openRecord(record)
}

export function startRouting(): void {
  addEventListener('hashchange', follow)
  follow()
}
