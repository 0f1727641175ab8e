import { validateStyleMin } from '@maplibre/maplibre-gl-style-spec'
import { describe, expect, test } from 'vitest'
import { classOf, colourOf } from '../domain/deviation'
import { badges, facilityLayers } from './facilities'
import { buildingLayers } from './buildings'
import { fillColour } from './grids'
import { incidentLayers } from './incidents'
import { zh } from '../words/zh'
import { sources, style, switches } from './style'
import { createPropertyExpression, v8 } from '@maplibre/maplibre-gl-style-spec'
import type { StylePropertySpecification } from '@maplibre/maplibre-gl-style-spec'

const made = style(0.15, { people: '人', special: { school: '学校' } }, 'http://127.0.0.1:8080/')

describe('the style', () => {
  test('is valid', () => expect(validateStyleMin(made).map((e) => e.message)).toEqual([]))

  test('is valid with the layers of incidents over it', () => {
    const sources = { ...made.sources, incidents: { type: 'vector' as const, tiles: ['http://127.0.0.1:8080/{z}/{x}/{y}.mvt'] } }
    for (const id of ['incidents-fresh', 'incidents-picked']) Object.assign(sources, { [id]: { type: 'geojson', data: { type: 'FeatureCollection', features: [] } } })
    expect(validateStyleMin({ ...made, sources, layers: [...made.layers, ...incidentLayers()] }).map((e) => e.message)).toEqual([])
  })

  test('is valid with buildings that answer the pointer', () => {
    expect(validateStyleMin({ ...made, layers: [...made.layers, ...buildingLayers()] }).map((e) => e.message)).toEqual([])
    expect(made.layers.map((l) => l.id)).toContain('water-name') // which they lie under
    expect(made.sources.ground).not.toHaveProperty('promoteId') // it would take the ids of buildings away
  })

  test('shows nothing that its tiles do not hold', () => {
    const held: Record<string, readonly string[]> = { ...sources, grids: [...sources.grids, 'grid_labels', 'division_labels'] }
    for (const layer of made.layers)
      if ('source-layer' in layer && layer['source-layer']) expect(held[layer.source as string], layer.id).toContain(layer['source-layer'])
  })

  test('asks its own origin alone, and for no glyphs or sprites', () => {
    expect(made.glyphs).toBeUndefined()
    expect(made.sprite).toBeUndefined()
    for (const source of Object.values(made.sources)) if ('url' in source) expect(source.url).toMatch(/^http:\/\/127\.0\.0\.1:8080\/tiles\//)
  })

  test('has a layer behind every switch, and none behind two', () => {
    const all = [...made.layers, ...incidentLayers()]
    for (const [name, pattern] of Object.entries(switches)) expect(all.filter((l) => pattern.test(l.id)).length, name).toBeGreaterThan(0)
    for (const layer of all) expect(Object.values(switches).filter((p) => p.test(layer.id)).length, layer.id).toBeLessThan(2)
  })

  test('has a badge for every kind of facility, and a word for every badge', () => {
    expect(Object.keys(badges).sort()).toEqual(Object.keys(zh.facilities).sort())
  })

  test('gives the labels of grids the place before facilities', () => {
    const order = made.layers.map((l) => l.id) // what comes later is placed first
    for (const layer of facilityLayers) {
      expect(order.indexOf(layer), layer).toBeGreaterThan(order.indexOf('building-name'))
      expect(order.indexOf(layer), layer).toBeLessThan(order.indexOf('grid-label'))
    }
  })

  test('colours a grid on the map as the legend and the lists do', () => {
    const parsed = createPropertyExpression(fillColour(0.15), 'fill-color', v8.paint_fill['fill-color'] as StylePropertySpecification)
    if (parsed.result !== 'success') throw new Error(JSON.stringify(parsed.value))
    const onMap = (properties: object) => parsed.value.evaluate({ zoom: 14 }, { type: 'Polygon', properties } as never).toString()
    const asCss = (hex: string) => {
      const [r, g, b] = [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16))
      return `rgba(${r},${g},${b},1)`
    }
    for (let residents = 0; residents <= 1500; residents++) {
      const deviation = Math.round((residents / 600 - 1) * 1e4) / 1e4 // what a tile says
      const grid = { deviation, band: classOf(deviation, 0.15).key.replace('far-', '') }
      expect(onMap(grid), String(residents)).toBe(asCss(colourOf(grid, 0.15)))
    }
    for (const band of ['infeasible', 'single', 'special']) expect(onMap({ deviation: 2, band })).toBe(asCss(colourOf({ deviation: 2, band }, 0.15)))
  })
})
