// What the draft looks like on the map: blocks coloured by feature-state, borders as the arcs between them, labels. The numbers that are
// written into a block's state stand for colours in one table, so that painting sets a number and nothing else.

import type { ExpressionSpecification, LayerSpecification, StyleSpecification, SymbolLayerSpecification } from 'maplibre-gl'
import { infeasibleColour, shades, singleColour, specialColour } from '../domain/deviation'
import { bold } from '../map/fonts'
import * as paper from '../map/paper'
import { sources as tileLayers } from '../map/style'
import { palette } from './palette'

export const blocksSource = 'draft-blocks'
export const arcsSource = 'draft-arcs'
export const labelsSource = 'draft-labels'
export const namesSource = 'draft-names'
export const specialsSource = 'draft-specials'
export const compareSource = 'draft-compare'
export const lockPattern = 'locked'
export const gapPattern = 'gap'
export const specialPattern = 'special'
/** What stands behind the words on a special grid. */
export const tag = 'tag'

/** Numbers of colours: 0 no grid, then the palette, then the shades of deviation, then what has a colour of its own. */
const shadeBase = 1 + palette.length
const shadeCount = 7
export const special = { infeasible: shadeBase + shadeCount, single: shadeBase + shadeCount + 1, special: shadeBase + shadeCount + 2 } as const

export const paletteCode = (colour: number) => 1 + (colour < 0 ? 0 : colour)

/** The number of a grid's colour by its deviation. */
export function deviationCode(deviation: number, band: string, tolerance: number): number {
  if (band in special) return special[band as keyof typeof special]
  const all = shades(tolerance)
  const eps = 1e-9
  if (Math.abs(deviation) <= tolerance + eps) {
    const inside = all.slice(2, 5).findLastIndex((s) => deviation >= s.from)
    return shadeBase + 2 + Math.max(0, inside)
  }
  if (deviation < 0) return shadeBase + (deviation < all[1]!.from ? 0 : 1)
  return shadeBase + (deviation >= all[6]!.from ? 6 : 5)
}

/** The colour of a number, as the map and the lists show it. */
export function colourOfCode(code: number, tolerance: number): string {
  return table(tolerance).find(([n]) => n === code)?.[1] ?? '#ffffff'
}

function table(tolerance: number): [number, string][] {
  return [
    [0, '#ffffff'],
    ...palette.map((c, i): [number, string] => [1 + i, c]),
    ...shades(tolerance).map((s, i): [number, string] => [shadeBase + i, s.colour]),
    [special.infeasible, infeasibleColour],
    [special.single, singleColour],
    [special.special, specialColour],
  ]
}

const state = (name: string, otherwise: number): ExpressionSpecification => ['coalesce', ['feature-state', name], otherwise] as unknown as ExpressionSpecification
const is = (name: string, value = 1): ExpressionSpecification => ['==', state(name, 0), value]
const zoomed = (...stops: (number | ExpressionSpecification)[]): ExpressionSpecification => ['interpolate', ['linear'], ['zoom'], ...stops] as unknown as ExpressionSpecification

/** How much of a grid's colour there is, of what the zoom lets through. */
export const fillAlpha = 0.72
export const fillOpacity = (share: number) => zoomed(...[11, 0.95, 15, 0.84, 18, 0.6].map((v, i) => (i % 2 ? v * share : v)))

/** Added to a colour's number for ground that stands out: the chosen grid, and what an act would change. */
export const standsOut = 64

/**
 * One number says how a block is filled, its opacity included: every further property that follows the state is a buffer more to be written
 * in every frame in which somebody paints.
 */
export function fill(tolerance: number): ExpressionSpecification {
  const plain = (code: number, colour: string) => (code === 0 ? 'rgba(255,255,255,0.2)' : alpha(colour, fillAlpha))
  const entries = table(tolerance).flatMap(([code, colour]) => [code, plain(code, colour), code + standsOut, code === 0 ? 'rgba(255,255,255,0.5)' : alpha(colour, 1)])
  return ['match', state('c', 0), ...entries, 'rgba(255,255,255,0.2)'] as unknown as ExpressionSpecification
}

