// Incidents on the map: a layer of tiles under the reader's own scope, and over it what the tiles don't have yet. An incident that was told
// of is shown at once; when tiles that were asked for after it are there, they show it, and what lay over them goes.

import { Marker } from 'maplibre-gl'
import type { ExpressionSpecification, GeoJSONSource, LayerSpecification, Map as MapLibre, MapSourceDataEvent } from 'maplibre-gl'
import type { Point } from 'geojson'
import type { Bounds } from '../domain/bounds'
import type { Told } from '../live/feed'
import { bold } from './fonts'
import { colours, drawMarks, imageOf, sizes } from './marks'

const source = 'incidents'
const fresh = 'incidents-fresh'
const picked = 'incidents-picked'
const layers = { clusters: 'incident-clusters', counts: 'incident-counts', ones: 'incident-ones', fresh: 'incident-fresh', ring: 'incident-ring', picked: 'incident-picked' }
const clickable = [layers.picked, layers.fresh, layers.ones, layers.clusters]

/** From here on every incident stands for itself in the tiles. */
const singleZoom = 16
const refreshEvery = 500 // milliseconds
const pulseFor = 6000

/** What a mark on the map stands for: an incident, or several. */
export type Mark = { id: string; kind: string; severity: number; at: string } | { count: number; severity: number; bounds: Bounds }

/** What is needed to show an incident. */
export type Spot = Pick<Told, 'id' | 'kind' | 'severity' | 'lon' | 'lat' | 'at'>

const severity: ExpressionSpecification = ['to-number', ['get', 'severity'], 3]
const bySeverity = (values: Record<number, unknown>): ExpressionSpecification =>
  ['match', severity, ...Object.entries(values).flatMap(([s, v]) => [Number(s), v]), values[3]] as unknown as ExpressionSpecification
const icon: ExpressionSpecification = [
  'coalesce',
  ['image', ['concat', 'incident-', ['get', 'kind'], '-', ['to-string', ['get', 'severity']]]],
  ['image', imageOf('other', 3)],
]
const iconSize: ExpressionSpecification = ['interpolate', ['linear'], ['zoom'], 11, ['*', 0.66, bySeverity(sizes)], 15, ['*', 0.9, bySeverity(sizes)], 17, ['*', 1.1, bySeverity(sizes)]]
const marks = { 'icon-image': icon, 'icon-size': iconSize, 'icon-allow-overlap': true, 'icon-ignore-placement': true, 'symbol-sort-key': ['-', 0, severity] as ExpressionSpecification }
const ringRadius = 19

/** The layers, above all others, bottom to top. */
export function incidentLayers(): LayerSpecification[] {
  const tiles = { source, 'source-layer': 'incidents' } as const
  const count: ExpressionSpecification = ['to-number', ['get', 'count']]
  return [
    {
      ...tiles,
      id: layers.clusters,
      type: 'circle',
      filter: ['has', 'count'],
      layout: { 'circle-sort-key': ['-', 0, severity] },
      paint: {
        'circle-color': bySeverity(colours),
        'circle-radius': ['interpolate', ['linear'], ['sqrt', count], 1.4, 11, 3, 14, 7, 19, 20, 26],
        'circle-stroke-color': '#ffffff',
        'circle-stroke-width': 2,
      },
    },
    {
      ...tiles,
      id: layers.counts,
      type: 'symbol',
      filter: ['has', 'count'],
      layout: {
        'text-field': ['case', ['>', count, 9999], ['concat', ['to-string', ['round', ['/', count, 1000]]], 'k'], ['to-string', count]],
        'text-font': bold,
        'text-size': ['interpolate', ['linear'], ['sqrt', count], 1.4, 12, 7, 14, 20, 16],
        'text-allow-overlap': true,
        'text-ignore-placement': true,
      },
      paint: { 'text-color': '#ffffff' },
    },
    { ...tiles, id: layers.ones, type: 'symbol', filter: ['!', ['has', 'count']], layout: marks },
    { id: layers.fresh, source: fresh, type: 'symbol', layout: marks },
    {
      id: layers.ring,
      source: picked,
      type: 'circle',
      paint: { 'circle-radius': ringRadius, 'circle-color': 'rgba(255,255,255,0.55)', 'circle-stroke-color': '#1b2338', 'circle-stroke-width': 3 },
    },
    { id: layers.picked, source: picked, type: 'symbol', layout: marks },
  ]
}

const nothing = { type: 'FeatureCollection' as const, features: [] }
const pointOf = (s: Spot) => ({
  type: 'Feature' as const,
  properties: { id: s.id, kind: s.kind, severity: s.severity, at: Date.parse(s.at) / 1000 },
  geometry: { type: 'Point' as const, coordinates: [s.lon, s.lat] },
})

export class IncidentLayer {
  private readonly overlay = new Map<string, { spot: Spot; turn: number }>()
  private turn = 0 // counts what was told
  private asked = 0 // how far the tiles that are on their way reach
  private failed = false
  private last = 0
  private timer = 0
  private drawn = false
  private visible = true
  private picked: Spot[] = []
  /** Whether the tiles are asked for by the page itself and not because the reader moved the map. */
  byItself = false

