// The map as the page sees it: it is told what to show and tells what the reader did. Nothing in here
// knows Svelte; what follows the pointer never leaves this file, so hovering renders no component.

import { AttributionControl, Map as MapLibre, Marker, ScaleControl } from 'maplibre-gl'
import type { ErrorEvent, MapGeoJSONFeature, PaddingOptions } from 'maplibre-gl'
import type { Geometry } from 'geojson'
import './worker'
import { byItself } from '../api/client'
import type { Bounds } from '../domain/bounds'
import type { Camera, Mode } from '../domain/place'
import { BuildingLayer } from './buildings'
import type { Footprint } from './buildings'
import { Credit } from './credit'
import { drawBadges, facilityLayers } from './facilities'
import { families } from './fonts'
import { IncidentLayer } from './incidents'
import type { Mark } from './incidents'
import { divisionInView, dots, dotsImage, fillColour, fillOpacity, hatch, hatchImage, labels, pickLayer, type MapWords } from './grids'
import { tintLayer, tintOpacity } from './paper'
import { Placing } from './placing'
import { sources, style, switches } from './style'
import type { Switch } from './style'

/** What a tile says of the grid under the pointer. */
export interface Glimpse {
  code: string
  name: string
  residents: number
  deviation: number
  band: string
  /** The kind of a special grid, empty for an ordinary one. */
  special: string
}

/** What a tile says of the facility under the pointer. */
export interface Place {
  kind: string
  name: string
}

export interface ViewEvents {
  /** The pointer is over a grid, or over none. x and y in pixels of the map. At most once a frame. */
  hover(grid: Glimpse | undefined, x: number, y: number): void
  /** The pointer is over a facility, or was clicked or tapped on one; hover is told of its grid before. */
  meet(place: Place, x: number, y: number): void
  /** The pointer is over an incident, or over several; hover is told of its grid before. */
  spy(mark: Mark, x: number, y: number): void
  /** A click or Enter on a grid, or on none. */
  pick(code: string | undefined): void
  /** A click on an incident. */
  open(id: string): void
  /** On pages that open buildings: a click or Enter on one, or on ground without any; grid is the code of the grid there. */
  building?(found: Footprint | undefined, grid: string | undefined, lon: number, lat: number): void
  /** There: the pointer is over a building, or over none. */
  roof?(found: Footprint | undefined, x: number, y: number): void
  /** A position was pointed at, in WGS 84. */
  place(lon: number, lat: number): void
  /** The camera came to rest. */
  moved(camera: Camera): void
  /** A tile couldn't be had: the HTTP status, 0 when no answer came. */
  trouble(status: number): void
}

export interface ViewOptions {
  container: HTMLElement
  camera?: Camera | undefined
  bounds?: Bounds | undefined
  padding: PaddingOptions
  tolerance: number
  words: MapWords
  /** Said in place of what the tiles say of their sources. */
  credit?: string | undefined
  mode: Mode
  on: ViewEvents
}

/** How far beside an incident one may point, in pixels: a finger is blunter. */
const reach = matchMedia('(pointer: coarse)').matches ? 10 : 3

const still = () => matchMedia('(prefers-reduced-motion: reduce)').matches

export class MapView {
  private map: MapLibre
  private on: ViewEvents
  private hovered: string | undefined
  private highlighted: string | undefined
  private pointer: { x: number; y: number } | undefined
  private frame = 0
  /** Whether tiles are asked for by the page itself and not because the reader moved the map. */
  private byItself = false
  private ready: Promise<void>
  private padding: PaddingOptions
  private credit: Credit | undefined
  private marker: Marker | undefined
  private spot: Marker | undefined
  readonly incidents: IncidentLayer
  /** On pages that open buildings. */
  readonly buildings: BuildingLayer | undefined
  readonly placing: Placing

