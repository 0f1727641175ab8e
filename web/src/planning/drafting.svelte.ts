// One draft while it is open: its board, what the server said of it, and the acts on their way. The page's parts read it; the tools change
// the board through it.

import * as api from '../api/drafts'
import type { Act, ActBody, Acted, Draft, DraftCommunity, DraftHead, DraftProblem, Ground, JournalAct, Other, Person, Settings, Stale, Step } from '../api/drafts'
import { asProblem } from '../api/problem'
import type { Problem } from '../api/problem'
import { server } from '../shell/server.svelte'
import { session } from '../shell/session.svelte'
import { Board, none } from './board'
import type { Effect } from './board'
import { Keeper } from './kept'
import { Locator } from './locator'
import { Outbox } from './outbox'
import type { Queued, Saving } from './outbox'
import { Row } from './row.svelte'
import { decode } from './topology'

/** More blocks than this are opened community by community, as the server has it. */
export const mostBlocks = 40_000

/** What needs no working out: it is only kept. */
const simple: ReadonlySet<string> = new Set(['lock', 'unlock', 'rename', 'special'])

/** What the planner is told of an act that came to nothing. */
export interface Trouble {
  act: ActBody
  /** What others did meanwhile; empty when the act itself is why. */
  missed: JournalAct[]
  problem: Problem | undefined
  /** Offers to do it all the same. */
  again?: (() => Promise<Acted | undefined>) | undefined
  /** Works out again what was shown, where it doesn't hold any more. */
  anew?: (() => void) | undefined
}

export class Drafting {
  head: DraftHead | undefined = $state.raw()
  settings: Settings = $state.raw({ target: 600, tolerance: 0.15, lower: 510, upper: 690, unit: '' })
  communities: DraftCommunity[] = $state.raw([])
  problems: DraftProblem[] = $state.raw([])
  undo: Step | null = $state.raw(null)
  redo: Step | null = $state.raw(null)
  /** All grids that there are, by slot. */
  rows: Row[] = $state.raw([])
  board: Board | undefined = $state.raw()
  locator: Locator | undefined = $state.raw()
  /** Why the draft couldn't be opened. */
  problem: Problem | undefined = $state.raw()
  saving: Saving = $state('saved')
  waiting = $state(0)
  savedAt = $state(0)
  /** Residents who change grid against the base. */
  moved: number | undefined = $state()
  /** Who may approve it. */
  approvers: Person[] = $state.raw([])
  others: Other[] = $state.raw([])
  trouble: Trouble | undefined = $state.raw()
  /** Counts what the server has confirmed: lists that follow it ask again. */
  turn = $state(0)
  /** What only the server can work out of what waits, in order: nothing of it shows on the map yet. */
  queued: ActBody['kind'][] = $state.raw([])
  /** An act that only the server can work out is on its way. */
  thinking = $state(0)
  /** Which community is open, empty for all. */
  community = $state('')
  leftBlocks = $state(0)
  leftResidents = $state(0)
  private readonly rowOf = new Map<number, Row>()
  private outbox: Outbox | undefined
  private readonly keeper: Keeper
  private ground: Ground | undefined
  private stopped = false
  private syncing = false

  /** told: a board was built anew. */
  constructor(
    readonly id: string,
    private readonly told: { rebuilt(board: Board): void; changed(): void },
  ) {
    this.keeper = new Keeper(id, session.here?.account?.id ?? 0)
  }

  readonly edit = $derived(this.head?.may.edit === true)
  /** As much is changed that the county's rule asks for a second person's approval first. */
  readonly mustApprove = $derived(this.head?.state === 'open' && this.head.approve_over !== undefined && (this.moved ?? 0) > this.head.approve_over)

  /** Opens it: what it says and its ground at once. */
  async open(community: string | undefined, signal: AbortSignal) {
    this.problem = undefined
    this.community = community ?? ''
    try {
      const ground = api.ground(this.id, community, signal).catch((thrown: unknown) => asProblem(thrown))
      const draft = await api.draft(this.id, signal)
      this.take(draft)
      const got = await ground
      if (signal.aborted) return
      if ('communities' in got) this.build(got, draft)
      else if (community || this.total <= mostBlocks) this.problem = got // else a community has to be chosen first
    } catch (thrown) {
      if (signal.aborted) return
      this.problem = asProblem(thrown)
      server.heard(this.problem)
    }
  }

  /** How many blocks there are in the whole division. */
  get total(): number {
    return this.communities.reduce((sum, c) => sum + c.blocks, 0)
  }

