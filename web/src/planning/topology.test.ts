import { describe, expect, test } from 'vitest'
import { Locator } from './locator'
import { blockPolygon, holdsPoint, outline } from './rings'
import { side, squares } from './squares'
import { compoundOf, decode, faceOf } from './topology'

const degree = side / 1e7
const town = (s: Partial<Parameters<typeof squares>[0]> = {}) => decode({ revision: 0, communities: [squares({ columns: 6, rows: 5, ...s })] })

function twiceArea(ring: [number, number][]): number {
  const [x0, y0] = ring[0]!
  return ring.slice(1).reduce((sum, p, i) => sum + (ring[i]![0] - x0) * (p[1] - y0) - (p[0] - x0) * (ring[i]![1] - y0), 0)
}

describe('polygons put together from arcs', () => {
  test('a block is its square, counter-clockwise and closed', () => {
    const t = town()
    for (let b = 0; b < t.n; b++) {
      const [ring, ...holes] = blockPolygon(t, b)
      expect(holes).toEqual([])
      expect(ring).toHaveLength(5)
      expect(ring![0]).toEqual(ring![4])
      expect(twiceArea(ring!) / 2 / degree ** 2).toBeCloseTo(1, 6)
      expect(holdsPoint(ring!, t.at[2 * b]!, t.at[2 * b + 1]!)).toBe(true)
    }
  })

  test('of several blocks only the outside is left, and a hole stays a hole', () => {
    const t = town({ columns: 3, rows: 3 })
    const all = outline(t, Array.from({ length: 9 }, (_, i) => i))
    expect(all).toHaveLength(1)
    expect(all[0]).toHaveLength(1)
    expect(twiceArea(all[0]![0]!) / 2 / degree ** 2).toBeCloseTo(9, 5)
    const [ring, hole] = outline(t, [0, 1, 2, 3, 5, 6, 7, 8])[0]!
    expect(twiceArea(ring!) / 2 / degree ** 2).toBeCloseTo(9, 5)
    expect(twiceArea(hole!) / 2 / degree ** 2).toBeCloseTo(-1, 6)
  })

  test('where blocks touch in a point, each ring is simple', () => {
    const t = town({ columns: 3, rows: 3 })
    const diagonal = outline(t, [0, 4]) // they share a corner
    expect(diagonal.map((p) => p.length)).toEqual([1, 1])
    // Two holes that touch in a corner, and a hole that touches the outside.
    const wide = town({ columns: 4, rows: 4 })
    const all = Array.from({ length: 16 }, (_, i) => i)
    expect(outline(wide, all.filter((b) => b !== 5 && b !== 10)).map((p) => p.length)).toEqual([3])
    expect(outline(wide, all.filter((b) => b !== 0 && b !== 5)).map((p) => p.length)).toEqual([2])
    for (const gone of [[5, 10], [0, 5]])
      for (const ring of outline(wide, all.filter((b) => !gone.includes(b))).flat()) expect(new Set(ring.slice(1).map(String)).size).toBe(ring.length - 1)
  })

  test('areas are square metres', () => {
    const t = town()
    const expected = 111_320 ** 2 * degree ** 2 * Math.cos((40.0025 * Math.PI) / 180)
    for (let b = 0; b < t.n; b++) expect(t.area[b]! / expected).toBeCloseTo(1, 3)
  })
})

describe('what lies where', () => {
  const t = town()
  const locator = new Locator(t)

  test('every position belongs to the block it is in, and none outside', () => {
    for (let i = 0; i < 500; i++) {
      const [c, r] = [Math.random() * 6, Math.random() * 5]
      const found = locator.at(t.extent[0] + c * degree, t.extent[1] + r * degree)
      expect(found, `${c} ${r}`).toBe(Math.floor(r) * 6 + Math.floor(c))
    }
    expect(locator.at(t.extent[0] - 1e-6, t.extent[1] + degree)).toBe(-1)
    expect(locator.at(t.extent[0] + degree, t.extent[3] + 1e-6)).toBe(-1)
  })

  test('a brush takes what it passes over, also when the pointer leaps', () => {
    const y = t.at[1]!
    const taken = new Set<number>()
    locator.brushed([t.at[0]!, y], [t.at[2 * 5]!, y], 0, (b) => taken.add(b))
    expect([...taken].sort()).toEqual([0, 1, 2, 3, 4, 5])
    const wide = new Set<number>()
    locator.brushed([t.at[0]!, y], [t.at[0]!, y], degree * 1.1, (b) => wide.add(b))
    expect([...wide].sort((a, b) => a - b)).toEqual([0, 1]) // a degree of latitude is longer than one of longitude up here
  })

  test('a lasso takes the blocks whose point is inside', () => {
    const [w, s] = t.extent
    const at = (c: number, r: number): [number, number] => [w + c * degree, s + r * degree]
    expect(locator.inRing([at(0.2, 0.2), at(2.8, 0.2), at(2.8, 1.8), at(0.2, 1.8)]).sort((a, b) => a - b)).toEqual([0, 1, 2, 6, 7, 8])
    expect(locator.inRing([at(0.6, 0.6), at(0.9, 0.6), at(0.9, 0.9)])).toEqual([])
    expect(locator.inRing([at(0, 0), at(1, 1)])).toEqual([])
  })

  test('the nearest wanted arc within reach', () => {
    const arc = locator.arcNear(t.extent[0] + 2.05 * degree, t.extent[1] + 1.5 * degree, 0.2 * degree, () => true)
    expect([t.left[arc], t.right[arc]]).toEqual([7, 8])
    expect(locator.arcNear(t.extent[0] + 2.5 * degree, t.extent[1] + 1.5 * degree, 0.2 * degree, () => true)).toBe(-1)
  })
})

test('a street face ends at streets, a compound at its own blocks', () => {
  const t = town({ streetColumns: [2, 4], streetRows: [3], compound: (c) => (c === 0 ? '幸福里' : undefined) })
  expect(faceOf(t, 8).sort((a, b) => a - b)).toEqual([2, 3, 8, 9, 14, 15])
  expect(compoundOf(t, 6)).toEqual([0, 6, 12, 18, 24])
  expect(compoundOf(t, 7)).toEqual([7])
})

test('neighbours across the border of two communities are found by their common vertices', () => {
  const t = decode({ revision: 0, communities: [squares({ columns: 2, rows: 2 }), squares({ columns: 2, rows: 2, x: 1_000_002, code: '370883001002', first: 100 })] })
  const pairs = Array.from({ length: t.across.length / 2 }, (_, i) => [t.keys[t.across[2 * i]!], t.keys[t.across[2 * i + 1]!]])
  expect(pairs.sort()).toEqual([[2, 100], [4, 102]])
})

test('an arc that names a block that is not there is the edge of the ground', () => {
  const c = squares({ columns: 2, rows: 1 })
  const t = decode({ revision: 0, communities: [{ ...c, blocks: c.blocks.slice(0, 1) }] })
  expect(t.n).toBe(1)
  expect(blockPolygon(t, 0)[0]).toHaveLength(5)
})
