// The list of incidents of the division in view: the newest page kept fresh as events come, older pages as the reader wants them.

import { untrack } from 'svelte'
import * as api from '../api/incidents'
import { asProblem } from '../api/problem'
import type { Problem } from '../api/problem'
import { server } from '../shell/server.svelte'
import type { Desk } from './desk.svelte'
import { combine, fits, joinHead, rowOf } from './rows'
import type { Row } from './rows'

/** Not more often than this is the list asked for again, however much happens. */
const refreshEvery = 500 // milliseconds

export class IncidentList {
  group = $state('')
  severity = $state(0)
  problem: Problem | undefined = $state.raw()
  busy = $state(false)
  /** Whether there are older ones. */
  more = $state(false)
  private answered: Row[] | undefined = $state.raw()
  private total = $state(0)
  private asked = $state(0)
  private cursor = ''
  private stop = new AbortController()
  private timer = 0
  private last = 0
  private again = false

  private readonly whole = $derived.by(() => {
    if (!this.answered) return undefined
    return combine(this.answered, this.desk.log, this.asked, (told) => fits(this.filter(), told, this.desk.groups))
  })
  /** What is to be shown, the newest first; undefined before the first answer. */
  readonly rows = $derived(this.whole?.rows)
  /** How many there are in all. */
  readonly count = $derived(this.whole && this.total + this.whole.extra)

  /** Call it while a component is set up. division gives undefined while nothing is wanted. */
  constructor(
    private readonly desk: Desk,
    private readonly division: () => string | undefined,
    private readonly page: number,
  ) {
    $effect(() => {
      const wanted = this.division()
      void this.group
      void this.severity
      void server.epoch
      this.stop.abort()
      this.stop = new AbortController()
      clearTimeout(this.timer)
      this.timer = 0
      this.busy = this.again = false
      this.problem = undefined
      if (wanted === undefined) this.answered = undefined
      else untrack(() => void this.load('all'))
      return () => {
        this.stop.abort()
        clearTimeout(this.timer)
      }
    })
    $effect(() => {
      if (this.desk.log.n > 0) untrack(() => this.refreshSoon())
    })
  }

  /** Forgets what is shown: another list is wanted. */
  clear() {
    this.answered = undefined
  }

  /** Asks for older ones, or again for what failed. */
  next() {
    if (!this.busy && this.division() !== undefined) void this.load(this.answered && !this.problem ? 'older' : 'all')
  }

  private filter() {
    return { division: this.division() ?? '', group: this.group, severity: this.severity }
  }

  /** Asks for the newest again, soon. */
  refreshSoon() {
    if (this.timer || this.division() === undefined) return
    const wait = Math.max(0, this.last + refreshEvery - Date.now())
    this.timer = window.setTimeout(() => {
      this.timer = 0
      void this.load('head')
    }, wait)
  }

  /** all: from the beginning. head: the newest again. older: the next page. */
  private async load(what: 'all' | 'head' | 'older') {
    if (this.busy) {
      this.again ||= what === 'head'
      return
    }
    const { signal } = this.stop
    const asked = this.desk.log.n // what the answer can't be older than
    this.busy = true
    this.last = Date.now()
    try {
      const cursor = what === 'older' ? this.cursor : undefined
      const page = await api.incidents({ ...this.filter(), limit: this.page, cursor }, signal, what === 'head')
      if (signal.aborted) return
      const rows = page.incidents.map(rowOf)
      if (what === 'older') this.append(rows, page.cursor)
      else this.put(rows, page.cursor, page.total, asked, what === 'head')
      this.problem = undefined
    } catch (thrown) {
      if (signal.aborted) return
      this.failed(asProblem(thrown), what)
    }
    this.busy = false
    if (this.again) {
      this.again = false
      this.refreshSoon()
    }
  }

  private put(rows: Row[], cursor: string, total: number, asked: number, over: boolean) {
    const joined = joinHead(over ? (this.answered ?? []) : [], rows, cursor !== '')
    this.answered = joined.rows
    if (joined.gap) this.cursor = cursor
    this.more = this.cursor !== ''
    this.total = total
    this.asked = asked
  }

  private append(rows: Row[], cursor: string) {
    const there = new Set((this.answered ?? []).map((r) => r.id))
    this.answered = [...(this.answered ?? []), ...rows.filter((r) => !there.has(r.id))]
    this.cursor = cursor
    this.more = cursor !== ''
  }

  private failed(problem: Problem, what: 'all' | 'head' | 'older') {
    server.heard(problem)
    if (problem.signedOut && this.answered) return // the door says so; what is shown stays behind it
    if (what !== 'head' || !problem.unreachable) this.problem = problem
  }
}
