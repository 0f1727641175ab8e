// A file of grids on its way into a draft: it goes up, is laid over the ground, what a person has to decide is decided, and one act takes it.

import { layNet } from '../api/files'
import type { Answers, Decision, MergedNets, Net } from '../api/files'
import { asProblem } from '../api/problem'
import type { Problem } from '../api/problem'
import { gridsOf } from '../api/server'
import { server } from '../shell/server.svelte'
import { language } from '../words/language.svelte'
import { answered, forPage, planOf } from './netplan'
import { Several } from './several.svelte'
import type { NetPlan } from './netplan'
import type { Work } from './work.svelte'

/** The server takes no larger file. */
export const mostBytes = 64 << 20
/** More names than these are left to the planner. */
export const mostNames = 20

const nothingSaid = (): Answers => ({ blocks: {}, codes: {} })

/** A file that was chosen before its draft was there. */
const waiting = new Map<string, { file: File; crs: string }>()
export function hand(draft: string, file: File, crs: string) {
  waiting.set(draft, { file, crs })
}
export function handed(draft: string): { file: File; crs: string } | undefined {
  const there = waiting.get(draft)
  waiting.delete(draft)
  return there
}

export class Importing {
  file: File | undefined = $state.raw()
  crs = $state('')
  codeField = $state('')
  nameField = $state('')
  /** How much has gone up, while it goes; 1: the server works on it. */
  share: number | undefined = $state()
  problem: Problem | undefined = $state.raw()
  net: Net | undefined = $state.raw()
  private live: ReadonlyMap<string, string> = $state.raw(new Map())
  /** Which candidate was chosen for the decisions that are open, by place. */
  chosen: Record<number, number> = $state({})
  private answers = nothingSaid()
  decided = $state(0)
  /** What was taken into the draft. */
  taken: { grids: number; residents: number; names: NetPlan['names'] } | undefined = $state.raw()
  busy = $state(false)
  private stop = new AbortController()

  /** Other nets that are to be made one with the file's. */
  readonly several: Several

  constructor(private readonly work: Work) {
    this.several = new Several(this)
  }

  /** On the board that is open: another board has other blocks. */
  readonly plan: NetPlan | undefined = $derived.by(() => {
    const { board, turn } = this.work.drafting
    return this.net && board && turn >= 0 ? planOf(this.net, board, this.live) : undefined
  })
  readonly open = $derived((this.net?.decisions ?? []).filter((_, i) => this.chosen[i] === undefined).length)

  /** Names that may be taken from the file: once its ground is the draft's. */
  readonly names: NetPlan['names'] = $derived(this.taken?.names ?? (this.plan?.changed.blocks === 0 && !this.plan.kinds.length && !this.net?.decisions.length ? this.plan.names : []))

  get division(): string {
    return this.work.drafting.community || (this.work.drafting.head?.division.code ?? '')
  }

  choose(file: File | undefined) {
    if (!file) return
    this.file = file
    this.startOver()
  }

  /** Forgets what was decided, and lays the file anew. */
  startOver() {
    this.several.forget()
    this.answers = nothingSaid()
    this.decided = 0
    this.taken = undefined
    void this.lay()
  }

  async lay() {
    const { file } = this
    if (!file) return
    this.cancel()
    this.stop = new AbortController()
    const { signal } = this.stop
    this.problem = undefined
    this.share = 0
    try {
      const [net, grids] = await Promise.all([
        this.several.others.length ? this.several.lay(this.division, this.crs, this.answers, (share) => (this.share = share), signal) : layNet({ file, division: this.division, crs: this.crs, code_field: this.codeField.trim(), name_field: this.nameField.trim(), answers: this.answers }, (share) => (this.share = share), signal),
        gridsOf(this.division, signal),
      ])
      if (signal.aborted) return
      this.live = new Map(grids.map((g) => [g.code, g.name]))
      this.chosen = {}
      this.net = net
      this.several.merged = 'nets' in net ? (net as MergedNets) : undefined
      this.show()
    } catch (thrown) {
      if (signal.aborted) return
      this.net = undefined
      this.work.proposing.show(undefined)
      this.problem = asProblem(thrown)
      server.heard(this.problem)
    }
    this.share = undefined
  }

  /** Takes the file back while it goes up. */
  cancel() {
    this.stop.abort()
    this.share = undefined
  }