  constructor(
    private readonly map: MapLibre,
    private readonly ready: Promise<void>,
    private readonly tiles: string,
  ) {
    map.on('sourcedata', (e: MapSourceDataEvent) => e.sourceId === source && this.arrived())
    map.on('movestart', () => (this.byItself = false))
  }

  /** Puts the layer on the map, or takes it away with all that is on it. groups: which group each kind is in. */
  async show(on: boolean, groups: Record<string, string> = {}) {
    await this.ready
    if (on === !!this.map.getSource(source)) return
    if (!on) {
      for (const id of Object.values(layers)) this.map.removeLayer(id)
      for (const id of [source, fresh, picked]) this.map.removeSource(id)
      this.overlay.clear()
      return
    }
    if (!this.drawn) drawMarks(groups, (name, image, options) => this.map.addImage(name, image, options))
    this.drawn = true
    this.map.addSource(source, { type: 'vector', tiles: [this.tiles], minzoom: 0, maxzoom: singleZoom })
    for (const id of [fresh, picked]) this.map.addSource(id, { type: 'geojson', data: nothing })
    for (const layer of incidentLayers()) this.map.addLayer(layer)
    this.applyVisible()
    this.paint()
    void this.setPicked(this.picked)
  }

  /** The reader's switch. What is picked stays. */
  async setVisible(on: boolean) {
    this.visible = on
    await this.ready
    this.applyVisible()
  }

  private applyVisible() {
    for (const id of [layers.clusters, layers.counts, layers.ones, layers.fresh])
      if (this.map.getLayer(id)) this.map.setLayoutProperty(id, 'visibility', this.visible ? 'visible' : 'none')
  }

  /** Shows an incident that was told of: now, and until the tiles have it. */
  async tell(spot: Spot) {
    this.overlay.set(spot.id, { spot, turn: ++this.turn })
    await this.ready
    if (!this.map.getSource(source)) return
    this.paint()
    if (this.visible) this.pulse(spot)
    this.refreshSoon()
  }

  /** Asks for the tiles again, not more often than twice a second. */
  refreshSoon() {
    if (this.timer) return
    this.timer = window.setTimeout(() => {
      this.timer = 0
      this.refresh()
    }, Math.max(0, this.last + refreshEvery - Date.now()))
  }

  private refresh() {
    if (!this.map.getSource(source)) return
    this.last = Date.now()
    this.asked = this.turn
    this.failed = false
    this.byItself = true
    this.map.refreshTiles(source)
  }

  /** To be told when a tile of this layer couldn't be had: what lies over it stays. */
  trouble(of: string | undefined) {
    if (of === source) this.failed = true
  }

  private arrived() {
    if (this.failed || this.overlay.size === 0 || !this.map.isSourceLoaded(source)) return
    for (const [id, { turn }] of this.overlay) if (turn <= this.asked) this.overlay.delete(id)
    this.paint()
  }

  private paint() {
    void this.map.getSource<GeoJSONSource>(fresh)?.setData({ type: 'FeatureCollection', features: [...this.overlay.values()].map((o) => pointOf(o.spot)) })
  }

  /** Rings round a place for a moment. An element of the page: an animation on the map would keep all of it drawing. */
  private pulse(spot: Spot) {
    const element = document.createElement('div')
    element.className = 'pulse'
    element.style.setProperty('--colour', colours[spot.severity] ?? colours[3]!)
    const marker = new Marker({ element }).setLngLat([spot.lon, spot.lat]).addTo(this.map)
    setTimeout(() => marker.remove(), pulseFor)
  }

  /** Which incident is open or pointed at in a list: over all the others, in a ring. */
  async setPicked(spots: Spot[]) {
    this.picked = spots
    await this.ready
    void this.map.getSource<GeoJSONSource>(picked)?.setData({ type: 'FeatureCollection', features: spots.map(pointOf) })
  }

  /** The mark at a point of the map: of several that overlap there the one whose middle is nearest, of those at one place the gravest. reach: how far beside it one may point, in pixels. */
  at({ x, y }: { x: number; y: number }, reach: number): Mark | undefined {
    const present = clickable.filter((l) => this.map.getLayer(l))
    if (present.length === 0) return undefined
    const box: [[number, number], [number, number]] = [
      [x - reach, y - reach],
      [x + reach, y + reach],
    ]
    const found = this.map.queryRenderedFeatures(box, { layers: present }).map((f) => {
      const [lon, lat] = (f.geometry as Point).coordinates as [number, number]
      const at = this.map.project([lon, lat])
      return { p: f.properties, away: Math.round(Math.hypot(at.x - x, at.y - y)) }
    })
    found.sort((a, b) => a.away - b.away || Number(a.p.severity) - Number(b.p.severity))
    const p = found[0]?.p
    if (!p) return undefined
    if (p.count === undefined) return { id: String(p.id), kind: String(p.kind), severity: Number(p.severity), at: new Date(Number(p.at) * 1000).toISOString() }
    return { count: Number(p.count), severity: Number(p.severity), bounds: String(p.bounds).split(',').map(Number) as Bounds }
  }
}
