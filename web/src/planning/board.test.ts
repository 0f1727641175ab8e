import { describe, expect, test } from 'vitest'
import { layersBehind, takenUpTo } from './between'
import { none } from './board'
import type { Board } from './board'
import { boardOf } from './squares'

const [a, b] = ['370883001001001', '370883001001002']
const two = () => boardOf({ columns: 6, rows: 4, grid: (c) => (c < 3 ? a : b) })

/** The sums of every slot, added up anew. */
function checked(board: Board) {
  board.slots.forEach((s, i) => {
    const blocks = board.blocksOf(i)
    expect(s.blocks, s.key).toBe(blocks.length)
    expect(s.residents, s.key).toBe(blocks.reduce((n, x) => n + board.t.residents[x]!, 0))
    expect(s.area, s.key).toBeCloseTo(blocks.reduce((n, x) => n + board.t.area[x]!, 0), 3)
  })
  const left = board.blocksOf(none)
  expect(board.left).toEqual({ blocks: left.length, residents: left.reduce((n, x) => n + board.t.residents[x]!, 0) })
}

describe('sums', () => {
  test('hold whatever is put where', () => {
    const board = two()
    checked(board)
    const fresh = board.fresh()
    for (let i = 0; i < 400; i++) board.put(Math.floor(Math.random() * board.t.n), [none, 0, 1, fresh][Math.floor(Math.random() * 4)]!)
    checked(board)
  })

  test('a grid that loses its blocks has none, and belongs to no community until it gets one', () => {
    const board = two()
    for (const x of board.blocksOf(0)) board.put(x, 1)
    expect(board.slots[0]).toMatchObject({ blocks: 0, residents: 0, community: -1 })
    board.put(0, 0)
    expect(board.slots[0]!.community).toBe(0)
  })

  test('the band follows, by what the server said as long as nothing moved', () => {
    const board = two()
    expect(board.band(board.slots[0]!)).toBe('over') // 12 × 10 of 85 … 115
    board.put(2, 1)
    expect(board.band(board.slots[0]!)).toBe('in')
    expect(board.band(board.slots[1]!)).toBe('over')
    expect(board.deviation(board.slots[0]!)).toBeCloseTo(0.1)
  })
})

describe('what is confirmed and what is on its way', () => {
  test('an answer that comes late takes back no later stroke', () => {
    const board = two()
    const first = { blocks: [1, 2], grid: b }
    const second = { blocks: [2, 3], grid: a }
    for (const e of [first, second]) board.show(new Set([0, 1, 2]), [first, second].slice(0, 1 + [first, second].indexOf(e)))
    expect([0, 1, 2].map((x) => board.keyOf(x))).toEqual([b, a, a])
    board.confirm([{ blocks: first.blocks.map((key) => ({ key, grid: b })), locked: [], reground: [] }], [second])
    expect([0, 1, 2].map((x) => board.keyOf(x))).toEqual([b, a, a])
    board.forget(second, [])
    expect([0, 1, 2].map((x) => board.keyOf(x))).toEqual([b, b, a])
    checked(board)
  })

  test('what others did shows at once where nothing of ours lies over it', () => {
    const board = two()
    board.put(0, 1)
    board.confirm([{ blocks: [{ key: 1, grid: '' }, { key: 2, grid: 'new-4' }], locked: [{ key: 3, locked: true }], reground: [] }], [{ blocks: [1], grid: b }])
    expect([0, 1].map((x) => board.keyOf(x))).toEqual([b, 'new-4'])
    expect(board.refusal(2, 1)).toBe('lockedBlock')
    checked(board)
  })

  test('a grid that gets its key keeps its blocks, also when the key is known already', () => {
    const board = two()
    const s = board.fresh()
    board.put(5, s)
    board.rename('~1', 'new-1')
    expect(board.keyOf(5)).toBe('new-1')
    const other = board.fresh()
    board.put(6, other)
    board.rename(board.slots[other]!.key, 'new-1')
    expect(board.keyOf(6)).toBe('new-1')
    checked(board)
  })
})

