// The planner's map: it shows a board, tells where the pointer is, and draws what is being drawn. Nothing in here knows Svelte. Changes of
// the board are written once a frame, however often the pointer moved in it.

import { AttributionControl, Map as MapLibre, Marker, ScaleControl } from 'maplibre-gl'
import type { ErrorEvent, GeoJSONSource } from 'maplibre-gl'
import type { Feature, FeatureCollection, LineString, Polygon } from 'geojson'
import '../map/worker'
import { byItself } from '../api/client'
import type { Bounds } from '../domain/bounds'
import type { Camera } from '../domain/place'
import { Credit } from '../map/credit'
import { families } from '../map/fonts'
import type { Board, Slot } from './board'
import { Comparison } from './compare'
import { Labels } from './labels'
import type { LabelText } from './labels'
import { arc, arcsSource, blocksSource, deviationCode, fill, gapLayer, gapPattern, gapPicture, lockLayer, lockPattern, lockPicture, paletteCode, planStyle, specialPattern, specialPicture, standsOut, tag, tagPicture, tagStretch } from './layers'
import { arcPoints, blockPolygon } from './rings'
import { Signs } from './signs'
import { Sketch } from './sketch'
import type { Topology } from './topology'

export type Shading = 'grids' | 'deviation'

/** Where the pointer is, and which keys are held. */
export interface Pointed {
  lon: number
  lat: number
  x: number
  y: number
  shift: boolean
  alt: boolean
  ctrl: boolean
  /** What a pixel is long, in degrees of longitude. */
  pixel: number
  /** Pixels to the map's right edge. */
  room: number
}

export interface PlanMapEvents {
  down(p: Pointed): void
  /** held: with the button down. */
  move(p: Pointed, held: boolean): void
  up(p: Pointed, moved: boolean): void
  twice(p: Pointed): void
  leave(): void
  moved(camera: Camera): void
  trouble(status: number): void
  /** Before each frame in which something changed: what is shown beside the map follows, once a frame. */
  frame(): void
}

export interface PlanMapOptions {
  container: HTMLElement
  camera?: Camera | undefined
  bounds?: Bounds | undefined
  tolerance: number
  credit?: string | undefined
  label: (slot: Slot, at: number) => LabelText
  /** What a community is called. */
  community: (code: string) => string
  on: PlanMapEvents
}

/** What the tools at the left and the views at the top leave of the map for what is looked at. */
const free = { top: 62, right: 36, bottom: 30, left: 84 }
const still = () => matchMedia('(prefers-reduced-motion: reduce)').matches

/** While a tool is drawn the map needs no word of the mouse: with each it would ask where it lies on the page, which lays that out anew. */
const hush = (e: MouseEvent) => e.stopPropagation()

export class PlanMap {
  readonly map: MapLibre
  readonly sketch: Sketch
  private readonly ready: Promise<void>
  private board: Board | undefined
  private shading: Shading = 'grids'
  private chosen: ReadonlySet<number> = new Set()
  /** Blocks that are shown in another grid than they are in: what an act would do. */
  private preview: ReadonlyMap<number, number> = new Map()
  /** Numbers of the map's own: a block or an arc that outlives a cut beside it keeps its number, and with it its colour. */
  private readonly blockNumbers = new Map<number, number>()
  private readonly arcNumbers = new Map<string, number>()
  private blockIds: number[] = []
  private arcIds: number[] = []
  /** The state of each arc by its number, so that only what changes is told. */
  private readonly arcState: number[] = []
  /** The slot in which each block was drawn last. */
  private drawn = new Int32Array()
  private frame = 0
  readonly labels: Labels
  readonly signs: Signs
  private readonly comparison: Comparison
  private held = false
  private from: { x: number; y: number } | undefined
  private panning = false
  private readonly markers = new Map<string, Marker>()
  /** Whether dragging is the tool's; else it moves the map. */
  drags = false

