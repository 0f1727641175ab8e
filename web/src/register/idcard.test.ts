import { expect, test } from 'vitest'
import { checkOf, readCard } from './idcard'

/** A number under a division code that was never issued. */
const made = (born: string, sequence: string) => {
  const digits = '790108' + born + sequence
  return digits + checkOf(digits)
}

test('a whole number says when its bearer was born and which sex', () => {
  const number = made('19620315', '123')
  expect(readCard(number)).toEqual({ text: number, whole: true, born: '1962-03-15', sex: 'male' })
  expect(readCard(made('19620315', '124')).sex).toBe('female')
  expect(readCard('11010519491231002X').whole).toBe(true) // the example of the standard
})

test('it is read as people write it', () => {
  expect(readCard(' 110105 19491231-002x ').text).toBe('11010519491231002X')
  expect(readCard('１１０１０５１９４９１２３１００２Ｘ').whole).toBe(true)
})

test('what is wrong is said as soon as it can be known, and not before', () => {
  expect(readCard('')).toEqual({ text: '', whole: false })
  expect(readCard('790108196203151').fault).toBeUndefined()
  expect(readCard('79010819621315').fault).toBe('noDate')
  expect(readCard('79010817620315').fault).toBe('noDate')
  expect(readCard('79010819620230').fault).toBe('noDate')
  expect(readCard('7901a8').fault).toBe('notDigit')
  expect(readCard('X').fault).toBe('notDigit')
  expect(readCard(made('19620315', '123') + '1').fault).toBe('tooLong')
  const number = made('19620315', '123')
  for (let i = 0; i < 17; i++) {
    if (i >= 6 && i < 14) continue // that may be no date any more
    const slip = number.slice(0, i) + ((Number(number[i]) + 1) % 10) + number.slice(i + 1)
    expect(readCard(slip).fault).toBe('check')
  }
})
