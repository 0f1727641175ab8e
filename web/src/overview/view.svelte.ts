// What the reader looks at: the division, the grid, the mode, the list that is open. It is written into the
// address, so that links and the browser's back and forward work: a choice makes a step in the history, a
// move of the map only corrects the last one.

import { format, parse } from '../domain/place'
import type { Camera, Mode, Place } from '../domain/place'
import type { Switch } from '../map/style'
import { language } from '../words/language.svelte'

export const lists = ['grids', 'residents', 'outOfBand', 'covered', 'streets'] as const
export type List = (typeof lists)[number]

export class View {
  division: string = $state('')
  /** The panel at the right shows the grid or the incident: one of them at a time. */
  grid: string | undefined = $state()
  incident: string | undefined = $state()
  mode: Mode = $state('deviation')
  list: List | 'incidents' | undefined = $state()
  switches: Record<Switch, boolean> = $state({ streets: true, buildings: true, water: true, facilities: true, blocks: true, labels: true, incidents: true })
  camera: Camera | undefined = $state.raw()
  private onTravel: (place: Place) => void = () => {}

  constructor(private readonly home: string) {
    this.read(parse(location.hash))
  }

  /** Follows the browser's back and forward; travel is told where they lead. Returns how to stop. */
  follow(travel: (place: Place) => void): () => void {
    this.onTravel = travel
    const arrived = () => {
      const place = parse(location.hash)
      if (format(place) === this.hash()) return
      this.read(place)
      this.onTravel(place)
    }
    addEventListener('popstate', arrived)
    addEventListener('hashchange', arrived)
    return () => {
      removeEventListener('popstate', arrived)
      removeEventListener('hashchange', arrived)
    }
  }

  private read(place: Place) {
    this.division = place.division ?? this.home
    this.incident = place.incident
    this.grid = place.incident ? undefined : place.grid
    this.mode = place.mode ?? 'deviation'
    if (place.camera) this.camera = place.camera
    if (place.lang && place.lang !== language.lang) language.set(place.lang)
  }

  chooseDivision(code: string) {
    this.division = code
    this.grid = this.incident = undefined
    this.step()
  }

  chooseGrid(code: string | undefined) {
    if (code === this.grid && !this.incident) return
    this.grid = code
    this.incident = undefined
    this.step()
  }

  chooseIncident(id: string | undefined) {
    if (id === this.incident) return
    this.incident = id
    this.grid = undefined
    this.step()
  }

  chooseMode(mode: Mode) {
    if (mode === this.mode) return
    this.mode = mode
    this.step()
  }

  chooseLanguage() {
    language.set(language.lang === 'zh' ? 'en' : 'zh')
    this.correct()
  }

  toggleList(list: List | 'incidents') {
    this.list = this.list === list ? undefined : list
  }

  moved(camera: Camera) {
    this.camera = camera
    this.correct()
  }

  private hash(): string {
    const place: Place = { division: this.division, mode: this.mode, lang: language.lang }
    if (this.camera) place.camera = this.camera
    if (this.grid) place.grid = this.grid
    if (this.incident) place.incident = this.incident
    return format(place)
  }

  private step() {
    if (this.hash() !== location.hash) history.pushState(null, '', this.hash())
  }

  private correct() {
    if (this.hash() !== location.hash) history.replaceState(null, '', this.hash())
  }
}