  /** The map shows what the file would make of the draft. */
  show() {
    if (this.work.importShown && this.work.drafting.board) this.work.proposing.show(this.plan?.assignment)
  }

  /** Chooses a candidate. With the last one the answers go out by themselves. */
  decide(at: number, polygon: number) {
    this.chosen = { ...this.chosen, [at]: polygon }
    if (this.open === 0) this.answer()
  }

  /** Takes the first candidate of all that are open. */
  decideRest() {
    this.chosen = { ...Object.fromEntries(this.net!.decisions.map((d, i) => [i, d.candidates[0]!.polygon])), ...this.chosen }
    this.answer()
  }

  private answer() {
    this.net!.decisions.forEach((d: Decision, i) => (this.answers = answered(this.answers, d, this.chosen[i]!)))
    this.decided += this.net!.decisions.length
    void this.lay()
  }

  /** One act takes it, and one step back takes it away again. */
  async take() {
    const { plan, net } = this
    if (!plan || !net || this.open || this.busy || !(plan.changed.blocks || plan.kinds.length)) return
    this.busy = true
    const before = this.work.drafting.board
    this.work.proposing.show(undefined)
    const acted = await this.work.drafting.act({ kind: 'place', assignment: plan.assignment, ...(plan.kinds.length ? { titles: plan.kinds } : {}) })
    this.busy = false
    if (!acted) return before === this.work.drafting.board ? this.show() : undefined
    this.work.tell(acted)
    this.taken = { grids: net.grids.length, residents: plan.changed.residents, names: this.namesNow(net) }
    this.net = undefined
    this.clearMark()
  }

  /** The draft gives new grids keys of its own, so they are found by their ground. */
  private namesNow(net: Net): NetPlan['names'] {
    const { board } = this.work.drafting
    return board ? planOf(net, board, this.live).names : []
  }

  /** The crosswalk of several nets, as a file. */
  async keepCrosswalk(format: 'csv' | 'xlsx') {
    try {
      await this.several.keep(format, language.lang, this.division, this.crs, this.answers)
    } catch (thrown) {
      this.work.say({ text: asProblem(thrown).text(language.lang, language.words), tone: 'warn' })
    }
  }

  async takeNames() {
    if (this.busy) return
    this.busy = true
    for (const { key, name } of this.names) if (!(await this.work.drafting.act({ kind: 'rename', grid: key, name }))) break
    const { board } = this.work.drafting
    if (this.taken) this.taken = { ...this.taken, names: this.taken.names.filter((n) => board?.find(n.key)?.name !== n.name) }
    this.busy = false
  }

  /** The server's sentence with grids called as people call them, by community and the last three digits, and with the page's own fields. */
  plain(text: string): string {
    const names = new Map(this.work.drafting.communities.map((c) => [c.code, c.name]))
    return forPage(text, language.words.planFlow.fields).replace(/(?<!\d)(\d{12})(\d{3})(?!\d)/g, (whole, community: string, last: string) => (names.has(community) ? `${names.get(community)} ${last}` : whole))
  }

  /** Brings something into view and draws where it lies. */
  go(b: readonly [number, number, number, number]) {
    const map = this.work.planMap
    if (!map) return
    map.fit([b[0], b[1], b[2], b[3]], 18, 0.6)
    this.frame(b)
  }

  private frame(b: readonly [number, number, number, number]) {
    this.work.planMap?.sketch.draw([[b[0], b[1]], [b[2], b[1]], [b[2], b[3]], [b[0], b[3]]], true)
  }

  clearMark() {
    this.work.planMap?.sketch.clear()
  }

  /** Draws round the ground that a polygon of the file comes to, so that candidates can be told apart. */
  mark(polygon: number) {
    const { board } = this.work.drafting
    const { net } = this
    const grids = new Set((net?.grids ?? []).flatMap((g, i) => (g.polygon === polygon ? [i] : [])))
    const blocks = (net?.assigned ?? []).flatMap((a) => (grids.has(a.grid) ? [board?.t.indexOf.get(a.block) ?? -1] : [])).filter((b) => b >= 0)
    const bounds = blocks.length ? board?.boundsOf(blocks) : undefined
    if (bounds) this.frame(bounds)
  }

  hide() {
    this.clearMark()
    if (this.net && this.work.drafting.board) this.work.proposing.show(undefined)
  }
}
