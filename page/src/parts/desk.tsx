// The desk: what is known, where the semen goes, the answer.
import { useStore } from '../store'
import { useWords } from '../words/words'
import { Answer } from './answer'
import { Curves } from './curves'
import { Facts } from './facts'
import { Search } from './search'
import { Tract } from './tract'
import { Welcome } from './welcome'

export function Desk() {
  const w = useWords()
  const empty = useStore((s) => s.facts.length === 0)
  return (
    <div class={empty ? 'desk empty' : 'desk'}>
      <section class="known" aria-label={w.known}>
        <Search />
        <Facts />
      </section>
      <section class="picture" aria-label={w.tract}>
        <Tract />
        {!empty && <Curves />}
      </section>
      <section class="answer" aria-label={w.answer}>
        {empty ? <Welcome /> : <Answer />}
      </section>
    </div>
  )
}
