import { expect, test } from 'vitest'
import { roomFrom } from './labels'
import { namePlaces } from './signs'
import { boardOf } from './squares'

test('a name stands in its own community, clear of the labels of its grids', () => {
  const board = boardOf({ columns: 6, rows: 6, grid: (c, r) => String(370883001001001 + Math.floor(c / 2) + 3 * Math.floor(r / 3)) }, { columns: 4, rows: 4, x: 1_000_007, code: '370883001002', first: 100, grid: () => '370883001002001' })
  const places = namePlaces(board)
  expect(places.map((p) => p.community)).toEqual([0, 1])
  for (const { community, at } of places) {
    const own = board.boundsOf(Array.from(board.t.community.keys()).filter((b) => board.t.community[b] === community))!
    expect(at[0] > own[0] && at[0] < own[2] && at[1] > own[1] && at[1] < own[3]).toBe(true)
    const side = board.t.bounds[2]! - board.t.bounds[0]!
    for (const [slot, s] of board.slots.entries())
      if (s.blocks) {
        const label = board.labelOf(slot)!
        expect(Math.abs(at[0] - label[0]) > 2 * side || Math.abs(at[1] - label[1]) > 0.6 * side, `${at} ${label}`).toBe(true)
      }
  }
})

test('larger ground has room for its whole label from farther away, a village at a town’s zoom, a school only near', () => {
  expect(roomFrom(800_000, 35)).toBeLessThanOrEqual(12.5)
  expect(roomFrom(40_000, 35)).toBeGreaterThan(13.5)
  expect(roomFrom(160_000, 35)).toBe(roomFrom(40_000, 35) - 1) // twice as long: one zoom sooner
  expect(roomFrom(0, 35)).toBeGreaterThan(18)
})
