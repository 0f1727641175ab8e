import { expect, test } from 'vitest'
import type { Net } from '../api/files'
import { en as enWords } from '../words/en'
import { zh as zhWords } from '../words/zh'
import { answered, forPage, planOf, systemsIn, zonesNear } from './netplan'
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
    net: 'x', fields: { code: '', name: '', special: '' }, refused: 0, refusals: [], polygons: grids.length, flaws: [], decisions: [], left_alone: [], left_out: [],
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

test('blocks that are left in no grid are placed in none', () => {
  const plan = planOf({ ...net([[community + '001', '']], [[1, 0]]), left_out: [2, 99] }, board(), live)
  expect(plan.left).toBe(1)
  expect(plan.assignment).toContainEqual({ key: 2, grid: '' })
})

test('sentences of the server name the fields of the page, and no option of the command line', () => {
  const zh = zhWords.planFlow.fields
  expect(forPage('像是 CGCS2000 的 3 度带第 39 带（带号在前），请用 --crs epsg:4527', zh)).toBe('像是 CGCS2000 的 3 度带第 39 带（带号在前），请用“坐标系”一栏的 epsg:4527')
  expect(forPage('请用 --crs epsg:4534–4554（3 度带）或 4502–4512（6 度带）说明中央经线', zh)).toBe('请用“坐标系”一栏的 epsg:4534–4554（3 度带）或 4502–4512（6 度带）说明中央经线')
  expect(forPage('请检查文件的坐标系（--crs gcj02、bd09）和经纬度顺序', zh)).not.toContain('--')
  expect(forPage('坐标系（--crs）是否正确', zh)).toBe('坐标系是否正确')
  expect(forPage('a.zip 中没有字段 "X"（--code-field）；有：A', zh)).toBe('a.zip 中没有字段 "X"（“编码字段”一栏）；有：A')
  const en = enWords.planFlow.fields
  expect(forPage('they look like 3-degree zone 39 of CGCS2000 with its number: say --crs epsg:4527', en)).toBe('they look like 3-degree zone 39 of CGCS2000 with its number: say epsg:4527 under "Coordinates"')
  expect(forPage('for this division 3 degrees are --crs epsg:4548 (central meridian 117°)', en)).toBe('for this division 3 degrees are epsg:4548 under "Coordinates" (central meridian 117°)')
  expect(forPage('there is no field "X" (--special-field); it has: A', en)).toBe('there is no field "X"; it has: A')
})
