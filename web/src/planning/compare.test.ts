import { createPropertyExpression, v8, validateStyleMin } from '@maplibre/maplibre-gl-style-spec'
import type { StylePropertySpecification } from '@maplibre/maplibre-gl-style-spec'
import { expect, test } from 'vitest'
import { classOf } from '../domain/deviation'
import { differing, liveColours } from './compare'
import { colourOfCode, deviationCode, paletteCode } from './layers'
import { liveColour, liveStyle } from './liveside'
import type { LiveSide } from './liveside'
import { boardOf } from './squares'

const code = (n: number) => '37088300100100' + n
/** Four columns; live: 1 1 2 2 below, 3 3 3 3 above. The draft has given column 1 to grid 2, and the upper row is one grid with a new key. */
const board = () =>
  boardOf({
    columns: 4,
    rows: 2,
    base: (c, r) => (r ? code(3) : c < 2 ? code(1) : code(2)),
    grid: (c, r) => (r ? 'new-1' : c < 1 ? code(1) : code(2)),
  })

test('of the borders only those differ that one side has and the other has not', () => {
  const b = board()
  const { gone, fresh } = differing(b)
  const keys = (arcs: number[]) => arcs.map((a) => [b.t.keys[b.t.left[a]!], b.t.keys[b.t.right[a]!]].sort())
  expect(keys(gone)).toEqual([[2, 3]])
  expect(keys(fresh)).toEqual([[1, 2]])
  for (let i = 0; i < b.t.n; i++) b.put(i, b.slot(b.t.base[i]!))
  expect(differing(b)).toEqual({ gone: [], fresh: [] })
})

const evaluated = (side: Pick<LiveSide, 'tolerance' | 'shading' | 'colours'>, properties: Record<string, unknown>) => {
  const made = createPropertyExpression(liveColour(side), 'fill-color', v8.paint_fill['fill-color'] as StylePropertySpecification)
  if (made.result === 'error') throw new Error(made.value.map((e) => e.message).join())
  const { r, g, b } = made.value.evaluate({ zoom: 14 }, { type: 'Polygon', properties } as never) as { r: number; g: number; b: number }
  return '#' + [r, g, b].map((v) => Math.round(v * 255).toString(16).padStart(2, '0')).join('')
}

test('the same grid has the same colour in the draft and in what is live, one that is gone has none of its neighbours', () => {
  const b = board()
  const colours = liveColours(b)
  for (const n of [1, 2]) {
    expect(evaluated({ tolerance: 0.15, shading: 'grids', colours }, { code: Number(code(n)), deviation: 0.4, band: 'over' })).toBe(colourOfCode(paletteCode(b.find(code(n))!.colour), 0.15))
    expect(colours.get(code(3))).not.toBe(colours.get(code(n)))
  }
})

test('by deviation both sides say the same with the same colour', () => {
  for (const deviation of [-0.9, -0.3, -0.1, 0, 0.12, 0.2, 0.8]) {
    const band = classOf(deviation, 0.15).key.replace('far-', '')
    expect(evaluated({ tolerance: 0.15, shading: 'deviation', colours: new Map() }, { code: 1, deviation, band })).toBe(colourOfCode(deviationCode(deviation, band, 0.15), 0.15))
  }
})

test('the style of the live side is valid in both shadings, also with nothing to show', () => {
  for (const shading of ['grids', 'deviation'] as const)
    for (const colours of [new Map(), liveColours(board())]) {
      const style = liveStyle({ tolerance: 0.15, shading, colours, names: { type: 'FeatureCollection', features: [] }, signs: { school: '学校' }, base: 'http://127.0.0.1:8080/plan' })
      expect(validateStyleMin(style).map((e) => e.message)).toEqual([])
      for (const l of style.layers) if ('source' in l) expect(Object.keys(style.sources)).toContain(l.source)
      expect(style.layers.map((l) => l.id)).toEqual(expect.arrayContaining(['plan-fill', 'plan-special', 'plan-border', 'plan-name', 'plan-label']))
    }
})
