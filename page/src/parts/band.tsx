// A probability as a mark within the band of its interval.
import type { Interval } from '../types'

interface Props {
  value: number
  interval: Interval | null
  tone: string
}

const NARROWEST = 0.008

const at = (p: number): string => `${(Math.max(0, Math.min(1, p)) * 100).toFixed(2)}%`

export function Band({ value, interval, tone }: Props) {
  const [least, most] = interval ?? [value, value]
  const low = Math.min(least, 1 - NARROWEST)
  const high = Math.max(most, low + NARROWEST)
  return (
    <svg class={`band ${tone}`} aria-hidden="true" width="100%" height="12">
      <rect class="track" x="0" y="4.5" width="100%" height="3" rx="1.5" />
      <rect class="interval" x={at(low)} y="1.5" width={at(Math.min(high, 1) - low)} height="9" rx="4.5" />
      <circle class="mark" cx={at(Math.max(0.008, Math.min(0.992, value)))} cy="6" r="4" />
    </svg>
  )
}
