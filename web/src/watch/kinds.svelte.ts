// The kinds of care that a county has, asked for once: what they are called, and how often those under them are visited.

import * as api from '../api/watch'
import type { CareKind } from '../api/shapes'
import { language } from '../words/language.svelte'

class Kinds {
  all: CareKind[] = $state.raw([])
  private county = 0

  /** Asks for those of a county, unless they are there. Until they come, those that every county has go by the words of the page. */
  want(county: number, again = false) {
    if (!county || (county === this.county && !again)) return
    this.county = county
    api.kinds(county).then(
      (all) => (this.all = all),
      () => (this.county = 0), // asked for again by whoever wants them next
    )
  }

  name(kind: string): string {
    const found = this.all.find((k) => k.kind === kind)
    if (found) return language.lang === 'zh' ? found.zh : found.en
    return language.words.register.care[kind as 'alone'] ?? kind
  }

  /** In how many days somebody under these is visited again: by the one that asks for it soonest; undefined when none does. */
  every(kinds: readonly string[]): number | undefined {
    const days = this.all.filter((k) => k.every > 0 && kinds.includes(k.kind)).map((k) => k.every)
    return days.length ? Math.min(...days) : undefined
  }
}

export const kinds = new Kinds()
