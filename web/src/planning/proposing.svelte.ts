// What an act would do, shown on the map before it is done; and ways to redraw, side by side.

import * as api from '../api/drafts'
import type { ActBody, Alternative, Redrawing } from '../api/drafts'
import { asProblem } from '../api/problem'
import { language } from '../words/language.svelte'
import type { Board } from './board'
import type { Work } from './work.svelte'

export class Proposing {
  alternatives: Alternative[] | undefined = $state.raw()
  busy = $state(false)
  private stop = new AbortController()
  private wanted: Redrawing | undefined
  /** The colours before anything was shown. */
  private plain: { of: Board; colours: number[] } | undefined

  constructor(private readonly work: Work) {}

  async propose(wanted: Redrawing) {
    this.busy = true
    this.wanted = wanted
    this.work.asking = undefined
    try {
      const found = await api.alternatives(this.work.drafting.id, this.work.drafting.revision, wanted)
      this.alternatives = found
      if (!found.length) this.work.say({ text: language.words.plan.redraw.none, tone: 'warn' })
    } catch (thrown) {
      this.work.say({ text: asProblem(thrown).text(language.lang, language.words), tone: 'warn' })
    } finally {
      this.busy = false
    }
  }

  async take(a: Alternative) {
    this.drop()
    const acted = await this.work.drafting.takeShown(a.act, undefined, () => this.wanted && void this.propose(this.wanted))
    if (acted) this.work.tell(acted)
  }

  drop() {
    this.alternatives = undefined
    this.show(undefined)
  }

  /** Shows an alternative or what an act would do. */
  show(assignment: readonly { key: number; grid: string }[] | undefined) {
    const { board } = this.work
    const preview = new Map((assignment ?? []).flatMap(({ key, grid }): [number, number][] => {
      const b = board.t.indexOf.get(key)
      const slot = board.slot(grid === 'new' ? '~0' : grid)
      return b === undefined || board.grid[b] === slot ? [] : [[b, slot]]
    }))
    // What was only looked at leaves no trace in the colours.
    if (this.plain?.of === board) board.dye(this.plain.colours)
    this.plain = preview.size ? { of: board, colours: board.slots.map((s) => s.colour) } : undefined
    if (preview.size) board.recolour(preview)
    this.work.planMap?.setPreview(preview)
  }

  /** Shows what an act would do, as the server works it out. */
  async preview(act: ActBody | undefined) {
    this.stop.abort()
    this.stop = new AbortController()
    if (!act) return this.show(undefined)
    if (act.kind === 'assign' && act.grid !== 'new') return this.show(act.blocks.map((key) => ({ key, grid: act.grid })))
    if ('assignment' in act && act.assignment) return this.show(act.assignment)
    const { signal } = this.stop
    const would = await this.work.drafting.preview(act, signal).catch(() => undefined)
    if (would && !signal.aborted) this.show(would.patch.blocks)
  }

  close() {
    this.stop.abort()
  }
}
