// What is found while somebody types: asked for when they pause, the last question's answer alone, and which hit the keyboard is at.

import { asProblem } from '../api/problem'
import type { Problem } from '../api/problem'

/** How long somebody has to pause, in milliseconds, before the server is asked. */
const pause = 160

export class Lookup<T> {
  query = $state('')
  /** undefined before the first answer, and while nothing is typed. */
  hits: T[] | undefined = $state.raw()
  problem: Problem | undefined = $state.raw()
  /** The hit that Enter would take, −1 for none. */
  active = $state(-1)

  /** Call it while a component is set up. first says which hit of an answer the keyboard is at. */
  constructor(look: (q: string, signal: AbortSignal) => Promise<T[]>, first: (found: T[]) => number) {
    $effect(() => {
      const q = this.query.trim()
      this.active = -1
      this.problem = undefined
      if (!q) {
        this.hits = undefined
        return
      }
      const stop = new AbortController()
      const wait = setTimeout(() => {
        look(q, stop.signal).then(
          (found) => {
            if (stop.signal.aborted) return
            this.hits = found
            this.active = first(found)
          },
          (thrown: unknown) => {
            if (!stop.signal.aborted) this.problem = asProblem(thrown)
          },
        )
      }, pause)
      return () => {
        clearTimeout(wait)
        stop.abort()
      }
    })
  }

  /** Moves the keyboard to the next or the previous of so many hits, around the ends. */
  step(by: 1 | -1, among: number) {
    if (among) this.active = (this.active + by + among) % among
  }
}
