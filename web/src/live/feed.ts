// What a page knows of the stream of events: how far it has come, and whether it is whole. Pure, so that it can be tried in every order of
// happenings: nothing missed, nothing told twice, and what the reader is told of the line is true.

import type { Frame } from './frames'

/** What an event tells of an incident: enough for the map and for a line of the list, nothing of what was said. */
export interface Told {
  id: string
  kind: string
  severity: number
  lon: number
  lat: number
  grid: string
  at: string
  special?: string
}

/**
 * off: nobody wants it. opening: for the first time. live. cut: it was live once, and isn't. catching-up: it is back, and what happened
 * meanwhile is on its way.
 */
export type Phase = 'off' | 'opening' | 'live' | 'cut' | 'catching-up'

export interface Feed {
  phase: Phase
  /** The last event that was seen; undefined before the first hello. */
  at: number | undefined
  /** Of the events that were missed, how many are still to come. */
  owed: number
  /** Incidents that came late because the line was cut; they are counted until the reader was told (noted). */
  late: number
  /** Whether a caught-up line has something to tell: set when it is whole again, gone with noted. */
  caughtUp: boolean
}

export const silent: Feed = { phase: 'off', at: undefined, owed: 0, late: 0, caughtUp: false }

/** What follows for the page. */
export type News =
  /** The stream has begun: what happened before isn't in it. */
  | { is: 'begun' }
  | { is: 'incident'; told: Told; late: boolean }
  | { is: 'layout'; county: number; version: number }
  /** The reader's own rights are others now. */
  | { is: 'access' }
  /** The session has ended. */
  | { is: 'out' }
  /** What happened in between isn't known: everything has to be asked for again. */
  | { is: 'reset' }

export type Step = [Feed, News[]]

export const opening = (feed: Feed): Feed => ({ ...feed, phase: feed.at === undefined ? 'opening' : 'cut' })
export const cut = (feed: Feed): Feed => ({ ...feed, phase: feed.at === undefined ? 'opening' : 'cut', owed: 0 })
export const closed = (feed: Feed): Feed => ({ ...feed, phase: 'off', owed: 0 })
export const noted = (feed: Feed): Feed => ({ ...feed, late: 0, caughtUp: false })

/** Takes the next frame of the stream. */
export function take(feed: Feed, frame: Frame): Step {
  const id = numberOf(frame.id)
  switch (frame.name) {
    case '':
      return [id === undefined || !later(feed, id) ? feed : { ...feed, at: id }, []]
    case 'hello':
      return hello(feed, frame, id)
    case 'reset':
      return [{ ...silent, phase: 'live', at: id, caughtUp: feed.at !== undefined }, [{ is: 'reset' }]]
    case 'out':
      return [closed(feed), [{ is: 'out' }]]
    case 'access':
      return [{ ...feed, at: id !== undefined && later(feed, id) ? id : feed.at }, [{ is: 'access' }]] // it may bear the number of an event before it
  }
  if (id === undefined || !later(feed, id)) return [feed, []] // seen already
  const told = newsOf(frame, feed.phase === 'catching-up')
  return [counted({ ...feed, at: id }, told), told ? [told] : []]
}

function hello(feed: Feed, frame: Frame, id: number | undefined): Step {
  const { resumed, missed } = parsed<{ resumed?: boolean; missed?: number }>(frame) ?? {}
  if (feed.at === undefined) return [{ ...feed, phase: 'live', at: id, owed: 0 }, [{ is: 'begun' }]]
  if (!resumed) return [{ ...silent, phase: 'live', at: id, caughtUp: true }, [{ is: 'reset' }]] // it begins anew: something may have gone past
  const owed = missed ?? 0
  return [{ ...feed, phase: owed > 0 ? 'catching-up' : 'live', owed, caughtUp: owed === 0 }, []]
}

/** Counts an event that was owed. */
function counted(feed: Feed, news: News | undefined): Feed {
  if (feed.phase !== 'catching-up') return feed
  const owed = feed.owed - 1
  const late = feed.late + (news?.is === 'incident' ? 1 : 0)
  return { ...feed, owed, late, phase: owed > 0 ? 'catching-up' : 'live', caughtUp: owed <= 0 }
}

function newsOf(frame: Frame, late: boolean): News | undefined {
  if (frame.name === 'incident') {
    const told = parsed<Told>(frame)
    return told && { is: 'incident', told, late }
  }
  if (frame.name === 'layout') {
    const told = parsed<{ county: number; version: number }>(frame)
    return told && { is: 'layout', ...told }
  }
  return undefined // of a newer server
}

function parsed<T>(frame: Frame): T | undefined {
  try {
    return JSON.parse(frame.data) as T
  } catch {
    return undefined
  }
}

const numberOf = (id: string | undefined) => (id !== undefined && /^\d+$/.test(id) ? Number(id) : undefined)
const later = (feed: Feed, id: number) => feed.at === undefined || id > feed.at
