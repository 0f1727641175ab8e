import { expect, test } from 'vitest'
import { characters, dialled, lacks } from './check'
import type { Filled } from './check'

const whole: Filled = { kind: 'gas', special: false, label: '', text: '有味道', name: '', phone: '', position: true, outside: false, mustChoose: false, grid: '' }
const of = (more: Partial<Filled>) => lacks({ ...whole, ...more }).map((l) => l.lack)

test('a whole report lacks nothing', () => expect(of({})).toEqual([]))

test.each<[Partial<Filled>, string[]]>([
  [{ kind: '', text: '  ', position: false }, ['needKind', 'needText', 'needPosition']],
  [{ special: true }, ['needSpecial']],
  [{ special: true, label: 'mental' }, []],
  [{ text: '长'.repeat(2000) }, []],
  [{ text: '长'.repeat(2001) }, ['longText']],
  [{ outside: true, mustChoose: true }, ['isOutside']],
  [{ mustChoose: true }, ['needGrid']],
  [{ mustChoose: true, grid: '370883199001001' }, []],
  [{ name: '名'.repeat(41), phone: 'call me' }, ['longName', 'badPhone']],
])('%o lacks %o', (more, want) => expect(of(more)).toEqual(want))

test('characters are counted as people do, not by their halves', () => expect(characters(' 🔥火 ')).toBe(2))

test.each([
  ['', true],
  ['110', true],
  ['13900001234', true],
  ['+86 139-0000-1234', true],
  ['（0537）5213000', true],
  ['１３９００００１２３４', true],
  ['12', false],
  ['123456789012345678901', false],
  ['139x0001234', false],
  ['1+39', false],
])('%s can be dialled: %s', (phone, yes) => expect(dialled(phone)).toBe(yes))
