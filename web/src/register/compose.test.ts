import { expect, test } from 'vitest'
import { compose } from './compose'

const flat = { place: '文苑小区', number: '4号楼', unit: '2单元', room: '101' }
const address = '某市某镇龙山社区安居街79号文苑小区4号楼2单元101室'

test('a part that changes is exchanged where it stands', () => {
  expect(compose(address, flat, flat)).toBe(address)
  expect(compose(address, flat, { ...flat, room: '102' })).toBe('某市某镇龙山社区安居街79号文苑小区4号楼2单元102室')
  expect(compose(address, flat, { place: '文苑南区', number: '14号楼', unit: '1单元', room: '2' })).toBe('某市某镇龙山社区安居街79号文苑南区14号楼1单元2室')
})

test('parts come and go', () => {
  expect(compose(address, flat, { ...flat, unit: '' })).toBe('某市某镇龙山社区安居街79号文苑小区4号楼101室')
  expect(compose(address, flat, { ...flat, room: '' })).toBe('某市某镇龙山社区安居街79号文苑小区4号楼2单元')
  expect(compose('某镇前刘村120号', { place: '前刘村', number: '120号', unit: '', room: '' }, { place: '前刘村', number: '121号', unit: '', room: '东屋' })).toBe('某镇前刘村121号东屋')
  expect(compose('某镇前刘村120号', { place: '前刘村', number: '120号', unit: '', room: '' }, { place: '前刘村', number: '120号', unit: '', room: '201' })).toBe('某镇前刘村120号201室')
})

test('behind a street the number may be the first of several', () => {
  const yard = { place: '', number: '2号', unit: '', room: '' }
  expect(compose('某镇草市胡同2-1号', yard, { ...yard, number: '3号' })).toBe('某镇草市胡同3-1号')
  expect(compose('某镇郭家街2号', yard, { ...yard, number: '5号' })).toBe('某镇郭家街5号')
})

test('an address that does not say its parts is left to whoever corrects it', () => {
  expect(compose('某镇某处', flat, { ...flat, room: '102' })).toBeUndefined()
})
