// How numbers are written: whole percents, "under 1 %", never 100 %; for the man, "8 of 10".
import type { Estimate, Interval } from './types'
import type { Words } from './words/en'

export function percent(p: number, w: Words): string {
  if (p < 0.01) return w.under1
  if (p > 0.99) return w.over99
  return `${Math.round(p * 100)} %`
}

const whole = (p: number): number => Math.min(99, Math.round(p * 100))

export const range = ([low, high]: Interval): string => `${whole(low)}–${whole(high)}`

// "8 of 10", as a man would say it.
export function frequency(p: number, w: Words): string {
  if (p < 0.005) return w.hardlyAny
  if (p < 0.035) return w.of(Math.max(1, Math.round(p * 100)), 100)
  if (p < 0.075) return w.of(1, 20)
  if (p > 0.96) return w.nearlyAll
  return w.of(Math.max(1, Math.min(9, Math.round(p * 10))), 10)
}

export function intervalOf(e: Estimate | undefined): Interval | null {
  return e && e.low !== null && e.high !== null ? [e.low, e.high] : null
}

// The factor by which a finding multiplies or divides the odds.
export function factor(logOdds: number): string {
  const times = Math.exp(Math.abs(logOdds))
  const digits = times < 9.95 ? 1 : 0
  return `${logOdds < 0 ? '÷' : '×'}${times > 999 ? '>999' : times.toFixed(digits)}`
}

// Days as people count them.
export function days(n: number, w: Words): string {
  if (n < 1.5) return w.days(1)
  if (n < 14) return w.days(Math.round(n))
  if (n < 60) return w.weeks(Math.round(n / 7))
  return w.months(Math.round(n / 30.4))
}

// A date as the server writes it ("2026-03", "2016-05-22/2017-05-24"), short.
export function dateText(date: string, lang: string): string {
  if (!/^[\d./-]+$/.test(date)) return date
  const [from, to] = date.replace('../', '').replace('/..', '').split('/') as [string, string?]
  if (to) {
    const years = [from.slice(0, 4), to.slice(0, 4)]
    return years[0] === years[1] ? years[0]! : years.join('–')
  }
  const [y, m, d] = from.split('-')
  if (!m) return y!
  const day = new Date(Date.UTC(Number(y), Number(m) - 1, Number(d ?? 1)))
  const form: Intl.DateTimeFormatOptions = { year: 'numeric', month: 'short', timeZone: 'UTC' }
  return new Intl.DateTimeFormat(lang, d ? { ...form, day: 'numeric' } : form).format(day)
}

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