  constructor(options: ViewOptions) {
    this.on = options.on
    this.padding = options.padding
    this.map = new MapLibre({
      container: options.container,
      style: style(options.tolerance, options.words, document.baseURI),
      ...(options.camera
        ? { center: [options.camera.lon, options.camera.lat] as [number, number], zoom: options.camera.zoom }
        : options.bounds
          ? { bounds: options.bounds, fitBoundsOptions: { padding: options.padding } }
          : { center: [104, 35.5] as [number, number], zoom: 3.6 }),
      minZoom: 3,
      maxZoom: 20,
      maxPitch: 0,
      dragRotate: false,
      pitchWithRotate: false,
      rollEnabled: false,
      attributionControl: false,
      localIdeographFontFamily: families,
      fadeDuration: still() ? 0 : 150,
      // Relative tile addresses in a TileJSON are taken against the page; the worker has no page.
      transformRequest: (url) => {
        const asked = new URL(url, document.baseURI)
        const quiet = this.byItself || (this.incidents?.byItself && asked.pathname.includes('/tiles/incidents/'))
        return { url: asked.href, ...(quiet ? { headers: byItself } : {}) }
      },
    })
    this.map.touchZoomRotate.disableRotation()
    this.map.keyboard.disableRotation()
    this.map.addControl(new ScaleControl({ maxWidth: 110, unit: 'metric' }), 'bottom-right')
    this.credit = options.credit === undefined ? undefined : new Credit(options.credit)
    this.map.addControl(this.credit ?? new AttributionControl({ compact: false }), 'bottom-right')
    this.ready = new Promise((resolve) => {
      this.map.once('style.load', () => {
        const pixels = { pixelRatio: devicePixelRatio > 1 ? 2 : 1 }
        this.map.addImage(hatch, hatchImage(), pixels)
        this.map.addImage(dots, dotsImage(), pixels)
        drawBadges((name, image, options) => this.map.addImage(name, image, options))
        this.applyMode(options.mode)
        // The ground half a zoom early: a town that just fits the window shall show its buildings.
        const ground = this.map.getSource('ground')
        if (ground) ground.roundZoom = true
        resolve()
      })
    })
    this.incidents = new IncidentLayer(this.map, this.ready, new URL('tiles/incidents/', document.baseURI).href + '{z}/{x}/{y}.mvt')
    this.buildings = options.on.building && new BuildingLayer(this.map, this.ready)
    this.placing = new Placing(this.map, (lon, lat) => this.on.place(lon, lat))
    this.listen()
  }

  private listen() {
    const map = this.map
    map.on('mousemove', (e) => {
      this.pointer = e.point
      this.frame ||= requestAnimationFrame(() => this.follow())
    })
    map.on('mouseout', () => {
      this.pointer = undefined
      this.leaveGrid()
    })
    // Other ground comes under a pointer that rests: a flight to what was searched, a zoom.
    map.on('movestart', () => {
      this.byItself = false
      this.leaveGrid()
    })
    map.on('idle', () => this.follow())
    map.on('click', (e) => {
      if (this.placing.on) return this.placing.take(e.lngLat)
      const mark = this.incidents.at(e.point, reach)
      if (mark) return this.enter(mark)
      if (this.buildings) return this.openBuilding(e.point, e.lngLat)
      this.on.pick(this.gridAt(e.point)?.code)
      const place = this.placeAt(e.point)
      if (place) this.on.meet(place, e.point.x, e.point.y) // a finger doesn't hover
    })
    map.on('moveend', () => this.on.moved(this.camera()))
    // For whoever waits for the picture: tests, and people who print it.
    const settled = (is: boolean) => (map.getContainer().dataset.drawn = String(is))
    map.on('idle', () => settled(true))
    map.on('dataloading', () => settled(false))
    map.on('movestart', () => settled(false))
    map.on('error', (e: ErrorEvent) => this.failed(e.error as Error & { status?: number }, (e as unknown as { sourceId?: string }).sourceId))
    map.getCanvas().addEventListener('keydown', (e) => {
      if (e.key !== 'Enter' && e.key !== ' ') return
      e.preventDefault()
      if (this.placing.on) return this.placeInMiddle()
      if (this.buildings) return this.openBuilding(this.middle(), this.map.getCenter())
      this.on.pick(this.gridAt(this.middle())?.code)
    })
  }

  /** The position in the middle of what the panels leave free, for those who don't point. */
  placeInMiddle() {
    this.placing.take(this.map.getCenter())
  }

  private openBuilding(at: { x: number; y: number }, { lng, lat }: { lng: number; lat: number }) {
    this.on.building?.(this.buildings?.at(at, reach), this.gridAt(at)?.code, lng, lat)
  }

  /** Opens an incident; of several it shows where they are. */
  private enter(mark: Mark) {
    if ('id' in mark) return this.on.open(mark.id)
    const [w, s, e, n] = mark.bounds
    const [dx, dy] = [Math.max((e - w) * 0.15, 2e-4), Math.max((n - s) * 0.15, 2e-4)]
    this.map.fitBounds([w - dx, s - dy, e + dx, n + dy], { padding: this.padding, maxZoom: 17.2, duration: still() ? 0 : 500 })
  }

