import { expect, test } from 'vitest'
import { markOf, strayed } from './marks'

test('what can be solved has a filled mark, what can’t a hollow one, on the same side', () => {
  expect([markOf({ deviation: 0.3, band: 'over' }), markOf({ deviation: -0.3, band: 'under' })]).toEqual(['▲', '▼'])
  expect([markOf({ deviation: 0.3, band: 'infeasible' }), markOf({ deviation: -0.3, band: 'infeasible' })]).toEqual(['△', '▽'])
  expect([markOf({ deviation: 0, band: 'in' }), markOf({ deviation: 0, band: 'special' })]).toEqual(['', ''])
  expect([strayed({ deviation: 0.3, band: 'over' }), strayed({ deviation: 0.3, band: 'infeasible' })]).toEqual([undefined, 'over'])
})
