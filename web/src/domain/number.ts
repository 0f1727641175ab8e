// Numbers as people of either language write them. Every formatter gives the number and its unit apart,
// so that a panel can set the unit smaller; `joined` puts them together for a sentence.

export type Lang = 'zh' | 'en'

export interface Measure {
  value: string
  unit: string
}

const locale: Record<Lang, string> = { zh: 'zh-CN', en: 'en-GB' }
const units = {
  zh: { people: '人', m2: '平方米', ha: '公顷', km2: '平方千米', m: '米', km: '千米' },
  en: { people: 'people', m2: 'm²', ha: 'ha', km2: 'km²', m: 'm', km: 'km' },
} as const

/** Formatters are kept: to make one takes longer than to use it a hundred times. */
const formatters = new Map<string, Intl.NumberFormat>()

function decimal(n: number, digits: number, lang: Lang): string {
  const key = lang + digits
  let formatter = formatters.get(key)
  if (!formatter) formatters.set(key, (formatter = new Intl.NumberFormat(locale[lang], { minimumFractionDigits: digits, maximumFractionDigits: digits })))
  return formatter.format(n)
}

/** Digits that leave three significant ones: 0.35, 3.51, 35.1, 351. */
function digitsFor(n: number): number {
  if (n >= 100) return 0
  return n >= 10 ? 1 : 2
}

/** A count of things: 44,166. */
export function count(n: number, lang: Lang): string {
  return decimal(Math.round(n), 0, lang)
}

/** An area of m² in the unit a planner would say it in: under a hectare m², under 1 km² hectares. */
export function area(m2: number, lang: Lang): Measure {
  if (m2 < 10_000) return { value: decimal(m2, 0, lang), unit: units[lang].m2 }
  if (m2 < 1_000_000) return { value: decimal(m2 / 1e4, digitsFor(m2 / 1e4), lang), unit: units[lang].ha }
  return { value: decimal(m2 / 1e6, digitsFor(m2 / 1e6), lang), unit: units[lang].km2 }
}

/** A length of metres. */
export function length(m: number, lang: Lang): Measure {
  if (m < 1000) return { value: decimal(m, 0, lang), unit: units[lang].m }
  return { value: decimal(m / 1000, digitsFor(m / 1000), lang), unit: units[lang].km }
}

/** A share, 0 to 1, as a percentage. What isn't whole never shows as 100 %, what isn't nothing never as 0. */
export function percent(share: number, lang: Lang, digits = 0): string {
  const step = 10 ** -(digits + 2)
  let shown = share
  if (share < 1 && share > 1 - step / 2) shown = 1 - step
  if (share > 0 && share < step / 2) shown = step
  return decimal(shown * 100, digits, lang) + '%'
}

/**
 * A deviation with its sign, a true minus: +12.3%, −8.0%, 0%. The decimal is there because 691 residents of
 * 600 are 15.2 % over, and "+15%" beside a band of ±15 % would look like a mistake.
 */
export function signedPercent(share: number, lang: Lang): string {
  const tenths = Math.round(Math.abs(share) * 1000)
  if (tenths === 0) return '0%'
  return (share > 0 ? '+' : '−') + decimal(tenths / 10, tenths < 1000 ? 1 : 0, lang) + '%'
}

/** A moment in the reader's own time zone: 2025-11-22 16:00. */
export function moment(iso: string): string {
  const at = new Date(iso)
  if (Number.isNaN(at.getTime())) return iso
  const two = (n: number) => String(n).padStart(2, '0')
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`
}

/** Value and unit in one string, kept on one line. */
export function joined(m: Measure): string {
  return m.value + '\u00a0' + m.unit
}
