import { expect, test } from 'vitest'
import type { Proposal } from '../api/intakes'
import { zh } from '../words/zh'
import { differences, moves } from './differences'

const arrival: Proposal['arrival'] = { name: '演示甲', card: '', phone: '154****0001', sex: 'female', nation: '', education: '', relation: '', stay: 'registered', registered: '', since: '2026-05-01', care: [], house: '370883-2', address: '某处2号' }
const home = { name: '演示甲', phone: '154****0000', sex: 'female', since: '2010-03-05', house: '370883-1', nation: '汉族', education: '', home: { address: '某处1号' } } as unknown as Proposal['home']
const proposal = (over: Partial<Proposal>): Proposal => ({ id: '370883-1', intake: '', line: 2, kind: 'move', made_at: '', arrival, home, ...over })

test('only what the file says otherwise is a difference', () => {
  expect(differences(proposal({}), zh.imports).map((d) => `${d.name} ${d.was} ${d.is}`)).toEqual([
    '手机号 154****0000 154****0001',
    '住址 某处1号 某处2号',
    '居住时间 2010-03-05 起 2026-05-01 起',
  ])
  expect(differences(proposal({ home: null as unknown as Proposal['home'] }), zh.imports)[0]).toEqual({ name: '姓名', was: '', is: '演示甲' })
})

test('the day of leaving is asked of who leaves a house', () => {
  expect(moves(proposal({}))).toBe(true)
  expect(moves(proposal({ arrival: { ...arrival, house: '370883-1' } }))).toBe(false)
  expect(moves(proposal({ arrival: { ...arrival, until: '2026-02-03' } }))).toBe(false)
})
