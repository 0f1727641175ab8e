// Moments as people say them.

import type { Lang } from './number'

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
]
const justNow: Record<Lang, string> = { zh: '刚刚', en: 'just now' }
const forms: Record<Lang, Intl.RelativeTimeFormat> = {
  zh: new Intl.RelativeTimeFormat('zh-CN', { numeric: 'auto' }),
  en: new Intl.RelativeTimeFormat('en-GB', { numeric: 'auto' }),
}

/** How long ago a moment was: just now, 5 minutes ago, yesterday. */
export function ago(iso: string, lang: Lang, now = Date.now()): string {
  const seconds = (Date.parse(iso) - now) / 1000
  if (Number.isNaN(seconds)) return iso
  const step = steps.find(([, length]) => Math.abs(seconds) >= length)
  return step ? forms[lang].format(Math.trunc(seconds / step[1]), step[0]) : justNow[lang]
}

/** A moment to the second, in the reader's own time zone: 2025-11-22 16:00:09. */
export function second(iso: string): string {
  const at = new Date(iso)
  if (Number.isNaN(at.getTime())) return iso
  const two = (n: number) => String(n).padStart(2, '0')
  return (
    `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ` +
    `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`
  )
}
