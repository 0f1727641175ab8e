import { describe, expect, test } from 'vitest'
import type { StackRoom } from '../api/shapes'
import { commonAddress, marksOf, next, position, tableOf, tally } from './stack'

const room = (id: string, unit: string, floor: number, number: string, more: Partial<StackRoom> = {}): StackRoom => ({
  id, unit, floor, room: number, kind: 'home', seen: true, residents: 2, floating: 0, care: [], names: [], code: id, building: '', address: `某路1号${unit}${number}室`, place: '', number: '', area: 0, lon: 0, lat: 0, grid: '', community: { code: '', name: '' }, town: '', occupancy: 'owner', ...more,
})

// Two entrances; the second has nothing on the third floor but its second flat, and a shop without an entrance is below.
const rooms = [room('a', '1单元', 3, '301'), room('b', '1单元', 3, '302'), room('c', '2单元', 3, '302'), room('d', '1单元', 2, '201'), room('e', '1单元', 2, '202'), room('f', '2单元', 2, '201'), room('g', '2单元', 2, '202'), room('s', '', 1, '101', { kind: 'shop', residents: 0 })]
const table = tableOf({ units: ['', '1单元', '2单元'], floors: [3, 2, 1], rooms })
const ids = (floor: number) => table.floors[floor]!.cells.map((c) => c.map((r) => r.id).join('+'))

describe('a building as a table', () => {
  test('flats stand above those of the same position', () => {
    expect(table.units).toEqual([{ name: '', columns: 1 }, { name: '1单元', columns: 2 }, { name: '2单元', columns: 2 }])
    expect([ids(0), ids(1), ids(2)]).toEqual([['', 'a', 'b', '', 'c'], ['', 'd', 'e', 'f', 'g'], ['s', '', '', '', '']])
  })

  test('a position is what the number says besides the floor', () => {
    expect(position({ floor: 15, room: '1502' })).toBe('02')
    expect(position({ floor: 1, room: '1' })).toBe('1')
    expect(position({ floor: 0, room: '东屋' })).toBe('东屋')
    expect(position({ floor: -1, room: '102' })).toBe('02')
  })

  test('rooms that share a place share a cell', () => {
    const twice = tableOf({ units: [''], floors: [1], rooms: [room('x', '', 1, '101'), room('y', '', 1, '101')] })
    expect(twice.floors[0]!.cells.map((c) => c.length)).toEqual([2])
    expect(next(twice, 'x', 'ArrowDown')).toBe('y')
    expect(next(twice, 'y', 'ArrowUp')).toBe('x')
  })

  test('arrows pass over what is empty, and stop at the edge', () => {
    expect(next(table, 'b', 'ArrowRight')).toBe('c')
    expect(next(table, 'c', 'ArrowLeft')).toBe('b')
    expect(next(table, 'f', 'ArrowUp')).toBe('b') // nothing stands above it: the nearest
    expect(next(table, 'a', 'ArrowDown')).toBe('d')
    expect(next(table, 'g', 'ArrowDown')).toBe('s')
    expect(next(table, 'a', 'ArrowLeft')).toBe('a')
    expect(next(table, 'd', 'End')).toBe('g')
    expect(next(table, 'g', 'Home')).toBe('d')
  })
})

test('what a cell is marked with', () => {
  expect(marksOf(room('x', '', 1, '1'))).toEqual([])
  expect(marksOf(room('x', '', 1, '1', { residents: 0, occupancy: 'vacant' }))).toEqual(['vacant'])
  expect(marksOf(room('x', '', 1, '1', { residents: 0, occupancy: 'rented' }))).toEqual(['rented'])
  expect(marksOf(room('x', '', 1, '1', { occupancy: 'rented', floating: 1, care: ['alone'] }))).toEqual(['rented', 'floating', 'care'])
  expect(marksOf(room('x', '', 1, '1', { kind: 'shop', residents: 0 }))).toEqual(['shop'])
  expect(marksOf(room('x', '', 1, '1', { seen: false, residents: 0 }))).toEqual(['outside'])
  expect(tally(rooms)).toEqual({ vacant: 0, rented: 0, floating: 0, care: 0, shop: 1, outside: 0 })
})

test('the address of a building is what its rooms have in common', () => {
  const at = (address: string) => ({ address, unit: '' })
  expect(commonAddress([at('文化路8号1单元101室'), at('文化路8号1单元102室'), at('文化路8号2单元101室')])).toBe('文化路8号')
  expect(commonAddress([at('东石庄村18号')])).toBe('东石庄村18号')
  expect(commonAddress([])).toBe('')
  expect(commonAddress(['101', '102', '201'].map((r) => ({ address: `银河路108号丽景湾2号楼1单元${r}室`, unit: '1单元' })))).toBe('银河路108号丽景湾2号楼')
})
