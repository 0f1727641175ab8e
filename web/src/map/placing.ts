// Saying where something is by pointing at it: the map waits for a click, and then holds a pin that can be dragged.

import { Marker } from 'maplibre-gl'
import type { Map as MapLibre } from 'maplibre-gl'

export class Placing {
  private pin: Marker | undefined
  private wanted = false

  constructor(
    private readonly map: MapLibre,
    private readonly placed: (lon: number, lat: number) => void,
  ) {}

  /** Whether clicks are about a position now, and not about what lies there. */
  get on(): boolean {
    return this.wanted
  }

  set on(on: boolean) {
    this.wanted = on
    this.map.getContainer().classList.toggle('placing', on)
    if (!on) this.setPin(undefined)
  }

  take(at: { lng: number; lat: number }) {
    this.placed(at.lng, at.lat)
  }

  /** Puts the pin somewhere, or takes it away. */
  setPin(at: { lon: number; lat: number } | undefined) {
    if (!at) {
      this.pin?.remove()
      this.pin = undefined
      return
    }
    if (this.pin) {
      this.pin.setLngLat([at.lon, at.lat])
      return
    }
    const element = document.createElement('div')
    element.className = 'pin'
    element.innerHTML =
      '<svg width="34" height="44" viewBox="0 0 34 44" aria-hidden="true"><path d="M17 42C10 31 3 25 3 16a14 14 0 0 1 28 0c0 9-7 15-14 26z" fill="#a83426" stroke="#fff" stroke-width="2.5"/><circle cx="17" cy="16" r="5" fill="#fff"/></svg>'
    this.pin = new Marker({ element, anchor: 'bottom', draggable: true }).setLngLat([at.lon, at.lat]).addTo(this.map)
    element.removeAttribute('role') // it is moved by pointing; the form has its numbers
    element.removeAttribute('aria-label')
    element.removeAttribute('tabindex')
    this.pin.on('dragend', () => {
      const { lng, lat } = this.pin!.getLngLat()
      this.placed(lng, lat)
    })
  }
}
