// A report while it is being made: where, what, and what is still missing. The form shows it, the map moves its pin.

import type { Choice, Problem } from '../api/problem'
import type { GridAt, IncidentKind, Report } from '../api/shapes'
import type { Unsent } from './unsent'

export const systems = ['wgs84', 'gcj02', 'bd09'] as const
export type System = (typeof systems)[number]
export type Field = 'kind' | 'special' | 'text' | 'name' | 'phone' | 'position' | 'grid'


/** A name for a report that nobody else gives one. crypto.randomUUID is only there under HTTPS. */
function newName(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, '0')).join('')
}

/** Where the server says a fault lies, as the form's fields. */
const fieldOf: Record<string, Field> = { kind: 'kind', severity: 'kind', special: 'special', text: 'text', 'contact.name': 'name', 'contact.phone': 'phone', lon: 'position', lat: 'position', crs: 'position', grid: 'grid' }

export class Draft {
  readonly request: string
  kind = $state('')
  /** 0: the kind's own. */
  severity = $state(0)
  special = $state('')
  text = $state('')
  name = $state('')
  phone = $state('')
  /** The position as it is written in the form. */
  lon = $state('')
  lat = $state('')
  crs: System = $state('wgs84')
  /** The grid that was chosen at a border. */
  grid = $state('')
  /** Counts the positions: each is located, also one that is written again as it was. */
  turn = $state(0)
  /** Waits for a click on the map. */
  aiming = $state(true)
  /** Where the position lies, once the server said; undefined while it isn't known. */
  where: GridAt | undefined = $state.raw()
  /** Why there is no grid there. */
  nowhere: Problem | undefined = $state.raw()
  /** The choices of a server that was asked too early. */
  private offered: readonly Choice[] = $state.raw([])
  /** What is wrong, by field; '' is the whole. */
  faults: Partial<Record<Field | '', string>> = $state.raw({})

  constructor(request = newName()) {
    this.request = request
  }

  /** Takes up a report that waited and was refused, or that its reporter wants to change. */
  static of(u: Unsent, contact: Report['contact']): Draft {
    const d = new Draft(u.request)
    d.kind = u.body.kind
    d.severity = u.body.severity ?? 0
    d.special = u.body.special ?? ''
    d.text = u.body.text
    d.name = contact?.name ?? ''
    d.phone = contact?.phone ?? ''
    d.lon = String(u.body.lon)
    d.lat = String(u.body.lat)
    d.crs = systems.find((s) => s === u.body.crs) ?? 'wgs84'
    d.aiming = false
    return d
  }

  /** Whether somebody would lose something if it went away. */
  get begun(): boolean {
    return this.kind !== '' || this.text.trim() !== '' || this.name !== '' || this.phone !== ''
  }

  /** The position as numbers; undefined while it isn't one. */
  readonly position = $derived.by(() => {
    const [lon, lat] = [this.lon, this.lat].map((s) => (/^\s*-?\d+([.．]\d+)?\s*$/.test(s) ? Number(s.replace('．', '.')) : NaN)) as [number, number]
    return Math.abs(lon) <= 180 && Math.abs(lat) <= 90 ? { lon, lat } : undefined
  })

  /** The grids that may be meant: one, or several near a border. The grid that the position lies in is first. */
  readonly choices: readonly Choice[] = $derived.by(() => {
    if (!this.where) return this.offered
    const { grid, near } = this.where
    const own = { code: grid.code, name: grid.name, distance_m: 0 }
    return [own, ...near.filter((n) => n.code.slice(0, 6) === grid.code.slice(0, 6))]
  })
  readonly mustChoose = $derived(this.choices.length > 1)

  /** The position that was pointed at, in WGS 84. */
  pointAt(lon: number, lat: number) {
    this.lon = lon.toFixed(6)
    this.lat = lat.toFixed(6)
    this.crs = 'wgs84'
    this.aiming = false
    this.moved()
  }

  /** The position is another one: what was known of the old one isn't true any more. */
  moved() {
    this.turn++
    this.where = this.nowhere = undefined
    this.grid = ''
    this.offered = []
    this.clear('position')
    this.clear('grid')
  }

  clear(...fields: (Field | '')[]) {
    if (fields.some((f) => f in this.faults)) this.faults = Object.fromEntries(Object.entries(this.faults).filter(([f]) => !fields.includes(f as Field)))
  }

  /** Puts what the server said beside what it is about. */
  refused(problem: Problem, say: (zh: string, en: string) => string, whole: string) {
    const faults: Partial<Record<Field | '', string>> = {}
    for (const f of problem.fields) faults[fieldOf[f.at] ?? ''] = say(f.zh, f.en)
    if (problem.choices.length) {
      this.offered = problem.choices
      this.where = undefined
      faults.grid ??= whole
    }
    if (Object.keys(faults).length === 0) faults[''] = whole
    this.faults = faults
  }

  /** The report as it is sent. */
  body(kind: IncidentKind | undefined): Report {
    const at = this.position ?? { lon: NaN, lat: NaN }
    const contact = { ...(this.name.trim() ? { name: this.name.trim() } : {}), ...(this.phone.trim() ? { phone: this.phone.trim() } : {}) }
    return {
      kind: this.kind,
      text: this.text.trim(),
      lon: at.lon,
      lat: at.lat,
      crs: this.crs,
      request: this.request,
      ...(this.severity ? { severity: this.severity } : {}),
      ...(kind?.special ? { special: this.special } : {}),
      ...(this.grid ? { grid: this.grid } : {}),
      ...(Object.keys(contact).length ? { contact } : {}),
    }
  }
}
