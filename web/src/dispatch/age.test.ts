import { expect, test } from 'vitest'
import { age } from './age'

const at = '2026-01-01T00:00:00Z'
const after = (seconds: number) => Date.parse(at) + seconds * 1000

test.each([
  [0, '刚刚', 'just now'],
  [59, '刚刚', 'just now'],
  [60, '1分钟前', '1 minute ago'],
  [3 * 60 + 59, '3分钟前', '3 minutes ago'],
  [3600, '1小时前', '1 hour ago'],
  [23 * 3600, '23小时前', '23 hours ago'],
  [86_400, '昨天', 'yesterday'],
  [-300, '刚刚', 'just now'], // the reader's clock is behind
])('after %i seconds', (seconds, zh, en) => {
  expect(age(at, 'zh', after(seconds))).toBe(zh)
  expect(age(at, 'en', after(seconds))).toBe(en)
})

test('what is no moment is left as it is', () => expect(age('?', 'zh', after(0))).toBe('?'))
