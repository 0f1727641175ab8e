// The basemap: the county's own ground, drawn to lie quietly under the grids. Warm paper, white streets in a
// casing by class, soft water, buildings as a shade of whatever they stand on.
//
// Three groups of layers, so that the grids' colours can go between them: what lies below the colours
// (landuse), what lies above (water, streets, rail, buildings), and the lettering.

import type { ExpressionSpecification, LayerSpecification } from 'maplibre-gl'
import { bold, regular } from './fonts'

export const paper = '#f6f2e9'
export const ink = '#2c3338'
const water = '#bcd7e2'
const waterEdge = '#9dc0cf'
const waterInk = '#4c7f97'
const casing = '#d2c8b6'
const streetInk = '#5b554b'

const landuse: Record<string, string> = {
  park: '#d9e6c7',
  garden: '#d9e6c7',
  forest: '#cddfbd',
  wood: '#cddfbd',
  grass: '#e0e9cf',
  meadow: '#e3ead0',
  recreation_ground: '#dce8cb',
  pitch: '#cfe3c8',
  farmland: '#eee9cf',
  orchard: '#e3e8c6',
  cemetery: '#dbe2cf',
  school: '#f0e6d2',
  university: '#f0e6d2',
  college: '#f0e6d2',
  kindergarten: '#f0e6d2',
  hospital: '#f4e0da',
  commercial: '#f3e3d8',
  retail: '#f3e3d8',
  industrial: '#e8e3e6',
  railway: '#e4e0da',
  residential: '#f1ebdf',
}

const green = ['park', 'garden', 'forest', 'wood', 'grass', 'meadow', 'recreation_ground', 'pitch']
const singleBuilding = ['school', 'kindergarten', 'hospital', 'commercial', 'retail', 'industrial']

/** Widths in pixels at zoom 12, 15 and 18, of the white surface and of the casing round it. */
interface Street {
  classes: string[]
  width: [number, number, number]
  from: number
}

const streets: Street[] = [
  { classes: ['path', 'footway', 'steps', 'cycleway', 'track', 'bridleway', 'corridor'], width: [0.2, 0.7, 2.2], from: 15 },
  { classes: ['service', 'pedestrian'], width: [0.3, 1.5, 7], from: 14 },
  { classes: ['living_street'], width: [0.4, 2.2, 10], from: 13 },
  { classes: ['residential', 'unclassified', 'road'], width: [0.7, 3.4, 13], from: 12 },
  { classes: ['tertiary', 'tertiary_link'], width: [1.2, 5, 18], from: 11 },
  { classes: ['secondary', 'secondary_link'], width: [1.7, 6.6, 23], from: 10 },
  { classes: ['primary', 'primary_link'], width: [2.2, 8, 27], from: 8 },
  { classes: ['trunk', 'trunk_link', 'motorway', 'motorway_link'], width: [2.6, 9.5, 31], from: 6 },
]

const ofClass = (names: string[]): ExpressionSpecification => ['match', ['get', 'class'], names, true, false]
const known = streets.flatMap((s) => s.classes)

function widths(w: [number, number, number], extra = 0): ExpressionSpecification {
  return ['interpolate', ['exponential', 1.6], ['zoom'], 12, w[0] + extra * 0.4, 15, w[1] + extra, 18, w[2] + extra * 1.5]
}

/** Below the grids' colours. */
export function ground(): LayerSpecification[] {
  return [
    { id: 'paper', type: 'background', paint: { 'background-color': paper } },
    {
      id: 'landuse',
      type: 'fill',
      source: 'ground',
      'source-layer': 'landuse',
      filter: ['has', 'class'],
      paint: {
        'fill-color': ['match', ['get', 'class'], ...Object.entries(landuse).flat(), '#efe9dd'] as unknown as ExpressionSpecification,
        'fill-opacity': ['interpolate', ['linear'], ['zoom'], 10, 0.7, 15, 1],
        'fill-antialias': false,
      },
    },
  ]
}

/** Fields, woods and meadows over the grids' colours, so that the country doesn't look empty under them. */
export const tintLayer = 'landuse-tint'
export const tintOpacity: ExpressionSpecification = ['interpolate', ['linear'], ['zoom'], 10, 0.12, 14, 0.17, 17, 0.13]
const tints: Record<string, string> = {
  farmland: '#a98f2f',
  orchard: '#7f9a34',
  vineyard: '#7f9a34',
  allotments: '#7f9a34',
  forest: '#3f7d3a',
  wood: '#3f7d3a',
  scrub: '#5f8a4a',
  grass: '#6d9a4c',
  meadow: '#6d9a4c',
  grassland: '#6d9a4c',
  park: '#4d9246',
  garden: '#4d9246',
}

export function tint(): LayerSpecification[] {
  return [
    {
      id: tintLayer,
      type: 'fill',
      source: 'ground',
      'source-layer': 'landuse',
      filter: ofClass(Object.keys(tints)),
      paint: {
        'fill-color': ['match', ['get', 'class'], ...Object.entries(tints).flat(), 'rgba(0,0,0,0)'] as unknown as ExpressionSpecification,
        'fill-opacity': tintOpacity,
        'fill-antialias': false,
      },
    },
  ]
}

