// One answer of the server, followed: asked for when its key appears or changes, asked again when the
// server comes back, kept on the screen while a fresh one is on its way.

import { untrack } from 'svelte'
import { asProblem } from '../api/problem'
import type { Problem } from '../api/problem'
import { server } from './server.svelte'

export class Loaded<K, T> {
  data: T | undefined = $state.raw()
  problem: Problem | undefined = $state.raw()
  busy = $state(false)
  private turn = $state(0)
  private quiet = false
  private shown: K | undefined
  private turned = 0

  /**
   * Call it while a component is set up. key gives undefined while there is nothing to ask for. renews: ask again, quietly, when the server
   * comes back or a version is published; not for what leaves a trace each time that it is asked for.
   */
  constructor(key: () => K | undefined, ask: (key: K, signal: AbortSignal, quiet: boolean) => Promise<T>, renews = true) {
    $effect(() => {
      const wanted = key()
      void server.epoch
      const again = wanted !== undefined && wanted === this.shown && this.turn === this.turned
      this.turned = this.turn
      if (again && !renews && untrack(() => this.data) !== undefined) return
      if (wanted !== this.shown) {
        this.data = undefined
        this.shown = wanted
      }
      this.problem = undefined
      if (wanted === undefined) {
        this.busy = false
        return
      }
      const stop = new AbortController()
      this.busy = true
      const quiet = this.quiet || again
      this.quiet = false
      ask(wanted, stop.signal, quiet).then(
        (answer) => {
          if (stop.signal.aborted) return
          this.data = answer
          this.busy = false
        },
        (thrown: unknown) => {
          if (stop.signal.aborted) return
          const problem = asProblem(thrown)
          this.busy = false
          if (problem.signedOut && this.data !== undefined) return // the door says so; what is shown stays behind it
          this.problem = problem
          server.heard(problem)
        },
      )
      return () => stop.abort()
    })
  }

  /** Asks again; what is shown stays until the answer is there. quiet: the page asks by itself, not its reader. */
  retry(quiet = false) {
    this.quiet = quiet
    this.turn++
  }
}
