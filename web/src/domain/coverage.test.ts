import { expect, test } from 'vitest'
import { coveredShare, isWhole } from './coverage'
import { percent } from './number'

test('half a lattice step along the border is no gap', () => {
  expect(isWhole(5_986_174.96, 5_986_175.56)).toBe(true)
  expect(percent(coveredShare(5_986_174.96, 5_986_175.56), 'zh', 1)).toBe('100.0%')
})

test('a courtyard that no grid holds is one', () => {
  expect(isWhole(5_986_000, 5_986_175)).toBe(false)
  expect(percent(coveredShare(5_986_000, 5_986_175), 'zh', 1)).toBe('99.9%')
})

test('a division without ground has nothing covered', () => expect(coveredShare(0, 0)).toBe(0))
