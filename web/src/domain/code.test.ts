import { describe, expect, test } from 'vitest'
import { codeBeside, groups, isWholeTown, levelOf, lineageOf, parentOf, shortCode } from './code'

describe('codes', () => {
  test('a code is read out in groups: six digits, then threes', () => {
    expect(groups('370883001002003')).toEqual(['370883', '001', '002', '003'])
    expect(groups('370883')).toEqual(['370883'])
    expect(groups('370883001')).toEqual(['370883', '001'])
  })

  test.each([
    ['370883', 'county'],
    ['370883001', 'town'],
    ['370883001002', 'community'],
    ['370883001002003', 'grid'],
  ])('%s names a %s', (code, level) => expect(levelOf(code)).toBe(level))

  test.each(['', '37088', '37088300100200x', '3708830010020034', ' 370883'])('%j names nothing', (code) =>
    expect(levelOf(code)).toBeUndefined(),
  )

  test('the way up ends at the county', () => {
    expect(parentOf('370883001002003')).toBe('370883001002')
    expect(parentOf('370883001')).toBe('370883')
    expect(parentOf('370883')).toBeUndefined()
    expect(lineageOf('370883001002')).toEqual(['370883', '370883001', '370883001002'])
  })

  test('neighbours call a grid by its last three digits', () => expect(shortCode('370883001002003')).toBe('003'))

  test('a neighbour across the community border is called by six', () => {
    expect(codeBeside('370883001002005', '370883001002001')).toEqual(['005'])
    expect(codeBeside('370883001003005', '370883001002001')).toEqual(['003', '005'])
  })

  test('000 stands for a town without communities', () => {
    expect(isWholeTown('110108014000')).toBe(true)
    expect(isWholeTown('110108014001')).toBe(false)
    expect(isWholeTown('110108000')).toBe(false)
  })
})
