import type { FlagTold } from '../types'
import { useWords } from '../words/words'

export function Flags({ flags }: { flags: FlagTold[] }) {
  const w = useWords()
  if (flags.length === 0) return null
  return (
    <section class="flags" aria-label={w.seeWhom}>
      {flags.map((flag) => (
        <p key={flag.id} class={`flag ${flag.urgency}`}>
          <strong>{w.urgency[flag.urgency]}: {flag.see}.</strong> {flag.text}
        </p>
      ))}
    </section>
  )
}
