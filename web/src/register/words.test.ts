import { expect, test } from 'vitest'
import type { House, Occupant } from '../api/shapes'
import { zh } from '../words/zh'
import { en } from '../words/en'
import { describe, nameOf, span, streetOf } from './words'

const house = (address: string, more: Partial<House> = {}): House => ({ id: '', code: '', building: '', address, place: '', number: '', unit: '', floor: 0, room: '', kind: 'home', area: 0, lon: 0, lat: 0, grid: '', community: { code: '', name: '龙山社区' }, town: '', seen: true, ...more })

test.each([
  [house('邹城市永泗镇龙山社区安居街79号文苑小区1号楼2单元501室', { place: '文苑小区', number: '1号楼', unit: '2单元', room: '501' }), '文苑小区1号楼 2单元 501', '邹城市永泗镇龙山社区安居街79号'],
  [house('邹城市永泗镇龙山社区解放路82号', { number: '82号' }), '解放路82号', '邹城市永泗镇龙山社区'],
  [house('邹城市永泗镇龙山社区解放路82号102室', { number: '82号', room: '102' }), '解放路82号 102', '邹城市永泗镇龙山社区'],
  [house('东石庄村18号', { place: '东石庄村', number: '18号' }), '东石庄村18号', '东石庄村18号'],
  [house('别处无名', { community: { code: '', name: '' } }), '别处无名', '别处无名'],
])('%# a house has a name and a street', (h, name, street) => {
  expect(nameOf(h)).toBe(name)
  expect(streetOf(h)).toBe(street)
})

test('who somebody is, and from when to when', () => {
  const who = { relation: '户主', sex: 'female', born: '1960-05-31', died: '2020-01-01' } as Occupant
  expect(describe(who, zh)).toBe('户主 · 女 · 59 岁')
  expect(describe(who, en)).toBe('head of household · female · aged 59')
  expect(describe({ relation: '义子', sex: 'unknown' } as Occupant, en)).toBe('义子 · sex not on record')
  expect(span({ since: '2020-01-01', until: '2021-01-01' }, zh)).toBe('2020-01-01 至 2021-01-01')
  expect(span({ until: '2021-01-01' }, en)).toBe('up to 2021-01-01')
  expect(span({}, en)).toBe('dates not on record')
})
