// The versions of a county's layout, to choose from by what they were published for and not by a number. Those that changed the division that is
// planned come first: any other looks there like the one before it.

import { versions } from '../api/server'
import type { LayoutVersion } from '../api/shapes'
import { asProblem } from '../api/problem'
import type { Problem } from '../api/problem'
import { server } from '../shell/server.svelte'

/** How many are asked for at a time. */
const page = 200

export class Versions {
  all: LayoutVersion[] | undefined = $state.raw()
  problem: Problem | undefined = $state.raw()
  /** There may be earlier ones. */
  more = $state(false)

  /** Call it while a component is set up. */
  constructor(private readonly division: () => string) {
    $effect(() => {
      void server.epoch // a version that is published meanwhile
      const wanted = division()
      const stop = new AbortController()
      if (wanted) void this.read(wanted, undefined, stop.signal)
      return () => stop.abort()
    })
  }

  private async read(division: string, before: number | undefined, signal?: AbortSignal) {
    this.problem = undefined
    try {
      const found = await versions(division, before, page, signal)
      if (signal?.aborted) return
      this.all = before === undefined ? found : [...(this.all ?? []), ...found]
      this.more = found.length === page
    } catch (thrown) {
      if (!signal?.aborted) this.problem = asProblem(thrown)
    }
  }

  /** Those before the last that is listed. */
  earlier() {
    void this.read(this.division(), this.all?.at(-1)?.version)
  }

  retry() {
    void this.read(this.division(), undefined)
  }
}
