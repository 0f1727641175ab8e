// Whose ground the map shows, in its corner. An invented town is nobody's, and must not be put down to the
// people who survey real ones.

import type { IControl } from 'maplibre-gl'

export class Credit implements IControl {
  private readonly element = document.createElement('div')

  constructor(text: string) {
    this.element.className = 'maplibregl-ctrl maplibregl-ctrl-attrib'
    this.say(text)
  }

  say(text: string) {
    this.element.textContent = text
  }

  onAdd(): HTMLElement {
    return this.element
  }

  onRemove() {
    this.element.remove()
  }
}
