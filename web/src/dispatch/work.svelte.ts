// What holds the parts of incidents together on the map's page: the line of events, the list, the incident that is open, the report that is
// being made, and what the map shows of each.

import { untrack } from 'svelte'
import * as api from '../api/incidents'
import { Problem } from '../api/problem'
import type { Incident, IncidentDetail, Report } from '../api/shapes'
import { may, reaches } from '../domain/access'
import { shortCode } from '../domain/code'
import { line } from '../live/line.svelte'
import type { News, Told } from '../live/feed'
import type { Mark, Spot } from '../map/incidents'
import { inks } from '../map/marks'
import type { MapView } from '../map/view'
import type { View } from '../overview/view.svelte'
import { Loaded } from '../shell/loaded.svelte'
import { server } from '../shell/server.svelte'
import { session } from '../shell/session.svelte'
import { language } from '../words/language.svelte'
import { age } from './age'
import { Desk } from './desk.svelte'
import { Draft } from './draft.svelte'
import { IncidentList } from './list.svelte'
import { Reporter } from './reporter.svelte'
import type { Row } from './rows'
import type { Unsent } from './unsent'

interface Opened {
  incident: IncidentDetail
  /** How far the log of events had come when it was asked for. */
  asked: number
}

export class Work {
  readonly desk = new Desk()
  readonly list: IncidentList
  /** All of the division in view, for the figure. */
  readonly all: IncidentList
  readonly opened: Loaded<string, Opened>
  readonly reporter = new Reporter(session.here?.account?.id ?? 0, (made, bare) => this.sentLate(made, bare))
  draft: Draft | undefined = $state.raw()
  /** Whether the reader is asked if the draft may go. */
  leaving = $state(false)
  /** What a screen reader is told of a new incident. */
  said = $state('')
  private pointed: Row | undefined = $state.raw()
  /** The camera goes to the incident that is opened: there when a link named it, else no further than needed. */
  private far: boolean

  /** Whether the division in view is ground on which the reader may see incidents. */
  readonly allowed = $derived.by(() => {
    const here = this.view.division
    return (session.here?.can['incident.read'] ?? []).some((c) => c.startsWith(here) || here.startsWith(c))
  })
  readonly filling = $derived(this.draft !== undefined && !this.draft.aiming)
  readonly aiming = $derived(this.draft !== undefined && this.draft.aiming)

  /** Call it while a component is set up. renewed is told when the grids may be others. */
  constructor(
    private readonly view: View,
    private readonly map: () => MapView | undefined,
    private readonly renewed: () => void,
  ) {
    this.far = !view.camera
    const here = () => (this.desk.read && this.allowed && view.division ? view.division : undefined)
    this.list = new IncidentList(this.desk, () => (view.list === 'incidents' ? here() : undefined), 50)
    this.all = new IncidentList(this.desk, here, 1)
    this.opened = new Loaded(
      () => (this.desk.read ? view.incident : undefined),
      async (id, signal) => {
        const asked = untrack(() => this.desk.log.n)
        return { incident: await api.incident(id, signal), asked }
      },
      false, // each look is an entry in the trail: it is the reader's, never the page's
    )
    this.watchLine()
    this.watchMap()
    this.watchTitle()
  }

  private watchLine() {
    $effect(() => line.listen((news) => this.hear(news)))
    $effect(() => {
      if (session.now?.stage === 'open' && may(session.now.can, 'map.read')) untrack(() => line.open())
      else untrack(() => line.close())
    })
    $effect(() => () => line.close(true))
    $effect(() => {
      if (server.epoch > 0) untrack(() => line.hurry())
    })
    $effect(() => (this.desk.report ? untrack(() => this.reporter.follow()) : undefined))
    $effect(() => {
      if (line.feed.phase === 'live' || server.epoch > 0) untrack(() => this.desk.report && void this.reporter.flush())
    })
  }

  private hear(news: News) {
    if (news.is === 'incident') this.arrived(news)
    else if (news.is === 'layout') this.renewed()
    else if (news.is === 'reset') server.renew()
    else if (news.is === 'out') void session.look()
    else if (news.is === 'access') void session.look().then(() => server.renew())
    else {
      // What happened between the first questions and the stream's beginning is in neither.
      this.list.refreshSoon()
      this.all.refreshSoon()
      this.map()?.incidents.refreshSoon()
      this.renewed()
    }
  }

  private arrived(news: News & { is: 'incident' }) {
    const told = this.desk.hear(news)
    if (!told) return
    void this.map()?.incidents.tell(told)
    const w = language.words.incidents
    this.said = w.newOne(this.desk.kindName(told.kind), this.desk.severityName(told.severity), w.gridShort(shortCode(told.grid)))
  }

