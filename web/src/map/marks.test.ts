import { describe, expect, test } from 'vitest'
import { readFileSync } from 'node:fs'
import { colours, inks, shapes, severities, signs, sizes } from './marks'

/** The closed lists of the server, from its own source: a kind without a sign would pass for another one. */
const source = readFileSync(new URL('../../../internal/incident/kind.go', import.meta.url), 'utf8')
const kinds = [...source.matchAll(/^\t\{"([a-z-]+)", \w+, "/gm)].map((m) => m[1]!)
const groups = [...source.matchAll(/Group = "([a-z]+)"/g)].map((m) => m[1]!)

const channel = (v: number) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
const light = (hex: string) => [1, 3, 5].reduce((sum, i, k) => sum + [0.2126, 0.7152, 0.0722][k]! * channel(parseInt(hex.slice(i, i + 2), 16) / 255), 0)
const contrast = (a: string, b: string) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05)

describe('the marks of incidents', () => {
  test('there is a sign of its own for every kind, and a shape for every group', () => {
    expect(kinds.length).toBeGreaterThan(10)
    expect(Object.keys(signs).sort()).toEqual(kinds.toSorted())
    expect(Object.keys(shapes).sort()).toEqual(groups.toSorted())
    expect(new Set(Object.values(signs).map((s) => s.path)).size).toBe(kinds.length)
    expect(new Set(Object.values(shapes).map((s) => s.path)).size).toBe(groups.length)
  })

  test('signs and numbers can be read on them, and their names on paper', () => {
    for (const s of severities) {
      expect(contrast(colours[s]!, '#ffffff'), `sign on ${s}`).toBeGreaterThanOrEqual(3)
      expect(contrast(inks[s]!, '#f8e9e3'), `word of ${s}`).toBeGreaterThanOrEqual(4.5)
    }
  })

  test('the graver, the larger', () => {
    for (const s of [2, 3, 4]) expect(sizes[s]!).toBeLessThan(sizes[s - 1]!)
  })
})
