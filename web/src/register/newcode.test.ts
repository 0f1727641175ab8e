import { expect, test } from 'vitest'
import { nations } from './nations'
import { newCode } from './newcode'

test('a household without a number gets the house and the day, and a second one on that day another', () => {
  expect(newCode('b496-3-301', '2026-11-30', [])).toBe('b496-3-301-261130')
  expect(newCode('b496-3-301', '2026-11-30', ['b496-3-301-261130', 'b496-3-301-261130-2'])).toBe('b496-3-301-261130-3')
})

test('there are 56 nationalities, each once, with both names', () => {
  expect(new Set(nations.map((n) => n.zh)).size).toBe(56)
  expect(new Set(nations.map((n) => n.en)).size).toBe(56)
  expect(nations.every((n) => /^\p{Script=Han}+族$/u.test(n.zh) && /^[A-Z][a-z]+$/.test(n.en))).toBe(true)
})
