// How houses and people are said in words.

import type { House, Occupant } from '../api/shapes'
import type { Lang } from '../domain/number'
import type { Words } from '../words/zh'
import { ageOn, today } from './age'

/** What its building is called: 文苑小区1号楼, 解放路82号. Where there is no compound the number alone would say nothing. */
function buildingOf(h: House): string {
  if (h.place) return h.place + h.number
  const at = h.community.name ? h.address.indexOf(h.community.name) : -1
  const tail = at < 0 ? h.address : h.address.slice(at + h.community.name.length)
  const number = h.number ? tail.indexOf(h.number) : -1
  return number < 0 ? tail : tail.slice(0, number + h.number.length)
}

/** What a house is called among its neighbours: 文苑小区1号楼 2单元 501. */
export function nameOf(h: House): string {
  const building = buildingOf(h)
  return h.address.endsWith(building) ? building : [building, h.unit, h.room].filter(Boolean).join(' ')
}

/** What its address says before its name: 山东省…安居街79号. */
export function streetOf(h: House): string {
  const at = h.address.indexOf(buildingOf(h))
  return at > 0 ? h.address.slice(0, at) : h.address
}

/** Head of household · female · aged 64. */
export function describe(o: Occupant, w: Words, relation = true): string {
  const r = w.register
  const age = ageOn(o.born, o.died ?? today())
  const parts = [relation && o.relation ? (r.relations[o.relation as '户主'] ?? o.relation) : '', r.sexes[o.sex], age === undefined ? '' : r.age(String(age))]
  return parts.filter(Boolean).join(' · ')
}

/** From when to when. */
export function span(o: { since?: string; until?: string }, w: Words): string {
  const r = w.register
  if (o.until) return o.since ? r.fromTo(o.since, o.until) : r.upTo(o.until)
  return o.since ? r.since(o.since) : r.noDates
}

/** Names one after the other. */
export const listed = (names: readonly string[], lang: Lang) => names.join(lang === 'zh' ? '、' : ', ')