function alpha(hex: string, share: number): string {
  const [r, g, b] = [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16))
  return `rgba(${r},${g},${b},${share})`
}

/** base is the address of the page, which the tiles' addresses are taken against. */
export function planStyle(tolerance: number, base: string): StyleSpecification {
  const tiles = (layers: readonly string[]) => ({ type: 'vector' as const, url: new URL(`tiles/${layers.join(',')}.json`, base).href })
  const empty = { type: 'FeatureCollection' as const, features: [] }
  const ground = { type: 'geojson' as const, data: empty, tolerance: 0, buffer: 16, maxzoom: 17 }
  // Few tiles, as each is a message from the worker; a point of theirs is true to a metre.
  const lettering = { type: 'geojson' as const, data: empty, maxzoom: 12 }
  return {
    version: 8,
    sources: {
      ground: tiles(tileLayers.ground),
      [blocksSource]: ground,
      [arcsSource]: ground,
      [labelsSource]: lettering,
      [namesSource]: lettering,
      [specialsSource]: ground,
      [compareSource]: ground,
    },
    layers: [...paper.ground(), ...fills(tolerance), ...paper.town(), ...lines(), ...comparison(), ...paper.lettering(), ...names(), ...labels()],
  }
}

/** Layers that are there only while there is something to see in them. */
export const gapLayer = 'plan-gap'
export const lockLayer = 'plan-locked'

function fills(tolerance: number): LayerSpecification[] {
  const base = { source: blocksSource, type: 'fill' as const }
  const hidden = { visibility: 'none' as const }
  return [
    { ...base, id: 'plan-fill', paint: { 'fill-color': fill(tolerance), 'fill-opacity': fillOpacity(1), 'fill-antialias': false } },
    { ...base, id: 'plan-special', source: specialsSource, paint: { 'fill-pattern': specialPattern, 'fill-opacity': zoomed(11, 0.7, 14, 0.85, 18, 0.5) } },
    { ...base, id: gapLayer, paint: { 'fill-pattern': gapPattern, 'fill-opacity': ['case', ['==', ['%', state('c', 0), standsOut], 0], 0.9, 0] }, layout: hidden },
    { ...base, id: lockLayer, paint: { 'fill-pattern': lockPattern, 'fill-opacity': ['case', is('l'), 0.75, 0] }, layout: hidden },
  ]
}

/** What an arc is: within a grid, between two, at the edge of the ground, around a chosen grid. */
export const arc = { within: 0, between: 1, edge: 2, chosen: 3 } as const

export const compareColours = { gone: '#10162b', fresh: '#c2185b', same: '#6f7178' } as const
export const borderLayers = ['plan-border-halo', 'plan-border'] as const

interface BorderPaint {
  'line-color': ExpressionSpecification
  'line-width': ExpressionSpecification
}

/** Of the halo and of the border: those of the draft stand back, thin and grey, while they are compared. */
export function borderPaint(compares: boolean): [BorderPaint, BorderPaint] {
  const by = (between: string, edge: string, chosen: string): ExpressionSpecification =>
    ['match', state('g', 0), arc.between, between, arc.edge, edge, arc.chosen, chosen, 'rgba(0,0,0,0)'] as unknown as ExpressionSpecification
  const halo = compares ? 'rgba(255,255,255,0.5)' : 'rgba(255,255,255,0.85)'
  const { same } = compareColours
  return [
    { 'line-color': by(halo, halo, '#10162b'), 'line-width': compares ? zoomed(11, 1.2, 15, 2.6, 18, 4) : zoomed(11, 1.8, 15, 5, 18, 8) },
    { 'line-color': compares ? by(same, same, '#ffe27a') : by('#2b2f3d', '#59346b', '#ffe27a'), 'line-width': compares ? zoomed(11, 0.5, 15, 1, 18, 1.6) : zoomed(11, 0.7, 15, 2, 18, 3.2) },
  ]
}

/**
 * A border inside a grid has a colour that isn't seen. Only colours follow the state, and one number says them all: widths of each arc's own, which
 * follow the zoom besides, would be written twice for every corner of a tile in every frame in which somebody paints.
 */