  constructor(private readonly o: PlanMapOptions) {
    this.map = new MapLibre({
      container: o.container,
      style: planStyle(o.tolerance, document.baseURI),
      ...(o.camera ? { center: [o.camera.lon, o.camera.lat] as [number, number], zoom: o.camera.zoom } : o.bounds ? { bounds: o.bounds, fitBoundsOptions: { padding: 28 } } : { center: [104, 35.5] as [number, number], zoom: 4 }),
      minZoom: 7,
      maxZoom: 20,
      maxPitch: 0,
      dragRotate: false,
      pitchWithRotate: false,
      rollEnabled: false,
      boxZoom: false,
      doubleClickZoom: false,
      attributionControl: false,
      localIdeographFontFamily: families,
      fadeDuration: still() ? 1 : 150, // with none at all, every frame would find a place for every label anew
      transformRequest: (url) => ({ url: new URL(url, document.baseURI).href, headers: byItself }),
    })
    this.map.touchZoomRotate.disableRotation()
    this.map.keyboard.disableRotation()
    this.map.addControl(new ScaleControl({ maxWidth: 120, unit: 'metric' }), 'bottom-right')
    this.map.addControl(o.credit === undefined ? new AttributionControl({ compact: false }) : new Credit(o.credit), 'bottom-right')
    this.labels = new Labels(this.map, o.label, () => ({ board: this.board, chosen: this.chosen }))
    Object.assign(o.container, { map: this.map }) // who tests what is drawn asks it
    this.signs = new Signs(this.map, o.community)
    this.comparison = new Comparison(this.map, () => this.board)
    this.sketch = new Sketch(o.container, (lon, lat) => this.map.project([lon, lat]))
    this.ready = new Promise((resolve) =>
      this.map.once('style.load', () => {
        const pixels = { pixelRatio: devicePixelRatio > 1 ? 2 : 1 }
        this.map.addImage(lockPattern, lockPicture(), pixels)
        this.map.addImage(gapPattern, gapPicture(), pixels)
        this.map.addImage(specialPattern, specialPicture(), pixels)
        this.map.addImage(tag, tagPicture(), tagStretch)
        resolve()
      }),
    )
    this.listen()
  }

  private listen() {
    const { map, o } = this
    map.on('moveend', () => o.on.moved(this.camera()))
    map.on('move', () => this.sketch.redraw())
    const settled = (is: boolean) => (map.getContainer().dataset.drawn = String(is))
    map.on('idle', () => settled(true))
    map.on('dataloading', () => settled(false))
    map.on('movestart', () => settled(false))
    map.on('error', (e: ErrorEvent) => this.failed(e.error as Error & { status?: number }))
    const canvas = map.getCanvasContainer()
    canvas.addEventListener('pointerenter', () => (this.box = undefined))
    canvas.addEventListener('pointerdown', (e) => this.down(e))
    canvas.addEventListener('pointermove', (e) => this.move(e))
    canvas.addEventListener('pointerup', (e) => this.up(e))
    canvas.addEventListener('pointercancel', (e) => this.up(e))
    canvas.addEventListener('dblclick', (e) => o.on.twice(this.pointed(e)))
    canvas.addEventListener('pointerleave', () => !this.held && o.on.leave())
  }

  /** Where the map lies in the window: asking for it while rows change would lay the page out again with every move. */
  private box: DOMRect | undefined

  private down(e: PointerEvent) {
    if (e.button !== 0) return
    this.held = true
    this.from = { x: e.clientX, y: e.clientY }
    if (this.drags && !this.panning) {
      this.map.getCanvasContainer().setPointerCapture(e.pointerId)
      window.addEventListener('mousemove', hush, true)
      this.o.on.down(this.pointed(e))
    }
  }

  private move(e: PointerEvent) {
    if (this.panning) return
    const begun = performance.now()
    this.o.on.move(this.pointed(e), this.held && this.drags)
    this.spent += performance.now() - begun
  }

  private up(e: PointerEvent) {
    if (!this.held) return
    this.held = false
    window.removeEventListener('mousemove', hush, true)
    const moved = !!this.from && Math.hypot(e.clientX - this.from.x, e.clientY - this.from.y) > 4
    if (this.panning) return
    if (this.drags || !moved) this.o.on.up(this.pointed(e), moved)
  }

  private pointed(e: MouseEvent): Pointed {
    const box = (this.box ??= this.map.getCanvas().getBoundingClientRect())
    const [x, y] = [e.clientX - box.left, e.clientY - box.top]
    const { lng, lat } = this.map.unproject([x, y])
    return { lon: lng, lat, x, y, shift: e.shiftKey, alt: e.altKey, ctrl: e.ctrlKey || e.metaKey, pixel: this.pixel(), room: box.width - x }
  }

  /** The middle of the map, for those who don't point. */
  middle(): Pointed {
    const { lng, lat } = this.map.getCenter()
    const { x, y } = this.map.project([lng, lat])
    return { lon: lng, lat, x, y, shift: false, alt: false, ctrl: false, pixel: this.pixel(), room: x }
  }

  private pixel(): number {
    return 360 / (512 * 2 ** this.map.getZoom())
  }

  private failed(error: Error & { status?: number }) {
    const status = error.status ?? (/failed to fetch|networkerror|load failed/i.test(error.message) ? 0 : undefined)
    if (status === undefined) console.error(error)
    else this.o.on.trouble(status)
  }

