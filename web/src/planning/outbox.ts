// The acts of a planner on their way to the server: one is sent, the others wait their turn in the browser's own storage. A connection that
// drops, a tab that is closed, a session that ends: none of it loses an act. No Svelte and no storage of its own in here, so that it can be
// tried in every order of happenings.

import type { Act, ActBody, Acted, Stale } from '../api/drafts'
import type { Problem } from '../api/problem'
import type { Effect } from './board'

export interface Queued {
  id: string
  act: ActBody
  /** What it has done on the screen already; missing when only the server can say. */
  effect?: Effect
  /** Milliseconds since 1970. */
  made: number
}

/** What is kept in the browser's storage. */
export interface Kept {
  /** The revision that the first of the acts was made on. */
  revision: number
  acts: Queued[]
}

/** saved: the server has everything. waiting: for the connection. */
export type Saving = 'saved' | 'saving' | 'waiting'

export interface Host {
  post(act: Act): Promise<Acted>
  /** The server did it. */
  took(q: Queued, acted: Acted): void
  /** Somebody else was first. again: the act still makes sense, and is sent on what there is now. */
  stale(q: Queued, stale: Stale): 'again' | 'done' | 'drop'
  /** The server won't, and why. */
  refused(q: Queued, problem: Problem): void
  /** To be kept; undefined: nothing is left to keep. */
  keep(kept: Kept | undefined): void
  /** The state is another. */
  changed(): void
}

const firstWait = 1000
const longestWait = 15_000
/** How often an act is offered again before the planner is asked. */
const mostOffers = 4

export class Outbox {
  acts: Queued[] = []
  saving: Saving = 'saved'
  /** The revision that the server and this page agree on. */
  revision: number
  private sending: Queued | undefined
  private offers = 0
  private wait = firstWait
  private timer: ReturnType<typeof setTimeout> | undefined
  private count = 0
  private closed = false
  private readonly askers = new Map<string, (acted: Acted | undefined) => void>()
  /** The keys that grids made here were given by the server. */
  private readonly given = new Map<string, string>()

  constructor(
    private readonly host: Host,
    revision: number,
    private readonly mark = Math.random().toString(36).slice(2, 8),
  ) {
    this.revision = revision
  }

  /** Takes up what an earlier tab left; they were made on a revision that may be older than what is shown. */
  resume(kept: Kept) {
    this.acts = [...kept.acts, ...this.acts]
    if (kept.acts.length) this.revision = kept.revision
    this.store()
    void this.pump()
  }

  /** What acts that aren't confirmed have done, in their order. */
  get effects(): Effect[] {
    return this.acts.flatMap((q) => (q.effect ? [{ ...q.effect, grid: this.known(q.effect.grid) }] : []))
  }

  /** Sends an act, after those that were made before. The answer, or undefined when it came to nothing. */
  send(act: ActBody, effect?: Effect): Promise<Acted | undefined> {
    const q: Queued = { id: this.mark + '-' + ++this.count, act, made: Date.now(), ...(effect ? { effect } : {}) }
    this.acts = [...this.acts, q]
    this.store()
    const answer = new Promise<Acted | undefined>((done) => this.askers.set(q.id, done))
    void this.pump()
    return answer
  }

  /** Takes the last act back if it hasn't left yet: an undo that needs no server. */
  takeBack(): Queued | undefined {
    const q = this.acts.at(-1)
    if (!q?.effect || q === this.sending) return undefined
    this.remove(q, undefined)
    return q
  }

  /** Tries at once: the connection or the session is back. */
  hurry() {
    clearTimeout(this.timer)
    this.wait = firstWait
    void this.pump()
  }

  close() {
    this.closed = true
    clearTimeout(this.timer)
  }

  private async pump() {
    const q = this.acts[0]
    if (this.sending || this.closed || !q) return this.tell(q ? this.saving : 'saved')
    clearTimeout(this.timer)
    this.sending = q
    this.tell(this.saving === 'waiting' ? 'waiting' : 'saving')
    try {
      const acted = await this.host.post({ ...this.addressed(q.act), revision: this.revision, request: q.id })
      this.sending = undefined
      this.wait = firstWait
      this.offers = 0
      this.saving = 'saving'
      this.revision = acted.revision
      this.learn(q, acted)
      this.remove(q, acted)
      this.host.took(q, acted)
    } catch (thrown) {
      this.sending = undefined
      this.failed(q, thrown as Problem)
    }
    if (this.saving !== 'waiting') void this.pump()
  }

