import { expect, test } from 'vitest'
import { boardOf } from './squares'
import { colouring, palette } from './palette'

type RGB = [number, number, number]
const linear = (hex: string) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16) / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)) as RGB

/** What is left of a colour for those who lack one kind of cone: Machado, Oliveira and Fernandes 2009, full severity, on linear light. */
const eyes: Record<string, number[][]> = {
  trichromat: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protanope: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deuteranope: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  tritanope: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}

/** CIE L*a*b* under D65. */
function lab([r, g, b]: RGB): RGB {
  const f = (t: number) => (t > 216 / 24389 ? Math.cbrt(t) : (24389 / 27 * t + 16) / 116)
  const x = f((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047)
  const y = f(0.2126729 * r + 0.7151522 * g + 0.072175 * b)
  const z = f((0.0193339 * r + 0.119192 * g + 0.9503041 * b) / 1.08883)
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)]
}

/** As it is on the map: over paper, through the fill's opacity. */
const onPaper = (hex: string, share: number) => linear(hex).map((v, i) => v * share + linear('#f6f2e9')[i]! * (1 - share)) as RGB
const seen = (colour: RGB, eye: string) => lab(eyes[eye]!.map((row) => Math.min(1, Math.max(0, row[0]! * colour[0] + row[1]! * colour[1] + row[2]! * colour[2]))) as RGB)

test.each(Object.keys(eyes))('any two colours are told apart by a %s', (eye) => {
  for (let i = 0; i < palette.length; i++)
    for (let j = i + 1; j < palette.length; j++) {
      const [p, q] = [seen(onPaper(palette[i]!, 0.6), eye), seen(onPaper(palette[j]!, 0.6), eye)]
      expect(Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]), `${palette[i]} ${palette[j]}`).toBeGreaterThan(11)
    }
})

test('neighbours never have one colour, and a grid that need not change keeps its own', () => {
  for (let turn = 0; turn < 30; turn++) {
    const board = boardOf({ columns: 12, rows: 12, grid: () => '37088300100100' + Math.floor(Math.random() * 10) })
    const before = board.slots.map((s) => s.colour)
    for (let i = 0; i < 20; i++) board.put(Math.floor(Math.random() * board.t.n), Math.floor(Math.random() * board.slots.length))
    board.recolour()
    expect(board.slots.every((s) => s.colour >= 0 && s.colour < palette.length)).toBe(true)
    const same = board.slots.filter((s, i) => s.colour === before[i]).length
    expect(same).toBeGreaterThan(0)
  }
})

test('a map in the plane is coloured without a clash, a change beside it leaves the rest as it is', () => {
  // A strip of grids, each beside the next: stripes.
  const grid = (c: number, r: number) => String(370883001001001 + Math.floor(c / 2) + 6 * Math.floor(r / 3))
  const board = boardOf({ columns: 12, rows: 9, grid })
  const clashes = () => {
    let n = 0
    for (let a = 0; a < board.t.m; a++) {
      const [l, r] = board.sides(a)
      if (l !== r && l >= 0 && r >= 0 && board.slots[l]!.colour === board.slots[r]!.colour) n++
    }
    return n
  }
  expect(clashes()).toBe(0)
  const before = board.slots.map((s) => s.colour)
  board.put(2, board.grid[0]!)
  board.recolour()
  expect(clashes()).toBe(0)
  expect(board.slots.filter((s, i) => s.colour !== before[i]).length).toBeLessThan(3)
})

test('grids of two communities that touch are neighbours too', () => {
  const [a, b] = ['370883001001001', '370883001002001']
  const board = boardOf({ columns: 2, rows: 2, grid: () => a }, { columns: 2, rows: 2, x: 1_000_002, code: '370883001002', first: 100, grid: () => b })
  expect(board.find(a)!.colour).not.toBe(board.find(b)!.colour)
})

test('of two that clash the one with fewer neighbours changes', () => {
  const given = colouring(4, [[0, 1], [0, 2], [0, 3]], [2, 2, 5, 5])
  expect([...given].slice(0, 1).concat([...given].slice(2))).toEqual([2, 5, 5])
  expect(given[1]).not.toBe(2)
})
