// The list of incidents: pages that the server answered, and over them what was told of since those were asked for. So no answer that is
// older than an event takes the event's incident away again, however late it arrives. Pure.

import type { Incident } from '../api/shapes'
import type { Told } from '../live/feed'

export interface Row {
  id: string
  kind: string
  severity: number
  special: string
  lon: number
  lat: number
  grid: string
  gridName: string
  at: string
  /** Undefined while only an event has told of it: the answer with the rest is on its way. */
  said: { place: string; text: string; nearBorder: boolean } | undefined
}

export const rowOf = (i: Incident): Row => ({
  id: i.id,
  kind: i.kind,
  severity: i.severity,
  special: i.special ?? '',
  lon: i.lon,
  lat: i.lat,
  grid: i.grid.code,
  gridName: i.grid.name,
  at: i.reported_at,
  said: { place: i.place, text: i.text, nearBorder: i.near_border },
})

export const rowOfTold = (t: Told): Row => ({
  id: t.id,
  kind: t.kind,
  severity: t.severity,
  special: t.special ?? '',
  lon: t.lon,
  lat: t.lat,
  grid: t.grid,
  gridName: '',
  at: t.at,
  said: undefined,
})

/** One sequence numbers the incidents of all counties. */
export const numberOf = (id: string): number => Number(id.slice(id.indexOf('-') + 1))

const newest = (a: Row, b: Row) => numberOf(b.id) - numberOf(a.id)

/** What was told of, in the order in which it was told. */
export interface Log {
  /** Counts all that was ever told of. */
  n: number
  entries: readonly { n: number; told: Told }[]
}

export const emptyLog: Log = { n: 0, entries: [] }
/** More than ever come between a question and its answer. */
const kept = 2000

/** Notes an event; one that was noted before changes nothing. */
export function note(log: Log, told: Told): Log {
  if (log.entries.some((e) => e.told.id === told.id)) return log
  const n = log.n + 1
  return { n, entries: [...log.entries, { n, told }].slice(-kept) }
}

export interface Filter {
  /** The code of a division or grid; empty: everywhere. */
  division: string
  /** Empty: all. */
  group: string
  /** 0: all. */
  severity: number
}

/** Whether an event's incident belongs into a list. groups says which group a kind is in. */
export function fits(f: Filter, t: { grid: string; kind: string; severity: number }, groups: Record<string, string>): boolean {
  return t.grid.startsWith(f.division) && (!f.group || groups[t.kind] === f.group) && (!f.severity || t.severity === f.severity)
}

/**
 * The rows to show: those that were answered, and those told of after the log stood at asked that the answer doesn't have. extra counts
 * the latter: the answer's total doesn't.
 */
export function combine(rows: readonly Row[], log: Log, asked: number, belongs: (told: Told) => boolean): { rows: Row[]; extra: number } {
  const there = new Set(rows.map((r) => r.id))
  const more = log.entries.filter((e) => e.n > asked && !there.has(e.told.id) && belongs(e.told)).map((e) => rowOfTold(e.told))
  return { rows: [...more, ...rows].sort(newest), extra: more.length }
}

/**
 * A fresh first page put over the pages that are shown already. Where it doesn't reach down to them (more happened meanwhile than a page
 * holds) those are dropped, because something would be missing between: gap says so.
 */
export function joinHead(old: readonly Row[], head: readonly Row[], more: boolean): { rows: Row[]; gap: boolean } {
  const last = head[head.length - 1]
  if (!more || !last) return { rows: [...head], gap: true }
  const end = numberOf(last.id)
  if (!old.some((r) => numberOf(r.id) >= end)) return { rows: [...head], gap: true }
  return { rows: [...head, ...old.filter((r) => numberOf(r.id) < end)], gap: false }
}

/** Metres between two positions that are close to each other. */
export function metres(a: { lon: number; lat: number }, b: { lon: number; lat: number }): number {
  const k = Math.cos((a.lat * Math.PI) / 180)
  return Math.hypot((a.lon - b.lon) * k, a.lat - b.lat) * 111_195
}
