// What a file of grids means for a draft: which grid each block goes to, in the draft's own keys, and what would change.

import type { Answers, Decision, Net, NetGrid } from '../api/files'
import type { Placed } from '../api/drafts'
import type { Board } from './board'

export interface NetPlan {
  /** All blocks that the file says something of and the draft has. */
  assignment: Placed[]
  /** Blocks that somebody decided to leave in no grid. */
  left: number
  /** The grids of the net, by the key that they have in the draft. */
  keys: string[]
  changed: { blocks: number; residents: number }
  /** Blocks that the draft has cut: the file knows them whole only, so their pieces stay where they are. */
  cut: number
  /** Grids whose name in the file is another one than they have. */
  names: { key: string; name: string; was: string }[]
  /** Grids of another kind in the file than they have: special ones, and where the file has kinds, ordinary ones again. */
  kinds: { grid: string; special: string }[]
}

/** live: name by code of all grids that are live there. */
export function planOf(net: Net, board: Board, live: ReadonlyMap<string, string>): NetPlan {
  const members = new Map<number, number[]>()
  let cut = 0
  for (const a of net.assigned) {
    const block = board.t.indexOf.get(a.block)
    if (block === undefined) {
      cut++
      continue
    }
    const there = members.get(a.grid)
    if (there) there.push(block)
    else members.set(a.grid, [block])
  }
  const keys = keysOf(net.grids, members, board, live)
  const plan: NetPlan = { assignment: [], left: 0, keys, changed: { blocks: 0, residents: 0 }, cut, names: [], kinds: [] }
  for (const [grid, blocks] of members)
    for (const b of blocks) {
      plan.assignment.push({ key: board.t.keys[b]!, grid: keys[grid]! })
      if (sureKey(board, b) === keys[grid]) continue
      plan.changed.blocks++
      plan.changed.residents += board.t.residents[b]!
    }
  for (const key of net.left_out ?? []) {
    const b = board.t.indexOf.get(key)
    if (b === undefined) continue
    plan.left++
    plan.assignment.push({ key, grid: '' })
    if (sureKey(board, b) === '') continue
    plan.changed.blocks++
    plan.changed.residents += board.t.residents[b]!
  }
  net.grids.forEach((g, i) => {
    const was = board.find(keys[i])?.name || (live.get(keys[i]!) ?? '')
    const kind = g.special ?? ''
    if (members.has(i) && (kind || net.fields.special) && kind !== (board.find(keys[i])?.special ?? '')) plan.kinds.push({ grid: keys[i]!, special: kind })
    if (members.has(i) && g.name && g.name !== was) plan.names.push({ key: keys[i]!, name: g.name, was })
  })
  return plan
}

/** A code that is live stays the key; the others are new, or the draft's own new grid where that is the same ground. */
function keysOf(grids: readonly NetGrid[], members: ReadonlyMap<number, number[]>, board: Board, live: ReadonlyMap<string, string>): string[] {
  const taken = new Set<string>()
  let next = board.slots.reduce((most, s) => Math.max(most, Number(/^new-(\d+)$/.exec(s.key)?.[1] ?? 0)), 0)
  return grids.map((g, i) => {
    const same = sameGround(members.get(i) ?? [], board)
    let key = 'new-' + (next + 1)
    if (/^\d{15}$/.test(g.code) && live.has(g.code) && g.code.startsWith(g.community) && !taken.has(g.code)) key = g.code
    else if (same.startsWith('new-') && !taken.has(same)) key = same
    else next++
    taken.add(key)
    return key
  })
}

/** The draft's grid of exactly these blocks, '' for none. */
function sameGround(blocks: readonly number[], board: Board): string {
  const slot = blocks.length ? board.sure[blocks[0]!]! : -1
  if (slot < 0 || board.slots[slot]!.blocks !== blocks.length) return ''
  return blocks.every((b) => board.sure[b] === slot) ? board.slots[slot]!.key : ''
}

function sureKey(board: Board, block: number): string {
  const slot = board.sure[block]!
  return slot < 0 ? '' : board.slots[slot]!.key
}

/** Adds what was decided to the answers. */
export function answered(answers: Answers, decision: Decision, polygon: number): Answers {
  if (decision.ask === 'code') return { ...answers, codes: { ...answers.codes, [decision.code ?? '']: polygon } }
  return { ...answers, blocks: { ...answers.blocks, ...Object.fromEntries((decision.blocks ?? []).map((b) => [String(b), polygon])) } }
}

/** Systems of coordinates by their EPSG number: three degrees wide (zone number in front, or none), then six. */
export interface Zone {
  crs: string
  meridian: number
  wide: boolean
  /** The number in front of the easting, 0 for none. */
  zone: number
}

export const zones: readonly Zone[] = [
  ...Array.from({ length: 21 }, (_, i) => ({ crs: 'epsg:' + (4513 + i), meridian: 75 + 3 * i, wide: false, zone: 25 + i })),
  ...Array.from({ length: 21 }, (_, i) => ({ crs: 'epsg:' + (4534 + i), meridian: 75 + 3 * i, wide: false, zone: 0 })),
  ...Array.from({ length: 11 }, (_, i) => ({ crs: 'epsg:' + (4491 + i), meridian: 75 + 6 * i, wide: true, zone: 13 + i })),
  ...Array.from({ length: 11 }, (_, i) => ({ crs: 'epsg:' + (4502 + i), meridian: 75 + 6 * i, wide: true, zone: 0 })),
]

/** Those that ground at a longitude is measured in. */
export function zonesNear(lon: number): Zone[] {
  return zones.filter((z) => Math.abs(z.meridian - lon) <= (z.wide ? 3 : 2)).sort((a, b) => Math.abs(a.meridian - lon) - Math.abs(b.meridian - lon))
}

/** The systems of coordinates that a sentence of the server names. */
export function systemsIn(text: string): string[] {
  return [...new Set([...text.matchAll(/epsg:(\d{4})\b/gi)].map((m) => 'epsg:' + m[1]))]
}

/** What the page calls the options of the command line: the server's advice names those. */
export interface PageFields {
  crs: (value: string) => string
  code: string
  name: string
}

/** The server's sentence with the page's own fields in it. */
export function forPage(text: string, fields: PageFields): string {
  return text
    .replace(/\s*[（(]--crs[）)]/g, '') // beside the words for it
    .replace(/\s?--crs ((?:epsg:\d+(?:[–-]\d+| to \d+)?|[a-z]+\d+(?:[、,] ?[a-z]+\d+)*))/g, (_, value: string) => fields.crs(value))
    .replace(/--code-field/g, fields.code)
    .replace(/--name-field/g, fields.name)
    .replace(/\s*[（(]--[a-z-]+[）)]/g, '')
}
