// Days as the county's calendar has them (YYYY-MM-DD), and how far they are.

import type { Words } from '../words/zh'

/** Whole days from one day to another, below zero when the other is earlier. */
export function daysFrom(from: string, to: string): number {
  return Math.round((Date.parse(to + 'T00:00Z') - Date.parse(from + 'T00:00Z')) / 86_400_000)
}

/** The day some days later. */
export function later(day: string, days: number): string {
  return new Date(Date.parse(day + 'T00:00Z') + days * 86_400_000).toISOString().slice(0, 10)
}

/** When a visit is to be made: 3 days overdue, today, in 5 days. */
export function dueWords(due: string, today: string, w: Words): string {
  const n = daysFrom(today, due)
  const d = w.watch.days
  return n < 0 ? d.over(-n) : n === 0 ? d.today : n === 1 ? d.tomorrow : d.left(n)
}