/** Above the grids' colours: water, streets, rail, buildings. */
export function town(): LayerSpecification[] {
  return [...waterLayers(), ...streetLayers(), ...railLayers(), ...buildingLayers(), ...wallLayers()]
}

function waterLayers(): LayerSpecification[] {
  return [
    {
      id: 'water',
      type: 'fill',
      source: 'ground',
      'source-layer': 'water',
      filter: ['==', ['geometry-type'], 'Polygon'],
      paint: { 'fill-color': water, 'fill-outline-color': waterEdge },
    },
    {
      id: 'water-line',
      type: 'line',
      source: 'ground',
      'source-layer': 'water',
      filter: ['==', ['geometry-type'], 'LineString'],
      layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: {
        'line-color': water,
        'line-width': [
          'interpolate',
          ['exponential', 1.5],
          ['zoom'],
          10,
          ['match', ['get', 'class'], ['river', 'canal'], 1.2, 0.4],
          15,
          ['match', ['get', 'class'], ['river', 'canal'], 5, 1.8],
          18,
          ['match', ['get', 'class'], ['river', 'canal'], 18, 6],
        ],
      },
    },
  ]
}

function streetLayers(): LayerSpecification[] {
  const [paths, ...rest] = streets as [Street, ...Street[]]
  const out: LayerSpecification[] = [
    {
      id: 'street-path',
      type: 'line',
      source: 'ground',
      'source-layer': 'streets',
      minzoom: paths.from,
      filter: ofClass(paths.classes),
      layout: { 'line-cap': 'butt', 'line-join': 'round' },
      paint: { 'line-color': '#ffffff', 'line-width': widths(paths.width), 'line-dasharray': [3, 1.4], 'line-opacity': 0.85 },
    },
  ]
  const groups = rest.map((s, i) => ({ ...s, id: String(i), filter: ofClass(s.classes) }))
  // A class this style doesn't know is drawn as a small street rather than not at all.
  const small = groups.findIndex((g) => g.classes.includes('residential'))
  groups[small] = { ...groups[small]!, filter: ['any', groups[small]!.filter, ['!', ofClass(known)]] }
  for (const part of ['casing', 'surface'] as const) {
    for (const g of groups) {
      out.push({
        id: `street-${part}-${g.id}`,
        type: 'line',
        source: 'ground',
        'source-layer': 'streets',
        minzoom: g.from,
        filter: g.filter,
        layout: { 'line-cap': part === 'casing' ? 'butt' : 'round', 'line-join': 'round' },
        paint:
          part === 'casing'
            ? { 'line-color': casing, 'line-width': widths(g.width, 1.5), 'line-opacity': ['interpolate', ['linear'], ['zoom'], 12, 0.4, 15, 0.9] }
            : { 'line-color': '#ffffff', 'line-width': widths(g.width) },
      })
    }
  }
  return out
}

function railLayers(): LayerSpecification[] {
  const base = { type: 'line', source: 'ground', 'source-layer': 'rail' } as const
  return [
    { ...base, id: 'rail', paint: { 'line-color': '#8d8a86', 'line-width': ['interpolate', ['linear'], ['zoom'], 11, 0.8, 15, 2.6, 18, 5] } },
    {
      ...base,
      id: 'rail-ties',
      minzoom: 12,
      paint: {
        'line-color': '#fbf9f4',
        'line-width': ['interpolate', ['linear'], ['zoom'], 11, 0.4, 15, 1.4, 18, 3],
        'line-dasharray': [5, 5],
      },
    },
  ]
}

function wallLayers(): LayerSpecification[] {
  return [
    {
      id: 'wall',
      type: 'line',
      source: 'ground',
      'source-layer': 'walls',
      minzoom: 15,
      paint: {
        'line-color': '#a3917a',
        'line-width': ['interpolate', ['linear'], ['zoom'], 15, 0.6, 18, 1.8],
        'line-opacity': ['interpolate', ['linear'], ['zoom'], 15, 0.5, 16.5, 1],
      },
    },
  ]
}

/** Uses in which people live: drawn a shade darker, because they are what the numbers are about. */
export const dwellings = ['residential', 'apartments', 'dormitory', 'bungalow', 'house', 'detached', 'terrace', 'semidetached_house', 'siheyuan']

