import { describe, expect, test } from 'vitest'
import { next, outOfBand } from './stepping'

const grid = (code: string, deviation: number, band: string) => ({ code, deviation, band })
const grids = [grid('a', 0.2, 'over'), grid('b', 0.01, 'in'), grid('c', -0.5, 'under'), grid('d', 0.9, 'infeasible'), grid('e', -0.2, 'under'), grid('f', -0.9, 'single')]

describe('stepping through the grids out of band', () => {
  test('the worst first, equals by code, and only what a planner can mend', () =>
    expect(outOfBand(grids).map((g) => g.code)).toEqual(['c', 'a', 'e']))

  test('goes round in both directions', () => {
    const list = outOfBand(grids)
    expect(next(list, undefined, 1)?.code).toBe('c')
    expect(next(list, undefined, -1)?.code).toBe('e')
    expect(next(list, 'e', 1)?.code).toBe('c')
    expect(next(list, 'c', -1)?.code).toBe('e')
    expect(next(list, 'b', 1)?.code).toBe('c')
    expect(next([], 'c', 1)).toBeUndefined()
  })
})
