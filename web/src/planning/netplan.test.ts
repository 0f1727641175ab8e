import { expect, test } from 'vitest'
import type { Net } from '../api/files'
import { answered, planOf, systemsIn, zonesNear } from './netplan'
import type { Board } from './board'

const community = '370883100201'
/** Four blocks: 1 and 2 in a live grid, 3 in one that the draft made, 4 in none. */
function board(): Board {
  const slots = [
    { key: community + '001', name: '一号', blocks: 2 },
    { key: 'new-4', name: '', blocks: 1 },
  ]
  return {
    slots,
    sure: Int32Array.from([0, 0, 1, -1]),
    find: (key: string) => slots.find((s) => s.key === key),
    t: { indexOf: new Map([1, 2, 3, 4].map((k, i) => [k, i])), keys: [1, 2, 3, 4], residents: [10, 20, 30, 40] },
  } as unknown as Board
}
function net(grids: [code: string, name: string][], assigned: [block: number, grid: number][]): Net {
  return {
    net: 'x', fields: { code: '', name: '', special: '' }, refused: 0, refusals: [], polygons: grids.length, flaws: [], decisions: [], left_alone: [],
    grids: grids.map(([code, name], i) => ({ polygon: i, code, name, community, blocks: 0, residents: 0, area_m2: 1 })),
    assigned: assigned.map(([block, grid]) => ({ block, grid })),
  }
}
const live = new Map([[community + '001', '一号']])

test('a live code stays the key, any other is new; only what changes counts', () => {
  const plan = planOf(net([[community + '001', '一号'], [community + '077', '东头']], [[1, 0], [2, 1], [4, 1]]), board(), live)
  expect(plan.keys).toEqual([community + '001', 'new-5'])
  expect(plan.assignment).toEqual([{ key: 1, grid: community + '001' }, { key: 2, grid: 'new-5' }, { key: 4, grid: 'new-5' }])
  expect(plan.changed).toEqual({ blocks: 2, residents: 60 })
  expect(plan.names).toEqual([{ key: 'new-5', name: '东头', was: '' }])
})

test('a live code that two grids claim is that of the first', () => {
  const plan = planOf(net([[community + '001', ''], [community + '001', '']], [[1, 0], [2, 1]]), board(), live)
  expect(plan.keys).toEqual([community + '001', 'new-5'])
})

test("the draft's own new grid is found again by its ground", () => {
  const plan = planOf(net([['', '']], [[3, 0]]), board(), live)
  expect(plan.keys).toEqual(['new-4'])
  expect(plan.changed.blocks).toBe(0)
})

test('blocks that the draft has cut stay', () => {
  const plan = planOf(net([[community + '001', '']], [[1, 0], [99, 0]]), board(), live)
  expect(plan.cut).toBe(1)
  expect(plan.assignment).toEqual([{ key: 1, grid: community + '001' }])
})

test('answers are kept for all blocks of a decision', () => {
  const base = { community, residents: 1, area_m2: 1, bounds: [0, 0, 1, 1] as [number, number, number, number], candidates: [], what: { zh: '', en: '' } }
  const a = answered({ blocks: {}, codes: {} }, { ...base, ask: 'part', blocks: [7, 8] }, -1)
  expect(answered(a, { ...base, ask: 'code', blocks: null, code: 'A' }, 3)).toEqual({ blocks: { 7: -1, 8: -1 }, codes: { A: 3 } })
})

test('planes in use at a longitude, and those that a sentence names', () => {
  expect(zonesNear(117).map((z) => z.crs)).toEqual(['epsg:4527', 'epsg:4548', 'epsg:4498', 'epsg:4509'])
  expect(systemsIn('请用 --crs epsg:4548（3 度带）或 EPSG:4509')).toEqual(['epsg:4548', 'epsg:4509'])
})
