import { expect, test } from 'vitest'
import { shareOf, shareOfFigures } from './share'

const grids = (n: Record<string, number>) => Object.entries(n).flatMap(([band, times]) => Array.from({ length: times }, () => ({ band })))

test('special grids are asked for nothing; what can’t be in band counts among all, and isn’t open', () => {
  expect(shareOf(grids({ in: 37, over: 2, under: 1, infeasible: 1, single: 1, special: 5, empty: 1 }))).toEqual({ within: 37, of: 42, open: 3 })
  expect(shareOf([])).toEqual({ within: 0, of: 0, open: 0 })
})

test('the live layout’s figures say the same', () => {
  expect(shareOfFigures({ grids: 47, special_grids: 5, in_band: 37, in_band_feasible: 36, feasible: 39 })).toEqual({ within: 37, of: 42, open: 3 })
})
