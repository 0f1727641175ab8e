import { describe, expect, test } from 'vitest'
import { boundsFrom, grown, holds, union } from './bounds'

describe('bounds', () => {
  test.each([[null], [undefined], [[]], [[1, 2, 3]], [[1, 2, 1, 4]], [[1, 2, 3, NaN]], [[3, 2, 1, 4]]])('%j are none', (value) =>
    expect(boundsFrom(value)).toBeUndefined(),
  )

  test('four numbers are', () => expect(boundsFrom([116.3, 39.9, 116.4, 40])).toEqual([116.3, 39.9, 116.4, 40]))

  test('a union holds every corner of its parts', () => {
    const all = union([
      [1, 2, 3, 4],
      [0, 3, 2, 9],
    ])
    expect(all).toEqual([0, 2, 3, 9])
    expect(union([])).toBeUndefined()
  })

  test('the edge belongs to it', () => {
    expect(holds([0, 0, 2, 1], 2, 1)).toBe(true)
    expect(holds([0, 0, 2, 1], 2.001, 1)).toBe(false)
  })

  test('growing moves every side by its share', () => expect(grown([0, 0, 2, 1], 0.5)).toEqual([-1, -0.5, 3, 1.5]))
})
