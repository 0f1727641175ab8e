// The planner's workspace: which tool is in the hand, what is chosen, what is shown beside the map. It stands between the draft that is open
// and the parts of the page.

import { untrack } from 'svelte'
import type { ActBody, Acted, Line } from '../api/drafts'
import { may } from '../domain/access'
import type { Camera } from '../domain/place'
import { session } from '../shell/session.svelte'
import { language } from '../words/language.svelte'
import { none } from './board'
import type { Board } from './board'
import { Caring } from './caring.svelte'
import { Drafting } from './drafting.svelte'
import { handed, Importing } from './importing.svelte'
import type { Locator } from './locator'
import { Micro } from './micro.svelte'
import { Minding } from './minding.svelte'
import { formatPlan, parsePlan } from './place'
import type { PlanMap, Pointed, Shading } from './planmap'
import { Proposing } from './proposing.svelte'
import { shortKey } from './row.svelte'
import { strokeText } from './stroketext'
import type { Row } from './row.svelte'
import { Solving } from './solving.svelte'
import { Struck } from './struck.svelte'
import { toolOf } from './tools'
import type { Desk, Left, Nothing, Tool, ToolName, Would } from './tools'

export const panels = ['grid', 'problems', 'journal', 'changes', 'flow'] as const
export type Panel = (typeof panels)[number]

/** What is said at the foot of the map for a moment. */
export interface Note {
  text: string
  tone: 'plain' | 'good' | 'warn'
}

const sizes = [0, 8, 14, 22, 34, 52, 80]

export class Work implements Desk {
  readonly drafting: Drafting
  planMap: PlanMap | undefined = $state.raw()
  tool: ToolName = $state('pick')
  /** Index into sizes. */
  private size = $state(0)
  chosen: ReadonlySet<number> = $state.raw(new Set())
  /** The block that the pointer picked last. */
  block = $state(none)
  panel: Panel = $state('grid')
  panelOpen = $state(true)
  tableOpen = $state(true)
  shading: Shading = $state('grids')
  live = $state(false)
  swipe = $state(false)
  note: Note | undefined = $state.raw()
  /** Which of the small questions stands open beside the tools. */
  asking: 'split' | 'redraw' | undefined = $state()
  readonly proposing = new Proposing(this)
  /** A grid map on its way into the draft; its panel stands beside the map instead of the others. */
  importing: Importing | undefined = $state.raw()
  importShown = $state(false)
  readonly micro = new Micro(this)
  readonly minding = new Minding(this)
  readonly struck = new Struck(this)
  readonly solving: Solving
  readonly caring: Caring
  hands: Tool = toolOf('pick', this)
  private stroke = false
  /** Told of the block under the pointer, without anything being rendered. */
  onOver: (block: number, p: Pointed, would?: Would) => void = () => {}
  private noteTimer: ReturnType<typeof setTimeout> | undefined
  private camera: Camera | undefined
  private readonly wanted: string | undefined
  private fitted = false

  constructor(id: string) {
    const place = parsePlan(location.hash)
    this.camera = place.camera
    this.fitted = place.camera !== undefined
    this.wanted = place.grid
    this.solving = new Solving(this)
    this.drafting = new Drafting(id, { rebuilt: (board) => void this.rebuilt(board), changed: () => this.planMap?.changed() })
    this.caring = new Caring(this.drafting)
  }

  get board(): Board {
    return this.drafting.board!
  }
  get locator(): Locator {
    return this.drafting.locator!
  }
  get map(): PlanMap {
    return this.planMap!
  }
  get brush(): number {
    return sizes[this.size]!
  }
  /** The grid that strokes go into: the first of the chosen. */
  get active(): number {
    return [...this.chosen][0] ?? none
  }
  readonly activeRow: Row | undefined = $derived.by(() => (void this.drafting.rows, this.chosen.size ? this.drafting.row([...this.chosen][0]!) : undefined))
  readonly edit = $derived.by(() => this.drafting.edit)
  readonly planner = $derived(may(session.here?.can ?? {}, 'grid.plan'))