  /** Whether the map moves under the pointer whatever the tool: while the space bar is down. */
  setPanning(on: boolean) {
    this.panning = on
    this.setDrags(this.drags)
    this.map.getCanvas().style.cursor = on ? 'grab' : ''
  }

  /** Says whose dragging is. */
  setDrags(drags: boolean) {
    this.drags = drags
    if (drags && !this.panning) this.map.dragPan.disable()
    else this.map.dragPan.enable()
  }

  setCursor(cursor: string) {
    if (!this.panning) this.map.getCanvas().style.cursor = cursor
  }

  /** Shows another board: its ground goes to the map once, and then only states. */
  async show(board: Board) {
    await this.ready
    const { t } = board
    const numbered = <K>(known: Map<K, number>, key: K) => known.get(key) ?? (known.set(key, known.size + 1), known.size)
    const blockIds = Array.from(t.keys, (key) => numbered(this.blockNumbers, key))
    const arcIds = Array.from({ length: t.m }, (_, a) => numbered(this.arcNumbers, arcName(t, a)))
    const polygons: Feature<Polygon>[] = blockIds.map((id, i) => ({ type: 'Feature', id, properties: {}, geometry: { type: 'Polygon', coordinates: blockPolygon(t, i) } }))
    const lines: Feature<LineString>[] = arcIds.map((id, a) => ({ type: 'Feature', id, properties: {}, geometry: { type: 'LineString', coordinates: arcPoints(t, a) } }))
    await Promise.all([this.set(blocksSource, polygons), this.set(arcsSource, lines)])
    this.map.setPaintProperty('plan-fill', 'fill-color', fill(board.settings.tolerance))
    this.board = board
    this.drawn = Int32Array.from(board.grid)
    this.blockIds = blockIds
    this.arcIds = arcIds
    this.all()
    this.signs.show(board)
    this.comparison.touch()
    void this.labels.write()
  }

  private set(source: string, features: Feature[]) {
    return this.map.getSource<GeoJSONSource>(source)?.setData({ type: 'FeatureCollection', features } as FeatureCollection)
  }

  /** Looks at every block again. */
  private all() {
    if (!this.board) return
    for (let i = 0; i < this.board.t.n; i++) this.board.touch(i)
    this.changed()
  }

  /** Something of the board changed: it is drawn with the next frame. */
  changed() {
    this.frame ||= requestAnimationFrame(() => this.flush())
  }

  /** Milliseconds of ours since the last frame. */
  private spent = 0

  private flush() {
    this.frame = 0
    const { board } = this
    if (!board) return
    const begun = performance.now()
    this.o.on.frame()
    const dirty = board.takeDirty()
    if (dirty.length) this.showPatterns(board)
    if (dirty.length) this.comparison.touch()
    for (const b of dirty) this.drawBlock(board, b)
    for (const b of dirty) this.drawArcs(board, b)
    for (const b of dirty) this.labelsFollow(board, b)
    if (!this.held) for (const slot of this.signs.follow(board)) this.labels.touch(slot)
    const spent = this.spent + performance.now() - begun
    this.spent = 0
    if (dirty.length) performance.measure('jingwei.paint', { start: begun, duration: spent, detail: dirty.length })
  }

  private labelsFollow(board: Board, block: number) {
    this.labels.touch(this.drawn[block]!)
    this.drawn[block] = board.grid[block]!
    this.labels.touch(this.drawn[block]!)
  }

  /** Shows the patterns of gaps and of locks while there are any. */
  private showPatterns(board: Board) {
    this.setVisible(gapLayer, board.left.blocks > 0)
    this.setVisible(lockLayer, board.locked.includes(1) || board.slots.some((s) => s.locked))
  }

  private setVisible(layer: string, on: boolean) {
    if ((this.map.getLayoutProperty(layer, 'visibility') !== 'none') !== on) this.map.setLayoutProperty(layer, 'visibility', on ? 'visible' : 'none')
  }

  private slotOf(board: Board, block: number): number {
    return this.preview.get(block) ?? board.grid[block]!
  }

  private drawBlock(board: Board, block: number) {
    const slot = this.slotOf(board, block)
    const s = board.slots[slot]
    const c = !s ? 0 : this.shading === 'grids' ? paletteCode(s.colour) : deviationCode(board.deviation(s), board.band(s), board.settings.tolerance)
    this.map.setFeatureState({ source: blocksSource, id: this.blockIds[block]! }, { c: this.chosen.has(slot) || this.preview.has(block) ? c + standsOut : c, l: Number(board.isLocked(block)) })
  }

