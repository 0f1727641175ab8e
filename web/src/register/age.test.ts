import { expect, test } from 'vitest'
import { ageOn, today } from './age'

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
