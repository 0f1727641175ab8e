// A grid as the lists and panels show it. Only what changes is drawn again, so its figures follow the pointer.

import type { Board } from './board'

export class Row {
  key = $state('')
  name = $state('')
  special = $state('')
  locked = $state(false)
  community = $state('')
  residents = $state(0)
  weight = $state(0)
  blocks = $state(0)
  houses = $state(0)
  deviation = $state(0)
  band = $state('')
  parts = $state(1)
  colour = $state(0)
  area = $state(0)
  compactness = $state(0)
  incidents: number | undefined = $state()
  worker: string | undefined = $state()
  base: { residents: number; blocks: number } | undefined = $state.raw()
  /** Whether its shape is as the server last said, so that what only the server measures holds. */
  measured = $state(false)

  constructor(readonly slot: number) {}

  /** Takes over the board's figures. counted: its parts, where somebody has just counted them. */
  sync(board: Board, counted?: number) {
    const s = board.slots[this.slot]!
    this.key = s.key
    this.name = s.name
    this.special = s.special
    this.locked = s.locked
    this.community = board.t.communities[s.community] ?? s.said?.community ?? ''
    this.residents = s.residents
    this.weight = s.weight
    this.blocks = s.blocks
    this.houses = s.houses
    this.area = s.area
    this.deviation = board.deviation(s)
    this.band = s.blocks ? board.band(s) : 'empty'
    this.colour = s.colour
    this.incidents = s.said?.incidents
    this.worker = s.said?.worker
    this.base = s.said?.base
    this.measured = !s.moved && s.said !== undefined
    if (counted !== undefined) this.parts = counted
    else if (this.measured) this.parts = s.said!.parts
    if (this.measured) this.compactness = s.said!.compactness
  }
}

/** How a grid is called beside its neighbours: the last three digits, or which of the new ones it is. */
export function shortKey(key: string, fresh: (n: string) => string): string {
  const made = /^(?:new-|~)(\d+)$/.exec(key)
  return made ? fresh(made[1]!) : key.slice(-3)
}
