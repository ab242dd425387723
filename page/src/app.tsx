import { useEffect } from 'preact/hooks'
import { CardPage } from './parts/card_page'
import { Desk } from './parts/desk'
import { DropTarget } from './parts/drop_target'
import { EvidenceSheet } from './parts/evidence'
import { Header } from './parts/header'
import { InterviewPage } from './parts/interview'
import { LeafletPage } from './parts/leaflet_page'
import { LookUp } from './parts/look_up'
import { Notices } from './parts/notices'
import { PrintedReport } from './parts/printing'
import { viewOf, type View } from './routing'
import { useStore } from './store'
import { useWords } from './words/words'

function Body({ view }: { view: View }) {
  switch (view.name) {
    case 'interview': return <InterviewPage />
    case 'look-up': return <LookUp />
    case 'card': return <CardPage id={view.id} />
    case 'leaflet': return <LeafletPage id={view.id} />
    case 'desk': return <Desk />
  }
}

export function App() {
  const w = useWords()
  const lang = useStore((s) => s.lang)
  const view = viewOf(useStore((s) => s.route))
  useEffect(() => {
    document.documentElement.lang = lang
    document.title = w.title
  }, [lang])
  return (
    <>
      <a class="skip" href="#main" onClick={(e) => { e.preventDefault(); document.querySelector('main')?.focus() }}>
        {w.skip}
      </a>
      <Header view={view} />
      <Notices />
      <main id="main" tabIndex={-1}>
        <Body view={view} />
      </main>
      <EvidenceSheet />
      <DropTarget />
      <PrintedReport />
    </>
  )
}
