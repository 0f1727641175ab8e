// Acts that haven't reached the server, in the browser's own storage: by draft and account, and by tab, because two tabs have a queue each.
// Who opens the draft takes up what a tab left that isn't there any more.

import { parseKept } from './outbox'
import type { Kept } from './outbox'

/** A tab says that often that it is there, in milliseconds; one that was silent three times as long is gone. */
export const beatEvery = 3000

const prefix = (draft: string, account: number) => `jingwei.plan.${draft}.${account}.`

interface Beating {
  beat: number
}

/** The name of this tab. It outlives a reload, and nothing else. */
function tabName(): string {
  try {
    const known = sessionStorage.getItem('jingwei.tab')
    if (known) return known
    const made = Math.random().toString(36).slice(2, 10)
    sessionStorage.setItem('jingwei.tab', made)
    return made
  } catch {
    return Math.random().toString(36).slice(2, 10)
  }
}

export class Keeper {
  private readonly key: string
  private readonly prefix: string
  private kept: Kept | undefined
  private timer: ReturnType<typeof setInterval> | undefined
  /** Whether the browser doesn't keep anything: then what waits lasts as long as the tab. */
  closed = false

  constructor(draft: string, account: number) {
    this.prefix = prefix(draft, account)
    this.key = this.prefix + tabName()
  }

  keep(kept: Kept | undefined) {
    this.kept = kept
    clearInterval(this.timer)
    this.write()
    if (kept) this.timer = setInterval(() => this.write(), beatEvery)
  }

  private write() {
    try {
      if (this.kept) localStorage.setItem(this.key, JSON.stringify({ ...this.kept, beat: Date.now() }))
      else localStorage.removeItem(this.key)
      this.closed = false
    } catch {
      this.closed = true
    }
  }

  /** What this tab had before a reload, and what tabs left that are gone; the oldest revision counts. */
  take(now = Date.now()): Kept | undefined {
    const found: Kept[] = []
    try {
      const keys = Array.from({ length: localStorage.length }, (_, i) => localStorage.key(i)!).filter((k) => k.startsWith(this.prefix))
      for (const key of keys) {
        const text = localStorage.getItem(key)
        const kept = parseKept(text)
        const { beat } = JSON.parse(text ?? '{}') as Partial<Beating>
        if (key !== this.key && kept && now - (beat ?? 0) < 3 * beatEvery) continue
        if (kept) found.push(kept)
        if (key !== this.key) localStorage.removeItem(key)
      }
    } catch {
      this.closed = true
    }
    if (!found.length) return undefined
    return { revision: Math.min(...found.map((k) => k.revision)), acts: found.flatMap((k) => k.acts).sort((a, b) => a.made - b.made) }
  }

  stop() {
    clearInterval(this.timer)
  }
}
