// A leaflet as the server writes it, in the page's own type.
import { useEffect, useRef } from 'preact/hooks'
import * as api from '../api'
import { mainOf } from '../server_html'
import { useStore } from '../store'
import { useWords } from '../words/words'
import { useAsked } from './use_asked'

export function LeafletPage({ id }: { id: string }) {
  const w = useWords()
  const lang = useStore((s) => s.lang)
  const { said, fault } = useAsked(() => api.leaflet(id, lang), [id, lang])
  const body = useRef<HTMLElement>(null)
  useEffect(() => {
    if (said) body.current?.replaceChildren(...mainOf(said.html).childNodes)
  }, [said])
  if (fault) return <div class="column"><p class="notice" role="alert">{fault}</p><a href="#/look-up">{w.lookUp}</a></div>
  return <article class="column leaflet" ref={body} lang={lang} aria-busy={said === null} />
}
