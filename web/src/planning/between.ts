// Moving a border to a street: which blocks of a grid lie between its border with a neighbour and the streets inside it. The ground between
// streets comes in faces; the faces that touch the common border are the first layer, those behind them the second, and so on. Whoever drags
// a border to a place takes all layers up to the one that the place is in.

import type { Board } from './board'
import { eachNeighbour, flood, street } from './topology'

/**
 * For every block of one slot that can be reached from its border with another: how many streets lie between. With an arc, from that stretch of
 * the border alone: one with steps touches ground on both sides of a street, and all of it would be the first layer.
 */
export function layersBehind(board: Board, from: number, to: number, along?: number): Map<number, number> {
  const { t } = board
  const layer = new Map<number, number>()
  const mine = (b: number) => board.grid[b] === from && !board.locked[b]
  let front: number[] = []
  for (let a = along ?? 0; a < (along === undefined ? t.m : along + 1); a++) {
    const [l, r] = board.sides(a)
    if (l === from && r === to) front.push(t.left[a]!)
    if (r === from && l === to) front.push(t.right[a]!)
  }
  for (let depth = 0; front.length; depth++) {
    const face = flood(t, [...new Set(front.filter((b) => mine(b) && !layer.has(b)))], (arc) => t.barrier[arc]! >= street, (b) => mine(b) && !layer.has(b))
    for (const b of face) layer.set(b, depth)
    const next = new Set<number>()
    for (const b of face)
      eachNeighbour(t, b, (other) => {
        if (mine(other) && !layer.has(other)) next.add(other)
      })
    front = [...next]
  }
  return layer
}

/** The blocks between the border and a block: the layers up to its own. Empty when that would leave nothing of the grid. */
export function takenUpTo(layers: ReadonlyMap<number, number>, block: number, all: number): number[] {
  const depth = layers.get(block)
  if (depth === undefined) return []
  const taken = [...layers].filter(([, d]) => d <= depth).map(([b]) => b)
  return taken.length < all ? taken : []
}
