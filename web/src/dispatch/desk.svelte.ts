// A dispatcher's desk: what the page knows of incidents as long as it is open. Events come in here; the map, the list and the window's
// title are told.

import * as api from '../api/incidents'
import type { IncidentKind } from '../api/shapes'
import { may } from '../domain/access'
import type { News, Told } from '../live/feed'
import { Loaded } from '../shell/loaded.svelte'
import { session } from '../shell/session.svelte'
import { language } from '../words/language.svelte'
import { clock } from './clock.svelte'
import { emptyLog, note } from './rows'
import type { Log } from './rows'
import { sound } from './sound.svelte'

const freshFor = 20_000

export interface Toast {
  text: string
  tone: 'good' | 'wait' | 'bad'
  /** An incident to open from it. */
  incident?: string
}

export class Desk {
  readonly read = $derived(may(session.here?.can ?? {}, 'incident.read'))
  readonly report = $derived(may(session.here?.can ?? {}, 'incident.report'))
  readonly contact = $derived(may(session.here?.can ?? {}, 'incident.contact'))
  /** The special groups that the reader has the label of, somewhere. */
  readonly labels = $derived([...new Set((session.here?.labels ?? []).map((l) => l.label))])
  readonly kinds = new Loaded(
    () => (this.read || this.report ? 'kinds' : undefined),
    (_, signal) => api.incidentKinds(signal),
  )
  /** Which group each kind is in. */
  readonly groups: Record<string, string> = $derived(Object.fromEntries((this.kinds.data?.kinds ?? []).map((k) => [k.code, k.group])))
  private readonly byCode = $derived(new Map((this.kinds.data?.kinds ?? []).map((k) => [k.code, k])))
  /** What events told of, since the page was opened. */
  log: Log = $state.raw(emptyLog)
  /** Those of the last moments: the list marks them. */
  fresh: ReadonlySet<string> = $state.raw(new Set<string>())
  /** How many came while the tab was hidden. */
  unseen = $state(0)
  toast: Toast | undefined = $state.raw()
  private toasted = 0

  /** Takes an event; false when it is one of those that were seen. */
  hear(news: News): Told | undefined {
    if (news.is !== 'incident') return undefined
    const log = note(this.log, news.told)
    if (log === this.log) return undefined
    this.log = log
    this.mark(news.told.id)
    clock.tick()
    if (document.visibilityState === 'hidden') this.unseen++
    if (!news.late) sound.ring(news.told.severity)
    return news.told
  }

  private mark(id: string) {
    this.fresh = new Set([...this.fresh, id])
    setTimeout(() => (this.fresh = new Set([...this.fresh].filter((o) => o !== id))), freshFor)
  }

  kind(code: string): IncidentKind | undefined {
    return this.byCode.get(code)
  }

  /** What a kind is called. */
  kindName(code: string): string {
    return this.byCode.get(code)?.[language.lang] ?? code
  }

  groupName(code: string): string {
    return this.kinds.data?.groups.find((g) => g.code === code)?.[language.lang] ?? code
  }

  severityName(severity: number): string {
    return language.words.incidents.severities[severity - 1] ?? String(severity)
  }

  say(toast: Toast) {
    clearTimeout(this.toasted)
    this.toast = toast
    this.toasted = window.setTimeout(() => (this.toast = undefined), toast.tone === 'bad' ? 15_000 : 9000)
  }
}