function lines(): LayerSpecification[] {
  const base = { source: arcsSource, type: 'line' as const, layout: { 'line-join': 'round', 'line-cap': 'round' } as const }
  return [
    { ...base, id: 'plan-block-border', minzoom: 14.2, paint: { 'line-color': '#5c5448', 'line-width': zoomed(14.2, 0.3, 16, 0.6, 18, 1), 'line-opacity': zoomed(14.2, 0.18, 16, 0.5, 18, 0.75) } },
    { ...base, id: borderLayers[0], paint: { ...borderPaint(false)[0] } },
    { ...base, id: borderLayers[1], paint: { ...borderPaint(false)[1] } },
  ]
}

/** Borders that only one of draft and live layout has (k: gone, fresh), over the draft. */
export const compareLayers = ['plan-compare-halo', 'plan-compare-fresh', 'plan-compare-gone'] as const

function comparison(): LayerSpecification[] {
  const base = { source: compareSource, type: 'line' as const, layout: { 'line-join': 'round', visibility: 'none' } as const }
  return [
    { ...base, id: compareLayers[0], paint: { 'line-color': '#ffffff', 'line-width': zoomed(12, 4, 16, 8), 'line-opacity': 0.95 } },
    { ...base, id: compareLayers[1], filter: ['==', ['get', 'k'], 'fresh'], paint: { 'line-color': compareColours.fresh, 'line-width': zoomed(12, 2.2, 16, 4) } },
    { ...base, id: compareLayers[2], filter: ['==', ['get', 'k'], 'gone'], paint: { 'line-color': compareColours.gone, 'line-width': zoomed(12, 1.8, 16, 3), 'line-dasharray': [2, 1.3] } },
  ]
}

/** Labels are there from this zoom on, in these sizes by zoom. */
export const labelsFrom = 12
export const labelSizes: readonly (readonly [zoom: number, pixels: number])[] = [
  [12, 10.5],
  [15, 14],
  [17.5, 18],
]
/** From this zoom on every grid has its whole label, over others if need be. */
export const allLabelled = 15
const namesGiveWay = 15

export const labelsLayers = ['plan-label-small', 'plan-label'] as const

/**
 * Two layers say what a grid is called: one with its residents, for grids with room for that (z: the zoom from which there is), and one with
 * the number alone. The second comes after the first, and at a label's own place finds room only where the first one found none.
 */
function labels(): LayerSpecification[] {
  const plain: ExpressionSpecification = ['==', ['get', 'tag'], '']
  const whole: ExpressionSpecification = ['format', ['get', 'short'], {}, '\n', {}, ['get', 'count'], { 'font-scale': 0.84 }]
  const small: ExpressionSpecification = ['format', ['case', plain, ['get', 'short'], ['get', 'count']], {}]
  const over = ['step', ['zoom'], false, allLabelled, true] as unknown as boolean
  const layout: SymbolLayerSpecification['layout'] = {
    'text-font': bold,
    'text-line-height': 1.1,
    'text-padding': 0,
    'icon-image': ['get', 'tag'],
    'icon-text-fit': 'both',
    'icon-text-fit-padding': [0, 3, 0, 3],
    'icon-padding': 0,
    'symbol-sort-key': ['get', 'order'],
  }
  // Those above the map are hidden in it.
  const shown: ExpressionSpecification = ['case', ['boolean', ['feature-state', 'm'], false], 0, 1]
  const paint: SymbolLayerSpecification['paint'] = {
    'text-color': ['get', 'ink'],
    'text-halo-color': ['case', plain, 'rgba(255,255,255,0.94)', 'rgba(0,0,0,0)'],
    'text-halo-width': 1.8,
    'text-opacity': shown,
    'icon-opacity': shown,
  }
  const base = { source: labelsSource, type: 'symbol' as const, minzoom: labelsFrom, paint }
  return [
    // Every label is placed anew with every frame in which something changes: grids with ample room need no second one.
    { ...base, id: labelsLayers[0], maxzoom: allLabelled, filter: ['>', ['get', 'z'], ['-', ['zoom'], 0.5]], layout: { ...layout, 'text-field': small, 'text-size': zoomed(12, 9.5, 15, 13), 'text-variable-anchor-offset': aside } },
    {
      ...base,
      id: labelsLayers[1],
      filter: ['any', ['>=', ['zoom'], allLabelled], ['<=', ['get', 'z'], ['+', ['zoom'], 0.5]]],
      layout: { ...layout, 'text-field': whole, 'text-size': zoomed(...labelSizes.flat()), 'text-variable-anchor-offset': aside, 'text-allow-overlap': over, 'icon-allow-overlap': over },
    },
  ]
}