test('what may not be given away says why', () => {
  const board = boardOf({ columns: 2, rows: 2, grid: () => a }, { columns: 2, rows: 2, x: 1_000_002, code: '370883001002', first: 100, grid: () => '370883001002001' })
  const [here, there] = [board.slots.indexOf(board.find(a)!), board.slots.indexOf(board.find('370883001002001')!)]
  expect(board.refusal(0, there)).toBe('otherCommunity')
  expect(board.refusal(0, none)).toBe('')
  board.setLock(a, true)
  expect(board.refusal(0, none)).toBe('lockedGrid')
  expect(board.refusal(4, here)).toBe('lockedGrid')
})

test('colours that a preview needed are given back', () => {
  const board = boardOf({ columns: 3, rows: 1, grid: (c) => [a, b, '370883001001003'][c]! })
  const plain = board.slots.map((s) => s.colour)
  board.dye(plain.map((c) => c + 1))
  expect(board.slots.map((s) => s.colour)).not.toEqual(plain)
  expect(board.dye(plain)).toBe(true)
  expect(board.slots.map((s) => s.colour)).toEqual(plain)
})

test('parts are counted through borders, not through corners', () => {
  const board = boardOf({ columns: 3, rows: 3, grid: (c, r) => ((c + r) % 2 ? a : b) })
  expect(board.partsOf(board.slots.indexOf(board.find(a)!)).map((p) => p.length)).toEqual([1, 1, 1, 1])
  board.put(4, board.slots.indexOf(board.find(a)!))
  expect(board.partsOf(board.slots.indexOf(board.find(a)!)).map((p) => p.length)).toEqual([5])
})

describe('moving a border to a street', () => {
  // Streets left of columns 2 and 4; a has columns 0 … 2, b the rest.
  const board = boardOf({ columns: 6, rows: 2, grid: (c) => (c < 3 ? a : b), streetColumns: [2, 4] })
  const [left, right] = [board.slots.indexOf(board.find(a)!), board.slots.indexOf(board.find(b)!)]

  test('the ground up to the next street comes first, that behind it with the next layer', () => {
    const layers = layersBehind(board, right, left)
    const of = (depth: number) => [...layers].filter(([, d]) => d === depth).map(([x]) => x).sort((x, y) => x - y)
    expect(of(0)).toEqual([3, 9])
    expect(of(1)).toEqual([4, 5, 10, 11])
    expect(takenUpTo(layers, 9, 6)!.sort((x, y) => x - y)).toEqual([3, 9])
  })

  test('nothing is taken where nothing would be left, or where there is no way', () => {
    const layers = layersBehind(board, right, left)
    expect(takenUpTo(layers, 5, 6)).toEqual([])
    expect(takenUpTo(layers, 0, 6)).toEqual([])
  })

  test('from the stretch that is dragged, where a border with steps touches ground on both sides of a street', () => {
    // a has the lower left, and b the rest: their border has a step, and b touches it on both sides of the street left of column 2.
    const stepped = boardOf({ columns: 4, rows: 2, grid: (c, r) => (c === 0 || (r === 0 && c < 3) ? a : b), streetColumns: [2] })
    const [of, from] = [stepped.slots.indexOf(stepped.find(a)!), stepped.slots.indexOf(stepped.find(b)!)]
    expect(takenUpTo(layersBehind(stepped, from, of), 5, 4)).toEqual([])
    const arc = Array.from({ length: stepped.t.m }, (_, i) => i).find((i) => [stepped.t.left[i], stepped.t.right[i]].sort().join() === '4,5')!
    expect(takenUpTo(layersBehind(stepped, from, of, arc), 5, 4)).toEqual([5])
  })

  test('locked blocks stay, and stop what lies behind them', () => {
    board.setLock(4, true)
    board.setLock(10, true) // the squares of column 3
    expect(layersBehind(board, right, left).size).toBe(0)
    board.setLock(4, false)
    expect([...layersBehind(board, right, left).keys()]).toContain(3)
  })
})
