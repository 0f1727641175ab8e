// How many people of each grid are looked after. The server counts them, since the page knows nobody: a little after what was confirmed last, so that a
// row of strokes asks once.

import { SvelteMap } from 'svelte/reactivity'
import * as api from '../api/drafts'
import type { Cared } from '../api/drafts'
import type { Drafting } from './drafting.svelte'

/** How long nothing has to change, in milliseconds, before they are counted anew. */
const pause = 2000

export class Caring {
  /** By grid. What was counted last stays until the next count; a row is drawn again only where its own count is another. */
  private readonly counts = new SvelteMap<string, Cared>()
  private counted = false
  /** Kinds that some grid has, those of most people first. */
  readonly kinds: string[] = $derived.by(() => {
    const sums = new Map<string, number>()
    for (const c of this.counts.values()) for (const [kind, n] of Object.entries(c.kinds)) sums.set(kind, (sums.get(kind) ?? 0) + n)
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
          (all) => this.take(all),
          () => {}, // what there is stays; it is asked again with the next change
        )
      }, this.counted ? pause : 0)
      return () => {
        clearTimeout(wait)
        stop.abort()
      }
    })
  }

  /** Undefined while it isn't known: before the first count, and of a grid that the server hasn't heard of. */
  of(grid: string): Cared | undefined {
    return this.counts.get(grid)
  }

  private take(all: Cared[]) {
    this.counted = true
    const there = new Set(all.map((c) => c.grid))
    for (const grid of [...this.counts.keys()]) if (!there.has(grid)) this.counts.delete(grid)
    for (const c of all) if (JSON.stringify(c) !== JSON.stringify(this.counts.get(c.grid))) this.counts.set(c.grid, c)
  }
}