  private failed(error: Error & { status?: number }, source?: string) {
    this.incidents.trouble(source)
    const status = error.status ?? (/failed to fetch|networkerror|load failed/i.test(error.message) ? 0 : undefined)
    if (status === undefined) console.error(error) // a mistake in the style or in a tile: ours, not the network's
    else this.on.trouble(status)
  }

  /** One query a frame, however many times the pointer moved in it. */
  private follow() {
    this.frame = 0
    if (!this.pointer || this.map.isMoving()) return
    if (this.buildings) return this.followRoofs(this.buildings, this.pointer)
    const grid = this.gridAt(this.pointer)
    this.setHover(grid?.code)
    const mark = this.placing.on ? undefined : this.incidents.at(this.pointer, reach)
    this.map.getCanvas().style.cursor = this.placing.on ? 'crosshair' : grid || mark ? 'pointer' : ''
    this.on.hover(grid, this.pointer.x, this.pointer.y)
    if (mark) return this.on.spy(mark, this.pointer.x, this.pointer.y)
    const place = this.placeAt(this.pointer)
    if (place) this.on.meet(place, this.pointer.x, this.pointer.y)
  }

  private followRoofs(buildings: BuildingLayer, at: { x: number; y: number }) {
    const roof = buildings.at(at, 0)
    buildings.hover(roof?.number)
    this.map.getCanvas().style.cursor = roof ? 'pointer' : ''
    this.on.roof?.(roof, at.x, at.y)
  }

  private placeAt({ x, y }: { x: number; y: number }): Place | undefined {
    if (!facilityLayers.every((l) => this.map.getLayer(l))) return undefined
    const p = this.map.queryRenderedFeatures([x, y], { layers: facilityLayers })[0]?.properties
    return p && { kind: String(p.kind), name: String(p.name ?? '') }
  }

  private gridAt(point: { x: number; y: number }): Glimpse | undefined {
    if (!this.map.getLayer(pickLayer)) return undefined
    const found: MapGeoJSONFeature | undefined = this.map.queryRenderedFeatures([point.x, point.y], { layers: [pickLayer] })[0]
    if (!found) return undefined
    const p = found.properties
    return {
      code: String(p.code),
      name: String(p.name ?? ''),
      residents: Number(p.residents),
      deviation: Number(p.deviation),
      band: String(p.band),
      special: String(p.special ?? ''),
    }
  }

  /** The middle of what the panels leave free: where Enter looks. */
  private middle(): { x: number; y: number } {
    const { x, y } = this.map.project(this.map.getCenter())
    return { x, y }
  }

  private leaveGrid() {
    this.setHover(undefined)
    this.buildings?.hover(undefined)
    this.on.roof?.(undefined, 0, 0)
    this.on.hover(undefined, 0, 0)
  }

  private setHover(code: string | undefined) {
    if (code === this.hovered) return
    this.mark(this.hovered, false)
    this.hovered = code
    this.mark(code, true)
  }

  private mark(code: string | undefined, hover: boolean) {
    if (!code || !this.map.getSource('grids')) return
    this.map.setFeatureState({ source: 'grids', sourceLayer: 'grids', id: code }, { hover })
    const asNumber = Number(code) // a 15-digit code is exact as a number; a tile may hold it as one
    this.map.setFeatureState({ source: 'grids', sourceLayer: 'grids', id: asNumber }, { hover })
  }

  /** Shows a grid as if the pointer were on it: for lists and chips outside the map. */
  highlight(code: string | undefined) {
    if (code === this.highlighted) return
    if (this.highlighted !== this.hovered) this.mark(this.highlighted, false)
    this.highlighted = code
    this.mark(code, true)
  }

  camera(): Camera {
    const { lng, lat } = this.map.getCenter()
    return { zoom: this.map.getZoom(), lat, lon: lng }
  }

  jump(camera: Camera) {
    this.map.jumpTo({ center: [camera.lon, camera.lat], zoom: camera.zoom })
  }

  /** Brings bounds into the part of the window that no panel covers. */
  fit(bounds: Bounds, maxZoom = 17.2) {
    this.map.fitBounds(bounds, { padding: this.padding, maxZoom, duration: still() ? 0 : 700, essential: false })
  }