  private take(draft: Draft) {
    this.head = draft.head
    this.settings = draft.settings
    this.communities = draft.communities
    this.problems = draft.problems
    this.undo = draft.undo
    this.redo = draft.redo
    this.moved = draft.moved
    this.approvers = draft.approvers
  }

  private build(ground: Ground, draft: Draft) {
    this.ground = ground
    const outbox = (this.outbox ??= this.newOutbox(ground.revision))
    const kept = this.board ? undefined : this.keeper.take()
    this.makeBoard(ground, draft)
    if (kept) {
      for (const q of kept.acts) if (q.effect) this.apply(q.effect)
      outbox.resume(kept)
      this.refreshRows()
    }
    if (!outbox.acts.length) outbox.revision = ground.revision
  }

  private makeBoard(ground: Ground, draft: { grids: Draft['grids'] }) {
    const blocks = ground.communities.flatMap((c) => c.blocks)
    const inside = new Set(ground.communities.map((c) => c.code))
    const t = decode(ground)
    const board = new Board(
      t,
      this.settings,
      blocks.map((b) => b.grid),
      draft.grids.filter((g) => inside.has(g.community)),
      blocks.map((b) => b.locked === true),
    )
    const colours = new Map(this.board?.slots.map((s) => [s.key, s.colour]))
    for (const s of board.slots) s.colour = colours.get(s.key) ?? s.colour
    board.recolour()
    for (const e of this.outbox?.effects ?? []) for (const key of e.blocks) this.putKey(board, key, e.grid)
    for (const s of board.slots) s.moved = s.said ? s.blocks !== s.said.blocks || s.residents !== s.said.residents : true
    this.board = board
    this.locator = new Locator(t)
    this.rowOf.clear()
    this.rows = []
    this.refreshRows()
    this.told.rebuilt(board)
  }

  private putKey(board: Board, key: number, grid: string) {
    const b = board.t.indexOf.get(key)
    if (b !== undefined) board.put(b, board.slot(grid))
  }

  private apply(e: Effect) {
    if (!this.board) return
    for (const key of e.blocks) this.putKey(this.board, key, e.grid)
  }

  row(slot: number): Row | undefined {
    return this.rowOf.get(slot)
  }

  rowByKey(key: string | undefined): Row | undefined {
    const at = this.board?.find(key)
    return at && this.rowOf.get(this.board!.slots.indexOf(at))
  }

  /** Takes the figures of all grids that changed over into what is shown. count: their parts are counted anew, which costs more. */
  refreshRows(count = true) {
    const { board } = this
    if (!board) return
    const touched = new Set(board.dirtySlots)
    board.dirtySlots.clear()
    let fresh = false
    const update = (slot: number) => {
      let row = this.rowOf.get(slot)
      if (!row) {
        row = new Row(slot)
        this.rowOf.set(slot, row)
        fresh = true
      }
      row.sync(board, count && board.slots[slot]!.moved ? board.parts(slot) : undefined)
    }
    if (this.rows.length === 0) board.slots.forEach((_, i) => update(i))
    else for (const slot of touched) update(slot)
    if (fresh || [...touched].some((s) => this.rowOf.get(s)!.blocks > 0 !== this.rows.includes(this.rowOf.get(s)!))) this.rows = [...this.rowOf.values()].filter((r) => r.blocks > 0)
    this.leftBlocks = board.left.blocks
    this.leftResidents = board.left.residents
  }

  /** Begins a grid that has no block yet. */
  fresh(): number {
    const { board } = this
    if (!board) return none
    const slot = board.fresh()
    board.recolour()
    this.refreshRows()
    return slot
  }

  private newOutbox(revision: number): Outbox {
    return new Outbox(
      {
        post: (act: Act) => this.post(act),
        took: (q, acted) => this.took(q, acted),
        stale: (q, stale) => this.stale(q, stale),
        refused: (q, problem) => this.refused(q, problem),
        keep: (kept) => this.keeper.keep(kept),
        changed: () => this.noteSaving(),
      },
      revision,
    )
  }

  private async post(act: Act): Promise<Acted> {
    try {
      return await api.act(this.id, act, AbortSignal.timeout(act.kind === 'solve' ? 90_000 : 20_000))
    } catch (thrown) {
      const problem = asProblem(thrown)
      server.heard(problem)
      throw problem
    }
  }

  private noteSaving() {
    if (this.saving !== 'saved' && this.outbox?.saving === 'saved') this.savedAt = Date.now()
    this.saving = this.outbox?.saving ?? 'saved'
    this.waiting = this.outbox?.acts.length ?? 0
    this.queued = this.outbox?.acts.flatMap((q) => (q.effect || simple.has(q.act.kind) ? [] : [q.act.kind])) ?? []
    this.told.changed()
  }

