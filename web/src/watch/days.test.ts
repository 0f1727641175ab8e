import { expect, test } from 'vitest'
import { en } from '../words/en'
import { zh } from '../words/zh'
import { daysFrom, dueWords, later } from './days'

test('days are counted over the ends of months and years', () => {
  expect(daysFrom('2026-02-27', '2026-03-01')).toBe(2)
  expect(daysFrom('2028-02-27', '2028-03-01')).toBe(3)
  expect(daysFrom('2026-01-01', '2025-12-31')).toBe(-1)
  expect(later('2025-12-30', 7)).toBe('2026-01-06')
  expect(later('2026-03-01', -1)).toBe('2026-02-28')
})

test('a visit is overdue from the day after', () => {
  const words = (due: string, w = zh) => dueWords(due, '2026-05-10', w)
  expect(['2026-05-07', '2026-05-09', '2026-05-10', '2026-05-11', '2026-05-15'].map((d) => words(d))).toEqual(['逾期 3 天', '逾期 1 天', '今天', '明天', '还有 5 天'])
  expect(words('2026-05-09', en)).toBe('1 day overdue')
})
