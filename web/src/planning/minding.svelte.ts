// The problem that is looked at, and what would solve it.

import * as api from '../api/drafts'
import type { Astray, DraftProblem, Remedy } from '../api/drafts'
import { asProblem } from '../api/problem'
import { boundsFrom } from '../domain/bounds'
import { language } from '../words/language.svelte'
import type { Work } from './work.svelte'

export class Minding {
  /** Its id. */
  at: string | undefined = $state()
  /** Undefined while they are looked for. */
  remedies: Remedy[] | undefined = $state.raw()
  private asked = ''

  constructor(private readonly work: Work) {}

  async take(remedy: Remedy) {
    void this.work.proposing.preview(undefined)
    this.remedies = undefined
    this.asked = ''
    const act = remedy.act
    const effect = act.kind === 'assign' && act.grid !== 'new' ? { blocks: act.blocks, grid: act.grid } : undefined
    const at = this.at
    const acted = await this.work.drafting.takeShown(act, effect, () => {
      const p = this.work.drafting.problems.find((o) => o.id === at)
      if (p) this.go(p)
    })
    if (acted) this.work.tell(acted)
    if (acted && this.at && !acted.problems.some((p) => p.id === this.at)) this.at = undefined
  }

  /** Goes to a problem: it is brought into view, its grid is chosen, and remedies are asked for. */
  go(p: DraftProblem) {
    this.work.openPanel('problems')
    this.at = p.id
    const slot = p.grid ? this.work.board.find(p.grid) : undefined
    this.work.setChosen(new Set(slot ? [this.work.board.slots.indexOf(slot)] : []))
    const bounds = boundsFrom(p.bounds)
    if (bounds) this.work.planMap?.fit(bounds, 16.8, 0.5)
    void this.askRemedies(p)
  }

  /** Goes to a grid that can't be helped, under the sentence that says why; the sentence stays open. */
  goAstray(p: DraftProblem, a: Astray) {
    this.work.openPanel('problems')
    if (this.at !== p.id) this.remedies = undefined
    this.at = p.id
    const slot = this.work.board.find(a.grid)
    this.work.setChosen(new Set(slot ? [this.work.board.slots.indexOf(slot)] : []))
    const bounds = boundsFrom(a.bounds)
    if (bounds) this.work.planMap?.fit(bounds, 16.8, 0.5)
  }

  private async askRemedies(p: DraftProblem) {
    this.remedies = undefined
    this.asked = p.id
    if (!p.fixable || !this.work.edit) return
    try {
      const found = await api.remedies(this.work.drafting.id, p.id)
      if (this.asked !== p.id) return
      this.remedies = found.remedies
      this.work.solving.heard(p.id, found.why)
    } catch (thrown) {
      if (this.asked !== p.id) return
      this.remedies = []
      this.work.say({ text: asProblem(thrown).text(language.lang, language.words), tone: 'warn' })
    }
  }

  step(by: 1 | -1) {
    const all = this.work.drafting.problems
    if (!all.length) return this.work.say({ text: language.words.plan.problems.none, tone: 'good' })
    const at = all.findIndex((p) => p.id === this.at)
    this.go(all[at < 0 ? (by === 1 ? 0 : all.length - 1) : (at + by + all.length) % all.length]!)
  }
}