  private watchMap() {
    $effect(() => {
      const kinds = this.desk.groups
      const ready = this.desk.read && Object.keys(kinds).length > 0
      void this.map()?.incidents.show(ready, kinds)
    })
    $effect(() => {
      const spots = [this.pointed, this.opened.data && spotOf(this.opened.data.incident)].filter((s): s is Spot => s !== undefined)
      void this.map()?.incidents.setPicked(spots)
    })
    $effect(() => {
      const found = this.opened.data?.incident
      const map = this.map()
      if (!map || !found) return
      if (this.far) map.zoomTo(found.lon, found.lat)
      else map.reveal(found.lon, found.lat)
      this.far = false
      map.highlight(found.grid.code)
      return () => map.highlight(undefined)
    })
    $effect(() => {
      const map = this.map()
      if (map) map.placing.on = this.draft !== undefined
    })
    $effect(() => {
      const at = this.draft?.where ?? (this.draft?.crs === 'wgs84' ? this.draft.position : undefined)
      this.map()?.placing.setPin(at && !this.draft?.aiming ? { lon: at.lon, lat: at.lat } : undefined)
    })
  }

  private watchTitle() {
    $effect(() => {
      const bare = document.title.replace(/^\(\d+\) /, '')
      document.title = this.desk.unseen ? language.words.incidents.unseen(this.desk.unseen, bare) : bare
    })
    $effect(() => {
      const seen = () => document.visibilityState === 'visible' && (this.desk.unseen = 0)
      document.addEventListener('visibilitychange', seen)
      return () => document.removeEventListener('visibilitychange', seen)
    })
  }

  /** Opens an incident. */
  open(id: string) {
    this.far = false
    this.pointed = undefined
    this.view.chooseIncident(id)
  }

  /** Points at one without opening it. */
  point(row: Row | undefined) {
    this.pointed = row
  }

  zoom() {
    const found = this.opened.data?.incident
    if (found) this.map()?.zoomTo(found.lon, found.lat)
  }

  /** What the label at the pointer says of a mark: what, more of it, and how grave with its colour. */
  describe(mark: Mark): { what: string; more: string; grave: string; ink: string } {
    const w = language.words.incidents
    const grave = this.desk.severityName(mark.severity)
    const ink = inks[mark.severity] ?? ''
    if ('id' in mark) return { what: this.desk.kindName(mark.kind), more: age(mark.at, language.lang, Date.now()), grave, ink }
    return { what: w.glimpse(String(mark.count)), more: w.enlarge, grave: w.gravest(grave), ink }
  }

  /** Begins a report: first its place. */
  begin() {
    if (!this.desk.report) return
    if (!this.draft) this.draft = new Draft()
    else if (!this.draft.aiming) return document.querySelector<HTMLElement>('#panel textarea')?.focus()
    this.map()?.focus()
  }

  /** Takes up one that waited. */
  change(u: Unsent) {
    const contact = this.reporter.contactOf(u.request)
    this.reporter.drop(u.request)
    this.draft = Draft.of(u, contact)
  }

  /** Chooses the place anew; what is filled in stays. */
  aim() {
    if (this.draft) this.draft.aiming = true
    this.map()?.focus()
  }

  /** Leaves off aiming, or the report. */
  stop() {
    if (!this.draft) return
    if (this.draft.aiming && this.draft.position) this.draft.aiming = false // back to the form
    else if (this.draft.begun) this.leaving = true
    else this.drop()
  }

  drop() {
    this.draft = undefined
    this.leaving = false
    this.map()?.focus()
  }

  async send(report: Report): Promise<void> {
    const made = await this.reporter.send(report)
    this.drop()
    if (!made) {
      this.desk.say({ tone: 'wait', text: language.words.incidents.report.kept })
      server.heard(new Problem(0))
      return
    }
    this.desk.say({ tone: 'good', text: language.words.incidents.report.done(gridOf(made)), ...this.show(made) })
  }

  private sentLate(made: Incident, bare: boolean) {
    const r = language.words.incidents.report
    this.desk.say({ tone: bare ? 'wait' : 'good', text: (bare ? r.sentBare : r.sentLate)(gridOf(made)), ...this.show(made) })
  }

  /** Puts an incident of the reader's own on the page before its event comes; where they may see it. */
  private show(made: Incident): { incident?: string } {
    if (!reaches(session.here?.can ?? {}, 'incident.read', made.grid.code)) return {}
    const told: Told = { id: made.id, kind: made.kind, severity: made.severity, lon: made.lon, lat: made.lat, grid: made.grid.code, at: made.reported_at, ...(made.special ? { special: made.special } : {}) }
    this.arrived({ is: 'incident', told, late: true })
    return { incident: made.id }
  }
}

const spotOf = (i: Incident): Spot => ({ id: i.id, kind: i.kind, severity: i.severity, lon: i.lon, lat: i.lat, at: i.reported_at })

/** A grid as one says it: its name, else its community with its number. */
function gridOf(i: Incident): string {
  const [, community = ''] = i.place.split(' · ')
  return i.grid.name || `${community} ${shortCode(i.grid.code)}`.trim()
}