type Anchors = NonNullable<NonNullable<SymbolLayerSpecification['layout']>['text-variable-anchor-offset']>

/** A label steps aside, in ems, where its place is taken; not so far that the two of one grid would both fit in, or that it would leave its grid. */
const aside: Anchors = ['center', [0, 0], 'top', [0, -0.2], 'bottom', [0, 0.2], 'left', [-0.4, 0], 'right', [0.4, 0]]

/**
 * The communities' names lie behind the labels and take no place from them, where signs.ts found them room; from namesGiveWay on, when the grids
 * are what one looks at, a name is only where there is nothing else.
 */
function names(): LayerSpecification[] {
  const layer = (id: string, first: boolean, zooms: { minzoom: number; maxzoom?: number }): SymbolLayerSpecification => ({
    id,
    type: 'symbol',
    source: namesSource,
    ...zooms,
    layout: {
      'text-field': ['get', 'name'],
      'text-font': bold,
      'text-size': zoomed(11, 11.5, 13, 14, 15, 20, 17, 24),
      'text-letter-spacing': 0.2,
      'text-max-width': 14,
      'text-allow-overlap': first,
      'text-ignore-placement': first,
    },
    paint: { 'text-color': '#6b2f85', 'text-halo-color': 'rgba(255,255,255,0.86)', 'text-halo-width': 2, 'text-opacity': zoomed(13, 0.92, 16, 0.7) },
  })
  return [layer('plan-name', true, { minzoom: labelsFrom, maxzoom: namesGiveWay }), layer('plan-name-far', false, { minzoom: 9, maxzoom: labelsFrom }), layer('plan-name-near', false, { minzoom: namesGiveWay })]
}

type Picture = { width: number; height: number; data: Uint8Array }

function drawn(n: number, pixel: (x: number, y: number) => [number, number, number, number] | undefined): Picture {
  const data = new Uint8Array(n * n * 4)
  for (let y = 0; y < n; y++) for (let x = 0; x < n; x++) data.set(pixel(x, y) ?? [0, 0, 0, 0], (y * n + x) * 4)
  return { width: n, height: n, data }
}

/** Dark diagonals: what is locked. */
export const lockPicture = (): Picture => drawn(10, (x, y) => ((x + y) % 10 < 2 ? [35, 40, 55, 190] : undefined))

/** Red crosses, far apart: ground in no grid. */
export const gapPicture = (): Picture => drawn(14, (x, y) => ((x === y || x + y === 12) && x > 3 && x < 9 ? [178, 34, 34, 235] : undefined))

/** Plum points: a special grid. */
export const specialPicture = (): Picture => drawn(9, (x, y) => ([2, 6.5].some((c) => Math.hypot(x - c, y - c) <= 1.3) ? [122, 42, 84, 200] : undefined))

const tagSide = 24
/** A plum card with a light edge, to be stretched behind words. */
export const tagPicture = (): Picture =>
  drawn(tagSide, (x, y) => {
    const off = (v: number) => Math.max(7 - v, v - (tagSide - 8), 0)
    const d = Math.hypot(off(x), off(y))
    return d > 7 ? undefined : d > 5.2 || Math.min(x, y, tagSide - 1 - x, tagSide - 1 - y) < 2 ? [255, 255, 255, 240] : [122, 42, 84, 255]
  })
export const tagStretch = { stretchX: [[9, 15]] as [number, number][], stretchY: [[9, 15]] as [number, number][], content: [6, 5, 18, 19] as [number, number, number, number], pixelRatio: 2 }