  private failed(q: Queued, problem: Problem) {
    if (passing(problem)) return this.later()
    const stale = staleOf(problem)
    if (!stale) {
      this.remove(q, undefined)
      return this.host.refused(q, problem)
    }
    this.revision = stale.revision
    const verdict = this.host.stale(q, stale)
    if (verdict === 'again' && ++this.offers < mostOffers) return this.store()
    this.offers = 0
    this.remove(q, undefined)
    if (verdict === 'again') this.host.refused(q, problem)
  }

  private later() {
    this.tell('waiting')
    clearTimeout(this.timer)
    this.timer = setTimeout(() => void this.pump(), this.wait * (0.75 + Math.random() / 2))
    this.wait = Math.min(this.wait * 1.7, longestWait)
  }

  private remove(q: Queued, acted: Acted | undefined) {
    this.acts = this.acts.filter((o) => o !== q)
    this.store()
    this.askers.get(q.id)?.(acted)
    this.askers.delete(q.id)
  }

  /** A grid that was begun here has the key that the first of its blocks came back with. */
  private learn(q: Queued, acted: Acted) {
    if (q.act.kind !== 'assign' || !q.act.grid.startsWith('~') || this.given.has(q.act.grid)) return
    const blocks = new Set(q.act.blocks)
    const key = acted.patch.blocks.find((b) => blocks.has(b.key))?.grid
    if (key) this.given.set(q.act.grid, key)
  }

  /** The key by which the server knows a grid. */
  known(key: string): string {
    return this.given.get(key) ?? key
  }

  /** The act with the server's names in it. */
  private addressed(act: ActBody): ActBody {
    const name = (key: string) => this.known(key)
    const named = { ...act } as Record<string, unknown>
    for (const field of ['grid', 'from', 'to'] as const) if (typeof named[field] === 'string') named[field] = name(named[field])
    if (Array.isArray(named.grids)) named.grids = (named.grids as string[]).map(name)
    if (act.kind === 'assign' && String(named.grid).startsWith('~')) named.grid = 'new'
    return named as ActBody
  }

  private store() {
    // Under the server's names: whoever takes them up after a reload doesn't know ours.
    const acts = this.acts.map((q) => ({ ...q, act: this.renamed(q.act), ...(q.effect ? { effect: { ...q.effect, grid: this.known(q.effect.grid) } } : {}) }))
    this.host.keep(acts.length ? { revision: this.revision, acts } : undefined)
  }

  private renamed(act: ActBody): ActBody {
    const sent = this.addressed(act)
    return act.kind === 'assign' && sent.kind === 'assign' && sent.grid === 'new' ? act : sent
  }

  private tell(saving: Saving) {
    this.saving = saving
    this.host.changed()
  }
}

/** Whether the act may well go through later as it is. */
function passing(p: Problem): boolean {
  return p.unreachable || p.signedOut || p.status === 503 || p.status === 429
}

/** What others did, when that is why an act was refused. */
export function staleOf(problem: Problem): Stale | undefined {
  const b = problem.body as Partial<Stale> | undefined
  if (problem.status !== 409 || problem.code !== 'conflict' || typeof b?.revision !== 'number') return undefined
  return { revision: b.revision, missed: b.missed ?? [], patches: b.patches ?? [] }
}

/** Reads what was kept; what can't be read is dropped. */
export function parseKept(text: string | null): Kept | undefined {
  try {
    const kept = JSON.parse(text ?? 'null') as Kept | null
    if (!kept || typeof kept.revision !== 'number' || !Array.isArray(kept.acts)) return undefined
    const acts = kept.acts.filter((q) => typeof q?.id === 'string' && typeof q.act?.kind === 'string' && typeof q.made === 'number')
    return acts.length ? { revision: kept.revision, acts } : undefined
  } catch {
    return undefined
  }
}
