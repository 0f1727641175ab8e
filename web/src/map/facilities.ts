// Facilities: a round badge a kind, drawn here, so that the map asks for no sprite. Health is red, learning ochre,
// order blue; what stands at every corner (cameras, hydrants) is small and comes last.

import type { DataDrivenPropertyValueSpecification, ExpressionSpecification, LayerSpecification } from 'maplibre-gl'
import { regular } from './fonts'

/** The layers that answer "which facility is here": those at a point, and those with grounds. */
export const facilityLayers = ['facility', 'facility-grounds']

interface Badge {
  colour: string
  /** The glyph, white on the badge, as an SVG path in a square of 20. */
  path: string
  /** Of two that don't fit side by side the smaller number stays. */
  rank: number
  small?: boolean
  /** The ground or the building bears the name already, or there is none to write. */
  unnamed?: boolean
  /** It has grounds, whose middle is where a special grid has its label: the badge stands beside that. */
  grounds?: boolean
}

export const badges: Record<string, Badge> = {
  hospital: { colour: '#ad4448', rank: 0, unnamed: true, grounds: true, path: 'M6.6 5.6h2.1v3.2h2.6V5.6h2.1v8.8h-2.1v-3.5H8.7v3.5H6.6z' },
  school: { colour: '#8a6a2f', rank: 1, unnamed: true, grounds: true, path: 'M10 5.2l6.2 2.9L10 11 3.8 8.1z M6.5 10.5v2.4c2 1.7 5 1.7 7 0v-2.4L10 12.1z' },
  college: { colour: '#8a6a2f', rank: 1, unnamed: true, grounds: true, path: 'M4.6 6.2c2-.6 3.6-.3 4.9.7v7.5c-1.3-1-2.9-1.2-4.9-.7z M15.4 6.2c-2-.6-3.6-.3-4.9.7v7.5c1.3-1 2.9-1.2 4.9-.7z' },
  police: { colour: '#3f5f96', rank: 2, path: 'M6.3 5.4h7.4v4.5c0 2.3-1.5 3.9-3.7 5.3-2.2-1.4-3.7-3-3.7-5.3z' },
  fire_station: { colour: '#b1532c', rank: 2, path: 'M10.4 4.2c.4 2.1 3.8 3.6 3.8 7a4.2 4.2 0 0 1-8.4 0c0-1.8.9-2.8 1.9-3.9.2 1 .6 1.6 1.2 1.9.1-2 .5-3.6 1.5-5z' },
  kindergarten: { colour: '#b0782a', rank: 3, unnamed: true, grounds: true, path: 'M10 6.9a4 4 0 1 1 0 8 4 4 0 0 1 0-8z M6.6 4.8a1.9 1.9 0 1 1 0 3.8 1.9 1.9 0 0 1 0-3.8z M13.4 4.8a1.9 1.9 0 1 1 0 3.8 1.9 1.9 0 0 1 0-3.8z' },
  clinic: { colour: '#bb625a', rank: 3, path: 'M8.7 5.2h2.6v3.5h3.5v2.6h-3.5v3.5H8.7v-3.5H5.2V8.7h3.5z' },
  canteen: { colour: '#a1642c', rank: 4, path: 'M4.8 9.7h10.4c-.2 2-1.3 3.6-3.2 4.4v.9H8v-.9c-1.9-.8-3-2.4-3.2-4.4z M7.3 5.3h1.2v3.2H7.3z M9.4 4.7h1.2v3.8H9.4z M11.5 5.3h1.2v3.2h-1.2z' },
  care: { colour: '#94587f', rank: 4, path: 'M10 15c-3.5-2.6-5.1-4.4-5.1-6.4A2.7 2.7 0 0 1 10 7.3a2.7 2.7 0 0 1 5.1 1.3c0 2-1.6 3.8-5.1 6.4z' },
  pharmacy: { colour: '#4b8466', rank: 5, path: 'M5.8 11.2l2.5-2.5 3 3-2.5 2.5a2.1 2.1 0 0 1-3-3z M9.1 7.9l2.1-2.1a2.1 2.1 0 0 1 3 3l-2.1 2.1z' },
  hydrant: { colour: '#a5483f', rank: 6, small: true, unnamed: true, path: 'M8 6.4a2 2 0 0 1 4 0h.9v1.4h-.8v1h1.6v2.5h-1.6v2.1h.8v1.5H7.1v-1.5h.8v-2.1H6.3V8.8h1.6v-1h-.8V6.4z' },
  camera: { colour: '#5d6670', rank: 7, small: true, unnamed: true, path: 'M4.6 7.2h7v5.6h-7z M12.4 9.2l3.2-1.8v5.2l-3.2-1.8z' },
}

