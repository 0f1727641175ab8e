// What is being drawn over the map: the round of the brush, a lasso, a line with its corners. One SVG that takes no pointer.

const ns = 'http://www.w3.org/2000/svg'

export class Sketch {
  private readonly svg = document.createElementNS(ns, 'svg')
  private readonly ring = document.createElementNS(ns, 'circle')
  private readonly halo = document.createElementNS(ns, 'path')
  private readonly path = document.createElementNS(ns, 'path')
  private readonly dots = document.createElementNS(ns, 'g')
  private line: readonly (readonly [number, number])[] = []
  private closed = false

  constructor(
    container: HTMLElement,
    private readonly project: (lon: number, lat: number) => { x: number; y: number },
  ) {
    this.svg.setAttribute('class', 'plan-sketch')
    this.svg.setAttribute('aria-hidden', 'true')
    this.halo.setAttribute('class', 'halo')
    this.path.setAttribute('class', 'line')
    this.ring.setAttribute('class', 'brush')
    this.ring.setAttribute('r', '0')
    this.svg.append(this.halo, this.path, this.dots, this.ring)
    container.append(this.svg)
  }

  brush(x: number, y: number, radius: number) {
    this.ring.setAttribute('cx', String(x))
    this.ring.setAttribute('cy', String(y))
    this.ring.setAttribute('r', String(radius))
  }

  /** Draws a line; closed: a lasso. */
  draw(line: readonly (readonly [number, number])[], closed = false) {
    this.line = line
    this.closed = closed
    this.redraw()
  }

  clear() {
    this.ring.setAttribute('r', '0')
    this.draw([])
  }

  redraw() {
    const at = this.line.map(([lon, lat]) => this.project(lon, lat))
    const d = at.length ? 'M' + at.map((p) => `${p.x.toFixed(1)} ${p.y.toFixed(1)}`).join('L') + (this.closed ? 'Z' : '') : ''
    this.halo.setAttribute('d', d)
    this.path.setAttribute('d', d)
    this.path.classList.toggle('closed', this.closed)
    this.dots.replaceChildren(
      ...(this.closed ? [] : at).map((p) => {
        const dot = document.createElementNS(ns, 'circle')
        dot.setAttribute('cx', String(p.x))
        dot.setAttribute('cy', String(p.y))
        dot.setAttribute('r', '3.5')
        return dot
      }),
    )
  }

  remove() {
    this.svg.remove()
  }
}
