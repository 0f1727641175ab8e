// A building's rooms laid out as a table: storeys from the top down, entrances from left to right, and in each entrance a column for each position, so
// that 301 stands above 201.

import type { House, Stack, StackRoom } from '../api/shapes'

/** What a cell is marked with, in the order of the key. */
export const marks = ['vacant', 'rented', 'floating', 'care', 'shop', 'outside'] as const
export type Mark = (typeof marks)[number]

/** What a room is marked with. */
export function marksOf(room: StackRoom): Mark[] {
  if (!room.seen) return room.kind === 'home' ? ['outside'] : ['shop', 'outside']
  const out: Mark[] = []
  if (room.kind !== 'home') out.push('shop')
  else if (room.residents === 0 && room.occupancy !== 'rented') out.push('vacant')
  if (room.occupancy === 'rented') out.push('rented')
  if (room.floating > 0) out.push('floating')
  if (room.care.length > 0) out.push('care')
  return out
}

/** How many rooms bear each mark. */
export function tally(rooms: readonly StackRoom[]): Record<Mark, number> {
  const out = Object.fromEntries(marks.map((m) => [m, 0])) as Record<Mark, number>
  for (const room of rooms) for (const mark of marksOf(room)) out[mark]++
  return out
}

export interface Unit {
  name: string
  /** How many columns it takes. */
  columns: number
}

export interface Floor {
  floor: number
  /** A room, several that share a place, or none, for each column of the table. */
  cells: StackRoom[][]
}

export interface Table {
  units: Unit[]
  floors: Floor[]
}

/** What of a room's number says where it lies on its floor: 02 of 1502, the whole number where the floor isn't in it. */
export function position(room: Pick<House, 'floor' | 'room'>): string {
  const floor = String(Math.abs(room.floor))
  return room.floor !== 0 && room.room.startsWith(floor) && room.room.length > floor.length ? room.room.slice(floor.length) : room.room
}

const byName = new Intl.Collator('zh-CN', { numeric: true }).compare

/** Lays a building out. */
export function tableOf(stack: Pick<Stack, 'units' | 'floors' | 'rooms'>): Table {
  const positions = new Map(stack.units.map((u) => [u, [...new Set(stack.rooms.filter((r) => r.unit === u).map(position))].toSorted(byName)]))
  const units = stack.units.map((name) => ({ name, columns: positions.get(name)?.length ?? 0 }))
  const from = new Map<string, number>()
  let columns = 0
  for (const u of units) {
    from.set(u.name, columns)
    columns += u.columns
  }
  const floors = stack.floors.map((floor) => {
    const cells: StackRoom[][] = Array.from({ length: columns }, () => [])
    for (const room of stack.rooms) {
      if (room.floor !== floor) continue
      cells[(from.get(room.unit) ?? 0) + (positions.get(room.unit) ?? []).indexOf(position(room))]?.push(room)
    }
    return { floor, cells }
  })
  return { units, floors }
}

/** What the addresses of all rooms begin with: the address of the building. A number that was cut through isn't part of it. */
export function commonAddress(rooms: readonly Pick<House, 'address' | 'unit'>[]): string {
  const [first, ...rest] = rooms.map((r) => r.address)
  if (first === undefined) return ''
  if (rest.length === 0) return first
  let n = first.length
  for (const other of rest) while (n > 0 && !other.startsWith(first.slice(0, n))) n--
  const common = first.slice(0, n).replace(/\d+$/, '')
  const unit = rooms[0]!.unit
  return unit && common.endsWith(unit) ? common.slice(0, -unit.length) : common // a building with one entrance
}

export type Way = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown' | 'Home' | 'End'

/** The room that a key leads to from another one: past what is empty, as far as the table goes; the same one at its edge. */
export function next(table: Table, from: string, way: Way): string {
  const rows = table.floors.map((f) => f.cells)
  const row = rows.findIndex((cells) => cells.some((c) => c.some((r) => r.id === from)))
  const cells = rows[row]
  if (!cells) return from
  const column = cells.findIndex((c) => c.some((r) => r.id === from))
  const at = cells[column]!.findIndex((r) => r.id === from)
  if (way === 'ArrowUp' || way === 'ArrowDown') {
    const within = cells[column]![at + (way === 'ArrowDown' ? 1 : -1)] // several may share a cell
    if (within) return within.id
    const step = way === 'ArrowDown' ? 1 : -1
    for (let r = row + step; r >= 0 && r < rows.length; r += step) {
      const found = step > 0 ? rows[r]![column]![0] : rows[r]![column]!.at(-1)
      if (found) return found.id
    }
    return nearest(rows, row, column, step) ?? from
  }
  const flat = cells.map((c) => c[Math.min(at, c.length - 1)])
  if (way === 'Home') return flat.find((r) => r)?.id ?? from
  if (way === 'End') return flat.findLast((r) => r)?.id ?? from
  const step = way === 'ArrowRight' ? 1 : -1
  for (let c = column + step; c >= 0 && c < flat.length; c += step) if (flat[c]) return flat[c]!.id
  return from
}

/** Where a column has nothing further on: the nearest room of the next storey that has any. */
function nearest(rows: StackRoom[][][], row: number, column: number, step: number): string | undefined {
  for (let r = row + step; r >= 0 && r < rows.length; r += step) {
    const some = rows[r]!.flatMap((c, i) => (c[0] ? [{ id: c[0].id, away: Math.abs(i - column) }] : [])).toSorted((a, b) => a.away - b.away)[0]
    if (some) return some.id
  }
  return undefined
}
