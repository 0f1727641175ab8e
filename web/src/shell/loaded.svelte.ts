// One answer of the server, followed: asked for when its key appears or changes, asked again when the
// server comes back, kept on the screen while a fresh one is on its way.

import { asProblem } from '../api/problem'
import type { Problem } from '../api/problem'
import { server } from './server.svelte'

export class Loaded<K, T> {
  data: T | undefined = $state.raw()
  problem: Problem | undefined = $state.raw()
  busy = $state(false)
  private turn = $state(0)
  private shown: K | undefined

  /** Call it while a component is set up. key gives undefined while there is nothing to ask for. */
  constructor(key: () => K | undefined, ask: (key: K, signal: AbortSignal) => Promise<T>) {
    $effect(() => {
      const wanted = key()
      void this.turn
      void server.epoch
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
      ask(wanted, stop.signal).then(
        (answer) => {
          if (stop.signal.aborted) return
          this.data = answer
          this.busy = false
        },
        (thrown: unknown) => {
          if (stop.signal.aborted) return
          this.problem = asProblem(thrown)
          this.busy = false
          server.heard(this.problem)
        },
      )
      return () => stop.abort()
    })
  }

  /** Asks again; what is shown stays until the answer is there. */
  retry() {
    this.turn++
  }
}
