// A list that comes page by page: the first when its question changes, the next when its reader wants more.

import { asProblem } from '../api/problem'
import type { Problem } from '../api/problem'
import { server } from './server.svelte'

export interface Pages<T> {
  rows: T[]
  cursor?: string | undefined
}

export class Paged<K, T> {
  /** Undefined until the first page is there. */
  rows: T[] | undefined = $state.raw()
  problem: Problem | undefined = $state.raw()
  busy = $state(false)
  more = $state(false)
  private turn = $state(0)
  private cursor: string | undefined
  private stop = new AbortController()
  private key: K | undefined

  /** Call it while a component is set up. key gives undefined while there is nothing to ask for. */
  constructor(
    key: () => K | undefined,
    private readonly ask: (key: K, cursor: string | undefined, signal: AbortSignal) => Promise<Pages<T>>,
  ) {
    $effect(() => {
      this.key = key()
      void this.turn
      void server.epoch
      this.stop.abort()
      this.stop = new AbortController()
      this.cursor = undefined
      if (this.key !== undefined) void this.load(true)
      return () => this.stop.abort()
    })
  }

  /** Asks for the next page, or again for the one that failed. */
  next() {
    if (!this.busy && this.key !== undefined) void this.load(this.rows === undefined)
  }

  /** Asks again from the beginning. */
  retry() {
    this.turn++
  }

  private async load(first: boolean) {
    const { signal } = this.stop
    this.busy = true
    this.problem = undefined
    try {
      const page = await this.ask(this.key as K, this.cursor, signal)
      if (signal.aborted) return
      this.rows = first ? page.rows : [...(this.rows ?? []), ...page.rows]
      this.cursor = page.cursor || undefined
      this.more = this.cursor !== undefined
      this.busy = false
    } catch (thrown) {
      if (signal.aborted) return
      this.busy = false
      this.problem = asProblem(thrown)
      server.heard(this.problem)
    }
  }
}
