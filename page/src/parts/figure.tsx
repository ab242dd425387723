// A number that opens its evidence. For the clinician with its interval, for the man as "8 of 10".
import { frequency, percent, range } from '../numbers'
import { set, useStore, type Shown } from '../store'
import type { Interval } from '../types'
import { useWords } from '../words/words'

interface Props {
  title: string
  value: number
  interval: Interval | null
  sources: string[]
  lines?: Shown['lines']
}

export function Figure({ title, value, interval, sources, lines = [] }: Props) {
  const w = useWords()
  const reader = useStore((s) => s.reader)
  const number = reader === 'patient' ? frequency(value, w) : percent(value, w)
  const whole = interval ? `${number} (${range(interval)})` : number
  return (
    <button
      type="button" class="figure" title={w.evidence}
      onClick={() => set({ evidence: { title, number: whole, lines, sources } })}
    >
      <span class="hidden">{title}: </span>
      <b>{number}</b>
      {interval && reader === 'clinician' && <span class="soft range">({range(interval)})</span>}
    </button>
  )
}
