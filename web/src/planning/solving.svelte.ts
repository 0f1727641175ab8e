// All problems that the server can solve, solved as one act: shown on the map first, then taken or not. And what it has shown that can't be solved.

import { solution } from '../api/drafts'
import type { Acted, Progress, Said, Shown } from '../api/drafts'
import { asProblem } from '../api/problem'
import { language } from '../words/language.svelte'
import type { Work } from './work.svelte'

/** What an act would come to. */
export interface Outlook {
  acted: Acted
  solved: number
  moved: number
  /** Where its blocks were when it was worked out. */
  from: string[]
}

export class Solving {
  looking = $state(false)
  taking = $state(false)
  /** How far it is, once that is known. */
  progress: Progress | undefined = $state.raw()
  /** Since it was asked for. */
  seconds = $state(0)
  outlook: Outlook | undefined = $state.raw()
  /** Why a problem can't be solved, with the turn in which that was so. */
  private proofs: ReadonlyMap<string, { why: Said; turn: number }> = $state.raw(new Map())
  private stop = new AbortController()

  constructor(private readonly work: Work) {}

  /** How many problems there are that may be solved in the draft. */
  readonly some = $derived.by(() => this.work.drafting.problems.filter((p) => p.fixable && (!this.work.drafting.community || p.community === this.work.drafting.community)).length)

  /** Works out what it would come to, and shows it. */
  async look() {
    if (this.looking) return
    this.drop()
    this.looking = true
    this.stop = new AbortController()
    const { signal } = this.stop
    const { drafting } = this.work
    const before = drafting.problems.filter((p) => p.fixable).length
    const began = Date.now()
    this.seconds = 0
    const clock = setInterval(() => (this.seconds = Math.round((Date.now() - began) / 1000)), 500)
    try {
      const { community } = drafting
      const acted = await solution(drafting.id, { revision: drafting.revision, ...(community ? { community } : {}) }, (p) => (this.progress = p), signal)
      if (signal.aborted) return
      const here = this.work.board.t
      const moved = acted.patch.blocks.reduce((n, b) => n + (here.residents[here.indexOf.get(b.key) ?? -1] ?? 0), 0)
      this.outlook = { acted, moved, solved: before - acted.problems.filter((p) => p.fixable).length, from: acted.patch.blocks.map((b) => this.gridOf(b.key)) }
      this.work.proposing.show(acted.patch.blocks)
      this.work.home()
    } catch (thrown) {
      if (!signal.aborted) this.work.say({ text: asProblem(thrown).text(language.lang, language.words), tone: 'warn' })
    } finally {
      clearInterval(clock)
      if (this.stop.signal === signal) this.looking = false
      if (this.stop.signal === signal) this.progress = undefined
    }
  }

  /** Where a block is as the page has it. */
  private gridOf(key: number): string {
    const { board } = this.work
    const at = board.t.indexOf.get(key)
    return at === undefined ? '' : board.keyOf(at)
  }

  /** What was shown doesn't hold any more: some of its blocks are elsewhere by now. */
  readonly outdated = $derived.by(() => {
    void this.work.drafting.turn
    void this.work.drafting.waiting
    const { outlook } = this
    return outlook !== undefined && outlook.acted.patch.blocks.some((b, i) => this.gridOf(b.key) !== outlook.from[i])
  })

  async take() {
    const { outlook } = this
    if (!outlook || this.looking || this.outdated) return
    this.drop()
    const { community } = this.work.drafting
    // What was shown, and nothing else.
    const act: Shown = { kind: 'solve', ...(community ? { community } : {}), assignment: outlook.acted.patch.blocks, shown: outlook.acted.revision }
    this.taking = true
    const acted = await this.work.drafting.takeShown(act, undefined, () => void this.look())
    this.taking = false
    if (acted) this.work.tell(acted)
  }

  /** Doesn't do it after all. */
  drop() {
    this.stop.abort() // the server stops then, too
    this.looking = false
    this.progress = undefined
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
