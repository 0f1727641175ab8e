import { expect, test } from 'vitest'
import { ago, second } from './time'

const now = Date.parse('2025-11-22T08:00:00Z')

test.each([
  ['2025-11-22T07:59:30Z', '刚刚', 'just now'],
  ['2025-11-22T07:55:00Z', '5分钟前', '5 minutes ago'],
  ['2025-11-22T06:01:00Z', '1小时前', '1 hour ago'],
  ['2025-11-21T07:00:00Z', '昨天', 'yesterday'],
  ['2025-11-02T08:00:00Z', '20天前', '20 days ago'],
  ['2025-11-22T09:00:00Z', '1小时后', 'in 1 hour'],
  ['never', 'never', 'never'],
])('%s is %s', (iso, zh, en) => {
  expect(ago(iso, 'zh', now)).toBe(zh)
  expect(ago(iso, 'en', now)).toBe(en)
})

test('a moment to the second', () => {
  expect(second(new Date(2025, 10, 2, 3, 4, 5).toISOString())).toBe('2025-11-02 03:04:05')
  expect(second('x')).toBe('x')
})
