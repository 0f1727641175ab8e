// How many people of each grid are looked after. The server counts them, since the page knows nobody: a little after what was confirmed last, so that a
// row of strokes asks once.

import * as api from '../api/drafts'
import type { Cared } from '../api/drafts'
import type { Drafting } from './drafting.svelte'

/** How long nothing has to change, in milliseconds, before they are counted anew. */
const pause = 700

export class Caring {
  /** By grid; undefined before the first answer. What was counted last stays until the next count. */
  private counts: ReadonlyMap<string, Cared> | undefined = $state.raw()
  /** Kinds that some grid has, those of most people first. */
  readonly kinds: string[] = $derived.by(() => {
    const sums = new Map<string, number>()
    for (const c of this.counts?.values() ?? []) for (const [kind, n] of Object.entries(c.kinds)) sums.set(kind, (sums.get(kind) ?? 0) + n)
    return [...sums].sort((a, b) => b[1] - a[1]).map(([kind]) => kind)
  })

  /** Call it while a component is set up. */
  constructor(drafting: Drafting) {
    $effect(() => {
      void drafting.turn
      if (!drafting.board || drafting.waiting) return
      const stop = new AbortController()
      const wait = setTimeout(() => {
        api.care(drafting.id, stop.signal).then(
          (all) => (this.counts = new Map(all.map((c) => [c.grid, c]))),
          () => {}, // what there is stays; it is asked again with the next change
        )
      }, this.counts ? pause : 0)
      return () => {
        clearTimeout(wait)
        stop.abort()
      }
    })
  }

  /** Undefined while it isn't known: before the first count, and of a grid that the server hasn't heard of. */
  of(grid: string): Cared | undefined {
    return this.counts?.get(grid)
  }
}