  setMap(map: PlanMap | undefined) {
    this.planMap = map
    if (map && this.drafting.board) void this.rebuilt(this.drafting.board)
  }

  private async rebuilt(board: Board) {
    const keys = untrack(() => [...this.chosen].map((s) => this.keys[s] ?? ''))
    this.keys = board.slots.map((s) => s.key)
    const found = [...keys, ...(keys.length ? [] : [this.wanted ?? ''])].flatMap((k) => (board.find(k) ? [board.slots.indexOf(board.find(k)!)] : []))
    this.chosen = new Set(found)
    const map = untrack(() => this.planMap)
    if (!map) return
    if (!this.fitted) {
      this.fitted = true
      map.fit(board.t.extent, 17, 0.02, true)
    }
    map.setPreview(new Map())
    map.setChosen(this.chosen)
    await map.show(board)
  }
  /** The keys of the slots of the board that is shown: slots are others on another board. */
  private keys: string[] = []

  // What the tools ask of it.

  choose(slot: number, add = false) {
    const next = new Set(add ? this.chosen : [])
    if (slot >= 0) {
      if (add && this.chosen.has(slot)) next.delete(slot)
      else next.add(slot)
    }
    this.setChosen(next)
  }

  setChosen(next: ReadonlySet<number>) {
    if (!this.drafting.board) return
    this.chosen = next
    this.keys = this.board.slots.map((s) => s.key)
    this.planMap?.setChosen(next)
    this.asking = undefined
    this.noteAddress()
    if (next.size && this.panel !== 'problems') this.panel = this.panel === 'flow' || this.panel === 'changes' || this.panel === 'journal' ? this.panel : 'grid'
  }

  over(block: number, p: Pointed, would?: Would) {
    this.onOver(block, p, would)
  }

  gave(blocks: readonly number[], slot: number, left: Left = new Map()) {
    const { board } = this
    const grid = slot < 0 ? '' : board.slots[slot]!.key
    const keys = blocks.map((b) => board.t.keys[b]!)
    void this.drafting.act({ kind: 'assign', blocks: keys, grid }, { blocks: keys, grid }).then((acted) => (acted && left.size ? undefined : this.done(acted)))
    if (left.size) this.say({ text: strokeText(blocks.length, slot >= 0, left, language.words.plan.stroke, language.lang), tone: 'plain' })
    if (slot >= 0 && !this.chosen.has(slot)) this.choose(slot)
  }

  async drew(line: Line) {
    const { board } = this
    const [x, y] = middleOf(line)
    const under = this.locator.at(x, y)
    const slot = under < 0 ? none : board.grid[under]!
    if (this.tool === 'cut') return this.done(await this.drafting.act({ kind: 'cut', line }))
    if (slot < 0) return this.nothing('lineOutside')
    if (this.tool === 'border') {
      if (this.active < 0) return this.nothing('noTarget')
      if (slot === this.active) return this.nothing('lineInside')
      return this.done(await this.drafting.act({ kind: 'move-border', from: board.slots[slot]!.key, to: board.slots[this.active]!.key, line }))
    }
    const grid = this.active >= 0 ? this.active : slot
    this.done(await this.drafting.act({ kind: 'split-line', grid: board.slots[grid]!.key, line }))
  }

  merge(slot: number) {
    void this.mergeAll([this.active, slot])
    this.take('pick') // the next click chooses: nobody merges a third one by it
  }

  async mergeAll(slots: number[]) {
    const { board } = this
    // As at publication: who keeps most residents keeps the code.
    const first = slots.reduce((best, s) => (board.slots[s]!.residents > board.slots[best]!.residents ? s : best))
    const grid = board.slots[first]!.key
    const blocks = slots.filter((s) => s !== first).flatMap((s) => board.blocksOf(s)).map((b) => board.t.keys[b]!)
    const acted = this.drafting.act({ kind: 'merge', grids: slots.map((s) => board.slots[s]!.key) }, { blocks, grid })
    this.setChosen(new Set([first]))
    this.done(await acted)
  }

