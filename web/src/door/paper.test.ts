import { expect, test } from 'vitest'
import { paperOf } from './paper'

const numbers = (path: string) => (path.match(/-?\d+(\.\d+)?/g) ?? []).map(Number)

test('a seed draws one town, another seed another', () => {
  expect(paperOf(7)).toEqual(paperOf(7))
  expect(paperOf(8).buildings).not.toBe(paperOf(7).buildings)
})

test('the sheet of 1600 by 1100 is covered to its corners', () => {
  const { streets, mainStreets } = paperOf(7)
  const all = numbers(streets + mainStreets)
  const points = all.filter((_, i) => i % 2 === 0).map((x, i) => [x, all[2 * i + 1]!] as const)
  for (const [x, y] of [[0, 0], [1600, 0], [1600, 1100], [0, 1100]] as const)
    expect(Math.min(...points.map(([px, py]) => Math.hypot(px - x, py - y))), `${x},${y}`).toBeLessThan(70)
})

test('every number labels one grid', () => {
  const texts = paperOf(7).labels.map((l) => l.text)
  expect(new Set(texts).size).toBe(texts.length)
})