  private drawArcs(board: Board, block: number) {
    const { arcStart, arcsOf, left, right } = board.t
    for (let k = arcStart[block]!; k < arcStart[block + 1]!; k++) {
      const a = arcsOf[k]! < 0 ? ~arcsOf[k]! : arcsOf[k]!
      const [l, r] = [left[a]!, right[a]!]
      const sl = l < 0 ? -2 : this.slotOf(board, l)
      const sr = r < 0 ? -2 : this.slotOf(board, r)
      const g = sl === sr ? arc.within : this.chosen.has(sl) || this.chosen.has(sr) ? arc.chosen : l < 0 || r < 0 ? arc.edge : arc.between
      const id = this.arcIds[a]!
      if ((this.arcState[id] ?? arc.within) === g) continue
      this.arcState[id] = g
      this.map.setFeatureState({ source: arcsSource, id }, { g })
    }
  }

  setShading(shading: Shading) {
    if (shading === this.shading) return
    this.shading = shading
    this.all()
  }

  /** Shows a grid by deviation again whose deviation changed: all its blocks have one colour. */
  reshade(slots: ReadonlySet<number>) {
    if (this.shading === 'grids' || !this.board) return
    for (let i = 0; i < this.board.t.n; i++) if (slots.has(this.board.grid[i]!)) this.board.touch(i)
  }

  setChosen(slots: ReadonlySet<number>) {
    const { board } = this
    const before = this.chosen
    this.chosen = slots
    if (!board) return
    for (let i = 0; i < board.t.n; i++) {
      const s = this.slotOf(board, i)
      if (before.has(s) !== slots.has(s)) board.touch(i)
    }
    for (const slot of [...before, ...slots]) this.labels.touch(slot)
    this.changed()
  }

  /** Shows what an act would do; an empty map shows what is. */
  setPreview(preview: ReadonlyMap<number, number>) {
    const { board } = this
    const before = this.preview
    this.preview = preview
    if (!board) return
    for (const b of before.keys()) board.touch(b)
    for (const b of preview.keys()) board.touch(b)
    this.changed()
  }

  /** Shows where the draft's borders are others than the live ones. */
  async setComparing(on: boolean) {
    await this.ready
    this.comparison.set(on)
  }

  camera(): Camera {
    const { lng, lat } = this.map.getCenter()
    return { zoom: this.map.getZoom(), lat, lon: lng }
  }

  fit(bounds: Bounds, maxZoom = 17, share = 0.12, leap = false) {
    const [dx, dy] = [(bounds[2] - bounds[0]) * share, (bounds[3] - bounds[1]) * share]
    this.map.fitBounds([bounds[0] - dx, bounds[1] - dy, bounds[2] + dx, bounds[3] + dy], { padding: free, maxZoom, duration: leap || still() ? 0 : 450, essential: false })
  }

  zoomBy(steps: number) {
    this.map.easeTo({ zoom: this.map.getZoom() + steps, duration: still() ? 0 : 200 })
  }

  /** Who else is there, and where. */
  setOthers(others: readonly { name: string; display: string; center: [number, number] }[]) {
    for (const [name, marker] of this.markers)
      if (!others.some((o) => o.name === name)) {
        marker.remove()
        this.markers.delete(name)
      }
    for (const o of others) {
      const there = this.markers.get(o.name)
      if (there) {
        there.setLngLat(o.center)
        continue
      }
      const element = document.createElement('div')
      element.className = 'plan-other'
      element.textContent = o.display
      const marker = new Marker({ element }).setLngLat(o.center).addTo(this.map)
      element.removeAttribute('role')
      element.removeAttribute('aria-label')
      element.removeAttribute('tabindex')
      element.setAttribute('aria-hidden', 'true')
      this.markers.set(o.name, marker)
    }
  }

  /** Asks for the ground again: another version is live. */
  async refresh() {
    await this.ready
    this.map.refreshTiles('ground')
    this.comparison.touch()
  }

  resize() {
    this.box = undefined
    this.map.resize()
  }

  name(title: string) {
    this.map.getCanvas().setAttribute('aria-label', title)
  }

  focus() {
    this.map.getCanvas().focus()
  }

  remove() {
    cancelAnimationFrame(this.frame)
    this.labels.remove()
    this.signs.remove()
    this.comparison.remove()
    this.sketch.remove()
    window.removeEventListener('mousemove', hush, true)
    this.map.remove()
  }
}

/** What tells an arc from all others: what lies beside it, where it begins and ends. */
function arcName(t: Topology, a: number): string {
  const side = (block: number) => (block < 0 ? 0 : t.keys[block]!)
  const [p, q] = [2 * t.start[a]!, 2 * t.start[a + 1]! - 2]
  return [side(t.left[a]!), side(t.right[a]!), t.points[p], t.points[p + 1], t.points[q], t.points[q + 1]].join()
}