  nothing(why: Nothing) {
    this.say({ text: language.words.plan.nothing[why], tone: 'warn' })
  }

  painting() {
    this.stroke = true
    this.planMap?.changed()
  }

  /** With each frame while somebody paints: the figures follow, all at once. */
  frame() {
    if (!this.stroke) return
    this.stroke = false
    const touched = new Set(this.board.dirtySlots)
    this.drafting.refreshRows(false)
    this.planMap?.reshade(touched)
  }

  say(note: Note) {
    clearTimeout(this.noteTimer)
    this.note = note
    this.noteTimer = setTimeout(() => (this.note = undefined), note.tone === 'warn' ? 8000 : 5000)
  }

  private done(acted: Acted | undefined) {
    if (acted) this.say({ text: language.words.plan.status.done(acted.text[language.lang]), tone: 'good' })
  }

  /** Says what was done. */
  tell(acted: Acted) {
    this.done(acted)
  }

  // What the page asks of it.

  startImport(file?: File, crs = '') {
    this.panelOpen = true
    this.importing ??= new Importing(this)
    this.importShown = true
    if (crs) this.importing.crs = crs
    if (file) this.importing.choose(file)
    else this.importing.show()
  }

  /** Puts it aside: another panel is looked at, and nothing that was decided is lost. */
  hideImport() {
    if (this.importShown) this.importing?.hide()
    this.importShown = false
  }

  endImport() {
    this.hideImport()
    this.importing?.cancel()
    this.importing = undefined
  }

  /** The file that this draft was begun with. */
  startHanded() {
    const there = handed(this.drafting.id)
    if (there && this.edit) this.startImport(there.file, there.crs)
  }

  take(tool: ToolName) {
    if (!this.edit && tool !== 'pick') return this.nothing('readOnly')
    this.hands.cancel?.()
    this.planMap?.sketch.clear()
    this.asking = undefined
    if (tool === 'merge' && this.chosen.size > 1) return void this.mergeAll([...this.chosen])
    this.tool = tool
    this.hands = toolOf(tool, this)
    if (tool === 'pick' && this.micro.on) this.hands = this.micro.hands
    this.planMap?.setDrags(this.hands.drags)
    this.planMap?.setCursor(this.hands.cursor)
  }

  resize(by: 1 | -1) {
    this.size = Math.min(sizes.length - 1, Math.max(0, this.size + by))
  }

  setSize(index: number) {
    this.size = Math.min(sizes.length - 1, Math.max(0, index))
  }
  get sizeIndex(): number {
    return this.size
  }
  readonly sizeCount = sizes.length

  begin() {
    const slot = this.drafting.fresh()
    if (slot < 0) return
    this.choose(slot)
    if (this.tool === 'pick') this.take('brush')
  }

  /** Escape: what is going on ends, then what is open closes, then nothing is chosen. */
  escape() {
    if (this.hands.cancel?.()) return
    if (this.asking) this.asking = undefined
    else if (this.proposing.alternatives) this.proposing.drop()
    else if (this.drafting.trouble) this.drafting.trouble = undefined
    else if (this.tool !== 'pick') this.take('pick')
    else if (this.micro.on) this.micro.close()
    else this.choose(none)
  }

  chosenKeys(): string[] {
    return [...this.chosen].map((s) => this.board.slots[s]!.key)
  }

  lock() {
    const grids = this.chosenKeys()
    if (!grids.length || !this.edit) return this.nothing(this.edit ? 'noTarget' : 'readOnly')
    const locked = [...this.chosen].every((s) => this.board.slots[s]!.locked)
    for (const key of grids) this.board.setLock(key, !locked)
    this.drafting.refreshRows(false)
    this.planMap?.changed()
    void this.drafting.act({ kind: locked ? 'unlock' : 'lock', grids }).then((acted) => {
      if (!acted) for (const key of grids) this.board.setLock(key, locked)
      this.done(acted)
    })
  }

