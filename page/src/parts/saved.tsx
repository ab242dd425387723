// Cases kept in the server's store, where it has one: saved, opened and deleted only when asked.
import { useEffect, useState } from 'preact/hooks'
import * as api from '../api'
import { lost } from '../assessing'
import { caseOf } from '../case'
import { dateText } from '../numbers'
import { openRecord } from '../records'
import { get, set, useStore } from '../store'
import { useWords } from '../words/words'

// What is done with the store; what is wrong is said where all faults are.
async function attempt(what: () => Promise<unknown>): Promise<boolean> {
  set({ fault: null })
  try {
    await what()
    return get().fault === null
  } catch (fault) {
    if (fault instanceof api.Gone) lost()
    else set({ fault: fault instanceof Error ? fault.message : String(fault) })
    return false
  }
}

function Row({ item, opened, again }: { item: api.SavedCase; opened: () => void; again: () => void }) {
  const w = useWords()
  const lang = useStore((s) => s.lang)
  const [sure, setSure] = useState(false)
  const name = item.label || w.unnamed
  const open = async () => {
    if (!await attempt(async () => openRecord(await api.savedCase(item.id)))) return
    set({ saved: { id: item.id, label: item.label } })
    opened()
  }
  const remove = async (button: HTMLElement) => {
    if (!sure) return setSure(true)
    button.closest('details')?.querySelector('summary')?.focus() // the button goes away with its case
    if (await attempt(() => api.deleteCase(item.id)) && get().saved?.id === item.id) set({ saved: null })
    again()
  }
  return (
    <li>
      <button type="button" class="item" onClick={() => void open()}>
        {name} <span class="soft">{dateText(item.changed.slice(0, 10), lang)}</span>
      </button>
      <button type="button" class="quiet" onClick={(e) => void remove(e.currentTarget)} aria-label={sure ? w.deleteSure(name) : w.deleteSaved(name)}>
        {sure ? w.deleteForGood : w.deleteIt}
      </button>
    </li>
  )
}

export function Saved({ opened }: { opened: () => void }) {
  const w = useWords()
  const saved = useStore((s) => s.saved)
  const hasFacts = useStore((s) => s.facts.length > 0)
  const [label, setLabel] = useState(saved?.label ?? '')
  const [list, setList] = useState<api.SavedCase[]>([])
  const [done, setDone] = useState(false)
  const again = () => void attempt(async () => setList((await api.savedCases()).cases))
  useEffect(again, [])
  const save = async (id: string | null) => {
    const body = JSON.stringify(caseOf(get().facts))
    const kept = await attempt(async () => set({ saved: { id: (await api.saveCase(id, label, body)).id, label } }))
    setDone(kept)
    if (kept) again()
  }
  return (
    <div class="share">
      <h3>{w.onServer}</h3>
      <p class="soft">{w.onServerMeans}</p>
      {hasFacts && (
        <>
          <input
            type="text" maxLength={100} value={label} placeholder={w.saveName} aria-label={w.saveName}
            onInput={(e) => { setLabel(e.currentTarget.value); setDone(false) }}
          />
          {saved && <button type="button" onClick={() => void save(saved.id)}>{done ? w.isSaved : w.saveChanges}</button>}
          <button type="button" onClick={() => void save(null)}>{saved ? w.saveAsNew : w.saveHere}</button>
        </>
      )}
      {list.length > 0 && (
        <ul class="saved" aria-label={w.savedCases}>
          {list.map((item) => <Row key={item.id} item={item} opened={opened} again={again} />)}
        </ul>
      )}
      {list.length === 0 && !hasFacts && <p class="soft">{w.noneSaved}</p>}
    </div>
  )
}
