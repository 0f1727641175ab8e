// All problems that the server can solve, solved as one act: shown on the map first, then taken or not. And what it has shown that can't be solved.

import type { Acted, ActBody, Said } from '../api/drafts'
import { asProblem } from '../api/problem'
import { language } from '../words/language.svelte'
import type { Work } from './work.svelte'

/** What an act would come to. */
export interface Outlook {
  acted: Acted
  solved: number
  moved: number
}

export class Solving {
  looking = $state(false)
  outlook: Outlook | undefined = $state.raw()
  /** Why a problem can't be solved, with the turn in which that was so. */
  private proofs: ReadonlyMap<string, { why: Said; turn: number }> = $state.raw(new Map())
  private stop = new AbortController()

  constructor(private readonly work: Work) {}

  private get act(): Extract<ActBody, { kind: 'solve' }> {
    const { community } = this.work.drafting
    return { kind: 'solve', ...(community ? { community } : {}) }
  }

  /** How many problems there are that may be solved in the draft. */
  readonly some = $derived.by(() => this.work.drafting.problems.filter((p) => p.fixable && (!this.work.drafting.community || p.community === this.work.drafting.community)).length)

  /** Works out what it would come to, and shows it. */
  async look() {
    if (this.looking) return
    this.drop()
    this.looking = true
    this.stop = new AbortController()
    const { signal } = this.stop
    const before = this.work.drafting.problems.filter((p) => p.fixable).length
    try {
      const acted = await this.work.drafting.preview(this.act, signal)
      if (signal.aborted) return
      const here = this.work.board.t
      const moved = acted.patch.blocks.reduce((n, b) => n + (here.residents[here.indexOf.get(b.key) ?? -1] ?? 0), 0)
      this.outlook = { acted, moved, solved: before - acted.problems.filter((p) => p.fixable).length }
      this.work.proposing.show(acted.patch.blocks)
      this.work.home()
    } catch (thrown) {
      if (!signal.aborted) this.work.say({ text: asProblem(thrown).text(language.lang, language.words), tone: 'warn' })
    } finally {
      this.looking = false
    }
  }

  async take() {
    if (!this.outlook || this.looking) return
    const assignment = this.outlook.acted.patch.blocks
    this.drop()
    this.looking = true
    const acted = await this.work.drafting.act({ ...this.act, assignment }) // what was shown, and nothing else
    this.looking = false
    if (acted) this.work.tell(acted)
  }

  /** Doesn't do it after all. */
  drop() {
    this.stop.abort()
    this.looking = false
    if (this.outlook) this.work.proposing.show(undefined)
    this.outlook = undefined
  }

  heard(problem: string, why: Said | undefined) {
    const proofs = new Map(this.proofs)
    if (why) proofs.set(problem, { why, turn: this.work.drafting.turn })
    else proofs.delete(problem)
    this.proofs = proofs
  }

  /** The proof that a problem can't be solved, as long as nothing has changed since. */
  proof(problem: string): Said | undefined {
    const known = this.proofs.get(problem)
    return known?.turn === this.work.drafting.turn ? known.why : undefined
  }
}
