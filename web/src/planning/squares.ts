// A ground of equal squares, for tests: columns × rows of blocks, each of so many people, with streets where one says.

import type { Act, Acted, DraftGrid, Ground, Settings } from '../api/drafts'
import { Board } from './board'
import { decode } from './topology'

export const side = 10_000 // lattice steps: a thousandth of a degree

export interface Squares {
  columns: number
  rows: number
  /** Where the lower left corner stands, in squares. */
  x?: number
  y?: number
  code?: string
  /** The first block's number. */
  first?: number
  grid?: (column: number, row: number) => string
  /** Its live grid, where that is another one. */
  base?: (column: number, row: number) => string
  residents?: (column: number, row: number) => number
  compound?: (column: number, row: number) => string | undefined
  /** A street runs along the left side of these columns, and along the lower side of these rows. */
  streetColumns?: number[]
  streetRows?: number[]
}

export function squares(s: Squares): Ground['communities'][number] {
  const { columns, rows, x: x0 = 1_000_000, y: y0 = 400_000, first = 1 } = s
  const key = (c: number, r: number) => (c < 0 || r < 0 || c >= columns || r >= rows ? 0 : first + r * columns + c)
  const at = (c: number, r: number): [number, number] => [(x0 + c) * side, (y0 + r) * side]
  const blocks = []
  const arcs = []
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++) {
      const [x, y] = at(c, r)
      const people = s.residents?.(c, r) ?? 10
      const compound = s.compound?.(c, r)
      blocks.push({ key: key(c, r), grid: s.grid?.(c, r) ?? '', base: s.base?.(c, r) ?? s.grid?.(c, r) ?? '', residents: people, weight: people, houses: 1, at: [(x + side / 2) / 1e7, (y + side / 2) / 1e7] as [number, number], people: 'known' as const, ...(compound ? { compound } : {}) })
    }
  for (let r = 0; r <= rows; r++)
    for (let c = 0; c < columns; c++) arcs.push({ l: key(c, r), r: key(c, r - 1), b: s.streetRows?.includes(r) ? 2 : 0, p: [...at(c, r), side, 0] }) // going east: above is left
  for (let c = 0; c <= columns; c++)
    for (let r = 0; r < rows; r++) arcs.push({ l: key(c - 1, r), r: key(c, r), b: s.streetColumns?.includes(c) ? 2 : 0, p: [...at(c, r), 0, side] }) // going north: the west is left
  return { code: s.code ?? '370883001001', blocks, arcs }
}

export const settings: Settings = { target: 100, tolerance: 0.15, lower: 85, upper: 115, unit: '' }

/** What the server would say of the grids of a ground, as far as tests look at it. */
export function gridsOf(ground: Ground): DraftGrid[] {
  const keys = [...new Set(ground.communities.flatMap((c) => c.blocks.map((b) => b.grid)).filter(Boolean))].sort()
  return keys.map((key) => {
    const community = ground.communities.find((c) => c.blocks.some((b) => b.grid === key))!
    const mine = community.blocks.filter((b) => b.grid === key)
    const residents = mine.reduce((n, b) => n + b.residents, 0)
    const deviation = residents / settings.target - 1
    const band = residents < settings.lower ? 'under' : residents > settings.upper ? 'over' : 'in'
    return { key, community: community.code, name: '', special: '', locked: false, residents, weight: residents, blocks: mine.length, houses: mine.length, area_m2: 0, compactness: 0.9, deviation, band, parts: 1, label: mine[0]!.at, bounds: [0, 0, 1, 1] }
  })
}

export function boardOf(...communities: Squares[]): Board {
  const ground: Ground = { revision: 0, communities: communities.map(squares) }
  const blocks = ground.communities.flatMap((c) => c.blocks)
  return new Board(
    decode(ground),
    settings,
    blocks.map((b) => b.grid),
    gridsOf(ground),
    blocks.map(() => false),
  )
}

/** An answer in which an act was done as it was asked. */
export function answered(act: Act, revision: number, more: Partial<Acted> = {}): Acted {
  const blocks = act.kind === 'assign' ? act.blocks.map((key) => ({ key, grid: act.grid === 'new' ? 'new-1' : act.grid })) : []
  return { revision, seq: revision, saved: true, text: { zh: '', en: '' }, patch: { blocks, locked: [], reground: [] }, grids: [], problems: [], undo: null, redo: null, missed: [], patches: [], moved: 0, ...more }
}
