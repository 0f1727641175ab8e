import { expect, test } from 'vitest'
import { en } from '../words/en'
import { zh } from '../words/zh'
import { boardOf } from './squares'
import { strokeText } from './stroketext'
import { toolOf } from './tools'
import type { Desk, Left, Nothing } from './tools'

const code = (n: number) => '37088300100100' + n
const other = '370883001002001'

/** A row of six blocks: three in grid 1, three in grid 2; two more of another community. */
function desk() {
  const board = boardOf({ columns: 6, rows: 1, grid: (c) => code(c < 3 ? 1 : 2) }, { columns: 2, rows: 1, x: 1_000_006, code: '370883001002', first: 100, grid: () => other })
  const heard: { gave: [number[], number, Left][]; nothing: Nothing[] } = { gave: [], nothing: [] }
  let under: number[] = []
  const nowhere = { draw() {}, clear() {}, brush() {} }
  const d = {
    board,
    locator: { at: () => under[0] ?? -1, brushed: (_f: unknown, _t: unknown, _r: number, take: (b: number) => void) => under.forEach(take) },
    map: { sketch: nowhere },
    active: 0,
    brush: 10,
    choose() {},
    over() {},
    painting() {},
    gave: (blocks: readonly number[], slot: number, left: Left) => heard.gave.push([[...blocks], slot, left]),
    nothing: (why: Nothing) => heard.nothing.push(why),
  } as unknown as Desk
  const p = { lon: 0, lat: 0, x: 0, y: 0, shift: false, alt: false, ctrl: false, pixel: 1, room: 500 }
  /** Draws over these, and over them again. */
  const paint = (tool: 'brush' | 'erase', blocks: number[]) => {
    const hands = toolOf(tool, d)
    under = blocks
    hands.down!(p)
    hands.drag!(p)
    hands.up!(p, true)
  }
  return { board, heard, paint }
}

test('a stroke tells how many blocks it left and why, each once', () => {
  const { board, heard, paint } = desk()
  board.setLock(4, true)
  paint('brush', [3, 4, 6, 7])
  expect(heard.nothing).toEqual([])
  expect(heard.gave).toEqual([[[4], 0, new Map([['lockedBlock', 1], ['otherCommunity', 2]])]])
})

test('one that nothing refuses leaves none; one that everything refuses says why instead', () => {
  const free = desk()
  free.paint('brush', [3, 4])
  expect(free.heard.gave[0]![2].size).toBe(0)
  const locked = desk()
  locked.board.setLock(code(2), true)
  locked.paint('erase', [3, 4])
  expect(locked.heard).toEqual({ gave: [], nothing: ['lockedGrid'] })
})

test.each<[number, boolean, Left, string, string]>([
  [12, true, new Map([['otherCommunity', 2], ['lockedBlock', 3]]), '划入 12 个单元；5 个未动：3 个单元已锁定，2 个属于其他社区', '12 blocks painted; 5 left: 3 locked, 2 in another community'],
  [1, true, new Map([['otherCommunity', 1]]), '划入 1 个单元；1 个未动：属于其他社区', '1 block painted; 1 left: in another community'],
  [1200, false, new Map([['lockedGrid', 4]]), '移出 1,200 个单元；4 个未动：所在网格已锁定', '1,200 blocks taken out; 4 left: in a locked grid'],
])('%i blocks, into a grid: %s', (painted, into, left, chinese, english) => {
  expect(strokeText(painted, into, left, zh.plan.stroke, 'zh')).toBe(chinese)
  expect(strokeText(painted, into, left, en.plan.stroke, 'en')).toBe(english)
})
