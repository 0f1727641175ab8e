// How old somebody is, by the days on record.

/** Whole years from one day to another (YYYY-MM-DD), undefined when the first isn't known or lies later. */
export function ageOn(born: string | undefined, day: string): number | undefined {
  if (!born || born > day) return undefined
  const years = Number(day.slice(0, 4)) - Number(born.slice(0, 4))
  return day.slice(5) < born.slice(5) ? years - 1 : years
}

/** Today as the county's calendar has it: China is eight hours ahead of UTC all year. */
export function today(now = Date.now()): string {
  return new Date(now + 8 * 3_600_000).toISOString().slice(0, 10)
}

/** The day of a moment as the county's calendar has it. */
export const dayOf = (iso: string): string => today(Date.parse(iso))