  /** Does something: at once on the screen where that can be known, then at the server. Resolves to the answer, or to undefined. */
  async act(act: ActBody, effect?: Effect): Promise<Acted | undefined> {
    if (!this.outbox || !this.edit) return undefined
    this.trouble = undefined
    if (effect) {
      this.apply(effect)
      this.board?.recolour()
      this.refreshRows()
      this.told.changed()
      return this.outbox.send(act, effect)
    }
    this.thinking++
    try {
      return await this.outbox.send(act)
    } finally {
      this.thinking--
    }
  }

  /** Takes what was shown; anew is offered where the draft has changed there since. */
  async takeShown(act: ActBody, effect: Effect | undefined, anew: () => void): Promise<Acted | undefined> {
    const acted = await this.act(act, effect)
    if (!acted && this.trouble?.act === act && this.trouble.problem?.fields.some((f) => f.at === 'shown')) this.trouble = { ...this.trouble, again: undefined, anew }
    return acted
  }

  /** Asks what an act would do, and does nothing. */
  preview(act: ActBody, signal?: AbortSignal): Promise<Acted> {
    return api.act(this.id, { ...act, revision: this.revision, preview: true }, signal, true)
  }

  get revision(): number {
    return this.outbox?.revision ?? this.head?.revision ?? 0
  }

  private get effects(): Effect[] {
    return this.outbox?.effects ?? []
  }

  private took(q: Queued, acted: Acted) {
    const { board } = this
    if (board && q.act.kind === 'assign' && q.act.grid.startsWith('~')) board.rename(q.act.grid, this.outbox!.known(q.act.grid))
    this.hear(acted)
    if (acted.patch.reground.length || acted.patches.some((p) => p.reground.length)) void this.reground([acted.patch, ...acted.patches].flatMap((p) => p.reground))
  }

  private hear(acted: Acted) {
    const { board } = this
    this.problems = acted.problems
    this.undo = acted.undo
    this.redo = acted.redo
    this.moved = acted.moved
    if (this.head) this.head = { ...this.head, revision: acted.revision, changed_at: new Date().toISOString() }
    if (!board) return
    board.confirm([...acted.patches, acted.patch], this.effects)
    for (const g of acted.grids) if (board.t.communities.includes(g.community)) board.hear(g)
    this.distrust(board)
    board.recolour()
    this.refreshRows()
    this.turn++
    this.told.changed()
  }

  /** A grid whose sums aren't those that the server said has changed since: by acts that wait. */
  private distrust(board: Board) {
    for (const s of board.slots) if (s.said && (s.said.blocks !== s.blocks || s.said.residents !== s.residents)) s.moved = true
  }

  /** Others were first. What doesn't touch what they did is sent again; the rest is the planner's to decide. */
  private stale(q: Queued, stale: Stale): 'again' | 'done' | 'drop' {
    const { board } = this
    board?.confirm(stale.patches, this.effects)
    const mine = session.here?.account?.name
    const own = stale.missed.some((m) => m.by.name === mine && m.kind === q.act.kind)
    if (own && this.isDone(q)) return this.gone('done')
    const theirs = new Set(stale.patches.flatMap((p) => p.blocks.map((b) => b.key)))
    const reground = stale.patches.some((p) => p.reground.length)
    if (q.act.kind === 'assign' && !reground && !q.act.blocks.some((b) => theirs.has(b))) return 'again'
    this.trouble = { act: q.act, missed: stale.missed, problem: undefined, again: () => this.act(q.act, q.effect) }
    if (q.effect) board?.forget(q.effect, this.effects.filter((e) => e.blocks !== q.effect!.blocks))
    return this.gone('drop')
  }

  private gone(verdict: 'done' | 'drop'): 'done' | 'drop' {
    setTimeout(() => void this.sync())
    return verdict
  }

  /** Whether what an act wants is there already: its answer was lost on the way. */
  private isDone(q: Queued): boolean {
    const { board } = this
    if (!board || q.act.kind !== 'assign') return q.act.kind !== 'undo' && q.act.kind !== 'redo'
    const slots = new Set(q.act.blocks.map((key) => board.sure[board.t.indexOf.get(key) ?? -1] ?? none))
    if (slots.size !== 1) return false
    const [slot] = [...slots]
    const key = slot! < 0 ? '' : board.slots[slot!]!.key
    return q.act.grid.startsWith('~') ? key.startsWith('new-') : key === q.act.grid
  }