  async split(into: number) {
    const before = new Set(this.board.slots.map((s) => s.key))
    this.asking = undefined
    const acted = await this.drafting.act({ kind: 'split', grid: this.board.slots[this.active]!.key, into })
    this.done(acted)
    const fresh = acted?.grids.filter((g) => g.blocks > 0 && !before.has(g.key)) ?? []
    if (fresh.length) this.setChosen(new Set([...this.chosen, ...fresh.map((g) => this.board.slot(g.key))]))
  }

  /** How many grids a split would reasonably make. */
  suggestion(row: Row): number {
    return Math.min(20, Math.max(2, Math.round(row.weight / this.drafting.settings.target)))
  }

  async undo() {
    this.done(await this.drafting.stepBack())
  }

  async edited(act: ActBody) {
    this.done(await this.drafting.act(act))
  }

  openPanel(panel: Panel) {
    this.hideImport()
    this.panel = panel
    this.panelOpen = true
  }

  goSlot(slot: number) {
    const bounds = this.board.boundsOf(this.board.blocksOf(slot))
    if (bounds) this.planMap?.fit(bounds, 16.8, 0.35)
  }

  home() {
    if (this.drafting.board) this.planMap?.fit(this.board.t.extent, 17, 0.02)
  }

  moved(camera: Camera) {
    this.camera = camera
    this.noteAddress()
  }

  private noteAddress() {
    const key = this.active >= 0 ? this.board.slots[this.active]!.key : ''
    const hash = formatPlan({
      draft: this.drafting.id,
      ...(this.drafting.community ? { community: this.drafting.community } : {}),
      ...(key && !key.startsWith('~') ? { grid: key } : {}),
      ...(this.camera ? { camera: this.camera } : {}),
    })
    if (hash !== location.hash) history.replaceState(history.state, '', location.pathname + location.search + hash)
  }

  /** What this planner is doing, for the others. */
  doing(): string {
    const w = language.words.plan
    const row = this.activeRow
    return this.tool === 'pick' && !row ? w.others.here : [w.tools[this.tool], row ? this.called(row.key) : ''].join(' ').trim()
  }

  /** How a grid is called within its community. */
  short(key: string): string {
    return shortKey(key, language.words.plan.grid.fresh)
  }

  /** How the community of a grid is called where that has to be said: nothing in a draft of one. within: the community of a grid that isn't on the board. */
  place(key: string, within = ''): string {
    const { communities } = this.drafting
    const code = key.length === 15 ? key.slice(0, 12) : within || (this.drafting.rowByKey(key)?.community ?? '')
    return communities.length > 1 ? (communities.find((c) => c.code === code)?.name ?? '') : ''
  }

  /** How a grid is called where those of other communities are named too. */
  called(key: string, within = ''): string {
    return [this.place(key, within), this.short(key)].filter(Boolean).join(' ')
  }

  close() {
    clearTimeout(this.noteTimer)
    this.proposing.close()
    this.importing?.cancel()
    this.drafting.close()
  }
}

/** The point half-way along a line. */
function middleOf(line: Line): [number, number] {
  const lengths = line.slice(1).map((p, i) => Math.hypot(p[0] - line[i]![0], p[1] - line[i]![1]))
  let left = lengths.reduce((a, b) => a + b, 0) / 2
  for (let i = 0; i < lengths.length; i++) {
    const f = lengths[i]! === 0 ? 0 : left / lengths[i]!
    if (f <= 1) return [line[i]![0] + (line[i + 1]![0] - line[i]![0]) * f, line[i]![1] + (line[i + 1]![1] - line[i]![1]) * f]
    left -= lengths[i]!
  }
  return line[0]!
}