  /** Goes to a place, near enough to see the houses about it, and marks it until the map is clicked. */
  pointAt(lon: number, lat: number) {
    this.fit([lon - 5e-4, lat - 4e-4, lon + 5e-4, lat + 4e-4], 17.5)
    this.marker?.remove()
    void this.map.once('click', () => this.marker?.remove())
    const element = document.createElement('div')
    element.className = 'found'
    this.marker = new Marker({ element }).setLngLat([lon, lat]).addTo(this.map)
  }

  /** Marks a place until another one is, or none. */
  setSpot(at: { lon: number; lat: number } | undefined) {
    this.spot?.remove()
    if (!at) return
    const element = document.createElement('div')
    element.className = 'found'
    this.spot = new Marker({ element }).setLngLat([at.lon, at.lat]).addTo(this.map)
  }

  /** Moves the map no further than needed to have a position out from under the panels. */
  reveal(lon: number, lat: number) {
    const at = this.map.project([lon, lat])
    const { clientWidth: w, clientHeight: h } = this.map.getContainer()
    const { left = 0, right = 0, top = 0, bottom = 0 } = this.padding
    const over = (value: number, low: number, high: number) => Math.min(0, value - low) + Math.max(0, value - high)
    const by: [number, number] = [over(at.x, left + 40, w - right - 40), over(at.y, top + 20, h - bottom - 40)]
    if (by[0] || by[1]) this.map.panBy(by, { duration: still() ? 0 : 350 })
  }

  /** Brings a position into view, and near enough to see the houses about it. */
  zoomTo(lon: number, lat: number) {
    this.fit([lon - 9e-4, lat - 7e-4, lon + 9e-4, lat + 7e-4])
  }

  setPadding(padding: PaddingOptions) {
    this.padding = padding
  }

  zoomBy(steps: number) {
    this.map.easeTo({ zoom: this.map.getZoom() + steps, duration: still() ? 0 : 220 })
  }

  async setSelected(geometry: Geometry | undefined) {
    await this.ready
    const source = this.map.getSource('selected')
    if (source && 'setData' in source) {
      const data = geometry ? { type: 'Feature' as const, properties: {}, geometry } : { type: 'FeatureCollection' as const, features: [] }
      ;(source as { setData(d: unknown): void }).setData(data)
    }
  }

  async setMode(mode: Mode) {
    await this.ready
    this.applyMode(mode)
  }

  private applyMode(mode: Mode) {
    // The grids stay in the style in every mode, invisible rather than absent: they answer the pointer.
    this.map.setPaintProperty(pickLayer, 'fill-opacity', mode === 'deviation' ? fillOpacity : 0)
    this.map.setPaintProperty(tintLayer, 'fill-opacity', mode === 'deviation' ? tintOpacity : 0)
    this.show('grid-hatch', mode === 'deviation')
    this.show('grid-dots', mode === 'deviation')
    this.show('population', mode === 'population')
  }

  async setSwitch(which: Switch, on: boolean) {
    if (which === 'incidents') return this.incidents.setVisible(on)
    await this.ready
    for (const layer of this.map.getStyle().layers) if (switches[which].test(layer.id)) this.show(layer.id, on)
  }

  private show(layer: string, on: boolean) {
    this.map.setLayoutProperty(layer, 'visibility', on ? 'visible' : 'none')
  }

  /** Which division is being looked at: its border is drawn stronger. */
  async setDivision(code: string) {
    await this.ready
    this.map.setFilter(divisionInView, ['==', ['get', 'code'], code])
  }

  async setTolerance(tolerance: number) {
    await this.ready
    this.map.setPaintProperty(pickLayer, 'fill-color', fillColour(tolerance))
  }

  /** The words on and about the map in another language. */
  async setWords(words: MapWords, title: string, credit: string) {
    this.credit?.say(credit)
    this.map.getCanvas().setAttribute('aria-label', title)
    await this.ready
    const label = labels(words)[0]
    if (label?.type === 'symbol' && label.layout?.['text-field'])
      this.map.setLayoutProperty(label.id, 'text-field', label.layout['text-field'])
  }

  /** Asks for every tile again: after a publication, or when the server is back. */
  async refresh() {
    await this.ready
    this.byItself = true
    this.incidents.refreshSoon()
    for (const id of Object.keys(sources)) if (this.map.getSource(id)) this.map.refreshTiles(id)
  }

  focus() {
    this.map.getCanvas().focus()
  }

  remove() {
    cancelAnimationFrame(this.frame)
    this.map.remove()
  }
}
