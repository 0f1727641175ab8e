// What a proposal would change: only what the file says otherwise.

import type { Proposal } from '../api/intakes'
import type { Words } from '../words/zh'

export interface Difference {
  name: string
  was: string
  is: string
}

type W = Words['imports']

/** Somebody leaves a house that they live in: on which day is asked. */
export function moves(p: Proposal): boolean {
  return !p.arrival.until && (p.home ? !p.home.until && p.home.house !== p.arrival.house : true)
}

export function differences(p: Proposal, w: W): Difference[] {
  const [a, h] = [p.arrival, p.home]
  const out: Difference[] = []
  const add = (name: string, was: string, is: string, always = false) => {
    if (is !== '' && (always || was !== is)) out.push({ name, was, is })
  }
  add(w.fields.name, h?.name ?? '', a.name)
  add(w.fields.phone, h?.phone ?? '', a.phone)
  add(w.fields.sex, w.sexes[h?.sex ?? 'unknown'], w.sexes[a.sex])
  add(w.fields.born, h?.born ?? '', a.born ?? '')
  add(w.fields.nation, h?.nation ?? '', a.nation)
  add(w.fields.education, h?.education ?? '', a.education)
  add(w.fields.address, h?.home.address ?? '', a.address)
  add(w.fields.time, h ? span(w, h.since, h.until) : '', span(w, a.since, a.until))
  return out
}

/** "2010-03-05 起 至 2026-02-03". */
export function span(w: W, since: string | undefined, until: string | undefined): string {
  return [since && w.since(since), until && w.until(until)].filter(Boolean).join(' ')
}
