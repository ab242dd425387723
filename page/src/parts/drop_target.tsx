// A record may be dropped anywhere on the page.
import { useEffect, useState } from 'preact/hooks'
import { openFile } from '../records'
import { useWords } from '../words/words'

const holdsFile = (e: DragEvent): boolean => e.dataTransfer?.types.includes('Files') ?? false

export function DropTarget() {
  const w = useWords()
  const [over, setOver] = useState(false)
  useEffect(() => {
    const drag = (e: DragEvent) => {
      if (!holdsFile(e)) return
      e.preventDefault()
      setOver(true)
    }
    const leave = (e: DragEvent) => { if (e.relatedTarget === null) setOver(false) }
    const drop = (e: DragEvent) => {
      setOver(false)
      const file = e.dataTransfer?.files[0]
      if (!file) return
      e.preventDefault()
      if (location.hash.startsWith('#/')) location.hash = '#/'
      void openFile(file)
    }
    addEventListener('dragover', drag)
    addEventListener('dragleave', leave)
    addEventListener('drop', drop)
    return () => {
      removeEventListener('dragover', drag)
      removeEventListener('dragleave', leave)
      removeEventListener('drop', drop)
    }
  }, [])
  return over ? <div class="drop-here" aria-hidden="true">{w.dropHere}</div> : null
}