  private refused(q: Queued, problem: Problem) {
    if (q.effect) this.board?.forget(q.effect, this.effects)
    this.refreshRows()
    if (problem.status === 400 && q.act.kind === 'assign' && this.isDone(q)) return void this.gone('done') // its first answer was lost on the way
    const cut = buildingsOf(problem).length > 0 && (q.act.kind === 'split-line' || q.act.kind === 'cut' || q.act.kind === 'move-border')
    this.trouble = { act: q.act, missed: [], problem, ...(cut ? { again: () => this.act({ ...q.act, cut_buildings: true } as ActBody) } : {}) }
    if (problem.status === 403 || problem.status === 404 || problem.code === 'conflict') void this.sync()
    this.told.changed()
  }

  /** Fetches the ground of communities again in which blocks were cut. */
  private async reground(codes: string[]) {
    const here = [...new Set(codes)].filter((c) => this.ground?.communities.some((o) => o.code === c))
    if (!here.length) return
    await this.sync()
  }

  /** Takes over everything that others did: the grids, and the ground where blocks were cut. */
  async sync(): Promise<void> {
    if (this.syncing || this.stopped || !this.outbox) return
    this.syncing = true
    try {
      const [draft, ground] = await Promise.all([api.draft(this.id, undefined, true), api.ground(this.id, this.community || undefined, undefined, true)])
      if (this.stopped) return
      this.take(draft)
      this.ground = ground
      const same = this.board && sameGround(this.board, ground)
      if (!same) this.makeBoard(ground, draft)
      else this.overtake(this.board!, ground, draft)
      if (!this.outbox.acts.length) this.outbox.revision = ground.revision
      this.turn++
    } catch (thrown) {
      server.heard(asProblem(thrown))
    } finally {
      this.syncing = false
    }
  }

  private overtake(board: Board, ground: Ground, draft: Draft) {
    const blocks = ground.communities.flatMap((c) => c.blocks)
    const changed = blocks.filter((b) => {
      const s = board.sure[board.t.indexOf.get(b.key)!]!
      return (s < 0 ? '' : board.slots[s]!.key) !== b.grid
    })
    const locked = blocks.flatMap((b) => (Boolean(board.locked[board.t.indexOf.get(b.key)!]) === (b.locked === true) ? [] : [{ key: b.key, locked: b.locked === true }]))
    for (const b of blocks) board.t.base[board.t.indexOf.get(b.key)!] = b.base
    board.confirm([{ blocks: changed, locked, reground: [] }], this.effects)
    for (const g of draft.grids) if (board.t.communities.includes(g.community)) board.hear(g)
    this.distrust(board)
    board.recolour()
    this.refreshRows()
    this.told.changed()
  }

  /** Undoes the last act: one that hasn't left yet without asking anybody. */
  async stepBack(): Promise<Acted | undefined> {
    const q = this.outbox?.takeBack()
    if (!q?.effect) return this.act({ kind: 'undo' })
    this.board?.forget(q.effect, this.effects)
    this.refreshRows()
    this.told.changed()
    return undefined
  }

  /** Whether anything can be undone. */
  readonly canUndo = $derived(this.undo !== null || this.waiting > 0)

  /** Says where this planner is, and hears where the others are. */
  async greet(center: [number, number], zoom: number, doing: string) {
    try {
      const p = await api.present(this.id, { center, zoom, doing })
      this.others = p.others
      if (!this.head) return
      const other = p.live !== this.head.live // and so are the live grids that blocks lie in
      if (other) this.head = { ...this.head, live: p.live }
      if ((other || p.revision > this.revision || p.state !== this.head.state) && !this.outbox?.acts.length) await this.sync()
    } catch (thrown) {
      this.others = []
      server.heard(asProblem(thrown))
    }
  }

  /** The connection or the session is back. */
  hurry() {
    this.outbox?.hurry()
  }

  close() {
    this.stopped = true
    this.outbox?.close()
    this.keeper.stop()
  }
}

export interface StruckBuilding {
  id: number
  name: string
  at: [number, number]
  /** Polygons of rings of points. */
  outline: [number, number][][][]
}

/** The buildings that a line would cut, when that is why an act was refused. */
export function buildingsOf(problem: Problem): StruckBuilding[] {
  const { buildings } = (problem.body ?? {}) as { buildings?: StruckBuilding[] }
  return Array.isArray(buildings) ? buildings : []
}

function sameGround(board: Board, ground: Ground): boolean {
  let n = 0
  for (const c of ground.communities) for (const b of c.blocks) if (++n && !board.t.indexOf.has(b.key)) return false
  return n === board.t.n
}
