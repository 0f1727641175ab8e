import { expect, test } from 'vitest'
import { ageOn, dayOf, today } from './age'

test.each([
  ['1960-05-31', '2026-05-30', 65],
  ['1960-05-31', '2026-05-31', 66],
  ['2026-01-01', '2026-11-29', 0],
  ['2024-02-29', '2025-02-28', 0],
  ['2027-01-01', '2026-11-29', undefined],
  [undefined, '2026-11-29', undefined],
])('born %s is on %s aged %s', (born, day, age) => expect(ageOn(born, day)).toBe(age))

test('the day is that of China', () => {
  expect(today(Date.UTC(2026, 10, 29, 15, 59))).toBe('2026-11-29')
  expect(today(Date.UTC(2026, 10, 29, 16, 0))).toBe('2026-11-30')
})

test('a moment in the evening of Greenwich is the next day in China', () => {
  expect(dayOf('2026-11-30T15:59:59Z')).toBe('2026-11-30')
  expect(dayOf('2026-11-30T16:07:00Z')).toBe('2026-12-01')
  expect(dayOf('2026-12-01T00:07:00+08:00')).toBe('2026-12-01')
})
