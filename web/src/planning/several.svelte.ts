// Several nets on their way into a draft as one: which of them leads, how they are made one, and where somebody has decided whose word holds.

import { keepCrosswalk, mergeNets } from '../api/files'
import type { Answers, How, MergeAsked, MergedNets, Pair } from '../api/files'
import type { Importing } from './importing.svelte'

/** The server makes no more of them one. */
export const mostNets = 6

export type Whose = 'lead' | 'other'

const keyOf = (p: Pair) => `${p.net}\n${p.polygon}\n${p.other}`

export class Several {
  /** The nets besides the first file. */
  others: readonly File[] = $state.raw([])
  lead = $state(0)
  how: How = $state('majority')
  merged: MergedNets | undefined = $state.raw()
  private decided: Readonly<Record<string, { whose: Whose; blocks: readonly number[]; polygon: number }>> = $state.raw({})
  busy = $state(false)

  constructor(private readonly it: Importing) {}

  get files(): File[] {
    return this.it.file ? [this.it.file, ...this.others] : []
  }
  readonly decisions = $derived(Object.keys(this.decided).length)

  add(files: readonly File[]) {
    this.others = [...this.others, ...files].slice(0, mostNets - 1)
    this.forget()
    void this.it.lay()
  }

  remove(at: number) {
    if (at === 0) {
      this.it.file = this.others[0]
      this.others = this.others.slice(1)
    } else this.others = this.others.toSpliced(at - 1, 1)
    this.lead = 0
    this.forget()
    void this.it.lay()
  }

  choose(lead: number, how: How) {
    if (lead === this.lead && how === this.how) return
    if (lead !== this.lead) this.forget() // the decisions are about the leading net's polygons
    this.lead = lead
    this.how = how
    void this.it.lay()
  }

  forget() {
    this.decided = {}
    this.merged = undefined
  }

  /** Says whose word holds on the ground of a pair. */
  decide(p: Pair, whose: Whose) {
    this.decided = { ...this.decided, [keyOf(p)]: { whose, blocks: p.blocks ?? [], polygon: whose === 'lead' ? p.polygon : p.says } }
    void this.it.lay()
  }

  decidedFor(p: Pair): Whose | undefined {
    return this.decided[keyOf(p)]?.whose
  }

  private asked(division: string, crs: string, answers: Answers): MergeAsked {
    const blocks = { ...answers.blocks }
    for (const d of Object.values(this.decided)) for (const b of d.blocks) blocks[String(b)] = d.polygon
    return { files: this.files, division, crs, lead: this.lead, how: this.how, answers: { ...answers, blocks } }
  }

  async lay(division: string, crs: string, answers: Answers, told: (share: number) => void, signal: AbortSignal): Promise<MergedNets> {
    return mergeNets(this.asked(division, crs, answers), told, signal)
  }

  async keep(format: 'csv' | 'xlsx', lang: string, division: string, crs: string, answers: Answers) {
    this.busy = true
    try {
      await keepCrosswalk(this.asked(division, crs, answers), format, lang, new AbortController().signal)
    } finally {
      this.busy = false
    }
  }
}