function buildingLayers(): LayerSpecification[] {
  const base = { source: 'ground', 'source-layer': 'buildings', minzoom: 13 } as const
  const lived: ExpressionSpecification = ['match', ['get', 'use'], dwellings, true, false]
  return [
    {
      ...base,
      id: 'building-shadow',
      type: 'fill',
      minzoom: 15.5,
      paint: {
        'fill-color': '#4a4238',
        'fill-opacity': ['interpolate', ['linear'], ['zoom'], 15.5, 0, 16.2, 0.13],
        'fill-translate': ['interpolate', ['linear'], ['zoom'], 15.5, ['literal', [0.6, 0.8]], 18, ['literal', [2.4, 3.2]]],
        'fill-antialias': false,
      },
    },
    {
      ...base,
      id: 'building',
      type: 'fill',
      paint: {
        'fill-color': ['case', lived, '#75654f', '#94897a'],
        'fill-opacity': ['interpolate', ['linear'], ['zoom'], 13, 0.16, 15, 0.34, 16.5, 0.42],
        'fill-antialias': false,
      },
    },
    {
      ...base,
      id: 'building-edge',
      type: 'line',
      minzoom: 15,
      paint: {
        'line-color': ['case', lived, '#7a6a55', '#9c917e'],
        'line-width': ['interpolate', ['linear'], ['zoom'], 15, 0.3, 18, 1],
        'line-opacity': ['interpolate', ['linear'], ['zoom'], 15, 0.3, 16.5, 0.85],
      },
    },
  ]
}

/** The basemap's lettering: street names along their lines, names of water and of buildings. */
export function lettering(): LayerSpecification[] {
  const halo = { 'text-halo-color': 'rgba(255,255,255,0.92)', 'text-halo-width': 1.4 }
  const name: ExpressionSpecification = ['get', 'name']
  const named: ExpressionSpecification = ['!=', ['coalesce', ['get', 'name'], ''], '']
  return [
    {
      id: 'water-name',
      type: 'symbol',
      source: 'ground',
      'source-layer': 'water',
      minzoom: 12,
      filter: ['all', named, ['==', ['geometry-type'], 'LineString']],
      layout: {
        'symbol-placement': 'line',
        'text-field': name,
        'text-font': regular,
        'text-size': ['interpolate', ['linear'], ['zoom'], 12, 11, 17, 15],
        'text-letter-spacing': 0.35,
        'symbol-spacing': 420,
      },
      paint: { 'text-color': waterInk, 'text-halo-color': 'rgba(188,215,226,0.7)', 'text-halo-width': 1 },
    },
    {
      id: 'landuse-name',
      type: 'symbol',
      source: 'ground',
      'source-layer': 'landuse',
      minzoom: 15.2,
      // A shape is named in one of the tiles it lies in; the padding keeps names of shapes in each other apart.
      // Where a building bears the same name, from the zoom on that shows it the ground needn't say it too.
      filter: ['all', named, ['any', ['<', ['zoom'], 16.6], ['!', ofClass(singleBuilding)]]],
      layout: { 'text-field': name, 'text-font': regular, 'text-size': ['interpolate', ['linear'], ['zoom'], 15, 11, 17, 12.5], 'text-max-width': 7, 'text-padding': 36 },
      paint: { 'text-color': ['case', ofClass(green), '#4f6a38', '#6d5f4b'], ...halo },
    },
    {
      id: 'street-name',
      type: 'symbol',
      source: 'ground',
      'source-layer': 'streets',
      minzoom: 13,
      filter: ['all', named, ['any', ['>=', ['zoom'], 15], ['match', ['get', 'class'], streets.slice(4).flatMap((s) => s.classes), true, false]]],
      layout: {
        'symbol-placement': 'line',
        'text-field': name,
        'text-font': regular,
        'text-size': ['interpolate', ['linear'], ['zoom'], 13, 10.5, 16, 12.5, 18, 14.5],
        'text-letter-spacing': 0.12,
        'symbol-spacing': 320,
        'text-max-angle': 35,
      },
      paint: { 'text-color': streetInk, ...halo },
    },
    {
      id: 'building-name',
      type: 'symbol',
      source: 'ground',
      'source-layer': 'buildings',
      minzoom: 16.6,
      filter: named,
      layout: { 'text-field': name, 'text-font': regular, 'text-size': ['interpolate', ['linear'], ['zoom'], 16.6, 10, 18, 12], 'text-max-width': 7, 'text-padding': 12 },
      paint: { 'text-color': '#4f473c', ...halo },
    },
  ]
}

/** Of a division: its name where the zoom suits its level. */
export function divisionNames(): LayerSpecification[] {
  const at = (level: string, min: number, max: number, size: ExpressionSpecification): LayerSpecification => ({
    id: 'division-name-' + level,
    type: 'symbol',
    source: 'grids',
    'source-layer': 'division_labels',
    minzoom: min,
    maxzoom: max,
    filter: ['==', ['get', 'level'], level],
    layout: { 'text-field': ['get', 'name'], 'text-font': bold, 'text-size': size, 'text-letter-spacing': 0.18, 'text-max-width': 9, 'text-padding': 8 },
    paint: { 'text-color': '#4b3f52', 'text-halo-color': 'rgba(255,255,255,0.88)', 'text-halo-width': 1.8 },
  })
  return [
    at('county', 6, 10.5, ['interpolate', ['linear'], ['zoom'], 7, 13, 10, 17]),
    at('town', 9.5, 13.2, ['interpolate', ['linear'], ['zoom'], 10, 12, 13, 16]),
    at('community', 12.2, 14.6, ['interpolate', ['linear'], ['zoom'], 12, 11, 14.5, 14]),
  ]
}