const kind: ExpressionSpecification = ['get', 'kind']
const kindsThat = (is: (b: Badge) => boolean | undefined) => Object.keys(badges).filter((k) => is(badges[k]!))
const imageOf = (k: string) => 'facility-' + k

/** Above the basemap and below the grids' labels, which keep their place where the two meet. */
export function facilities(): LayerSpecification[] {
  const ranks = Object.entries(badges).flatMap(([k, b]) => [k, b.rank])
  const size = (big: number, small: number): ExpressionSpecification => ['match', kind, kindsThat((b) => b.small), small, big]
  const name: ExpressionSpecification = ['match', kind, kindsThat((b) => b.unnamed), '', ['coalesce', ['get', 'name'], '']]
  const base = { type: 'symbol', source: 'ground', 'source-layer': 'facilities', minzoom: 13 } as const
  return [
    {
      ...base,
      id: facilityLayers[0]!,
      filter: ['match', kind, kindsThat((b) => !b.grounds), true, false],
      layout: {
        'icon-image': ['concat', 'facility-', kind],
        'icon-size': ['interpolate', ['linear'], ['zoom'], 13, size(0.62, 0.5), 15, size(0.8, 0.55), 17, size(1, 0.68)],
        'icon-padding': 2,
        'symbol-sort-key': ['match', kind, ...ranks, 9] as unknown as DataDrivenPropertyValueSpecification<number>,
        'text-field': ['step', ['zoom'], '', 16.6, name],
        'text-font': regular,
        'text-size': 11.5,
        'text-anchor': 'top',
        'text-offset': [0, 0.9],
        'text-max-width': 8,
        'text-optional': true,
      },
      paint: { 'text-color': '#4f473c', 'text-halo-color': 'rgba(255,255,255,0.92)', 'text-halo-width': 1.4 },
    },
    {
      // A badge as a letter: only text tries another side where the first one is taken.
      ...base,
      id: facilityLayers[1]!,
      filter: ['match', kind, kindsThat((b) => b.grounds), true, false],
      layout: {
        'text-field': ['format', ['image', ['concat', 'facility-', kind]], {}],
        'text-font': regular,
        'text-size': ['interpolate', ['linear'], ['zoom'], 13, 10, 15, 13, 17, 16],
        'text-variable-anchor': ['center', 'bottom', 'top', 'left', 'right'],
        'text-radial-offset': 1.9,
        'text-padding': 2,
        'symbol-sort-key': ['match', kind, ...ranks, 9] as unknown as DataDrivenPropertyValueSpecification<number>,
      },
    },
  ]
}

/** Draws the badges, twice as fine as a pixel of the page, so that they are sharp on every screen. */
export function drawBadges(add: (name: string, image: ImageData, options: { pixelRatio: number }) => void) {
  const ratio = 2
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = 22 * ratio
  const c = canvas.getContext('2d', { willReadFrequently: true })
  if (!c) return
  for (const [k, b] of Object.entries(badges)) {
    c.setTransform(ratio, 0, 0, ratio, ratio, ratio)
    c.clearRect(-1, -1, 22, 22)
    c.beginPath()
    c.arc(10, 10, 9.6, 0, 2 * Math.PI)
    c.fillStyle = '#ffffff'
    c.fill()
    c.beginPath()
    c.arc(10, 10, 8.5, 0, 2 * Math.PI)
    c.fillStyle = b.colour
    c.fill()
    c.fillStyle = '#ffffff'
    c.fill(new Path2D(b.path))
    add(imageOf(k), c.getImageData(0, 0, canvas.width, canvas.height), { pixelRatio: ratio })
  }
}
