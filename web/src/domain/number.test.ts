import { describe, expect, test } from 'vitest'
import { area, count, joined, length, moment, percent, signedPercent } from './number'

describe('numbers', () => {
  test('counts are grouped in threes', () => {
    expect(count(44166, 'zh')).toBe('44,166')
    expect(count(44166, 'en')).toBe('44,166')
    expect(count(612.4, 'en')).toBe('612')
  })

  test.each([
    [350, '350', '平方米'],
    [9999, '9,999', '平方米'],
    [10_000, '1.00', '公顷'],
    [49_200, '4.92', '公顷'],
    [492_000, '49.2', '公顷'],
    [3_513_000, '3.51', '平方千米'],
    [1_234_000_000, '1,234', '平方千米'],
  ])('%d m² in Chinese', (m2, value, unit) => expect(area(m2, 'zh')).toEqual({ value, unit }))

  test('lengths turn to kilometres at a thousand metres', () => {
    expect(length(999, 'en')).toEqual({ value: '999', unit: 'm' })
    expect(length(1530, 'zh')).toEqual({ value: '1.53', unit: '千米' })
  })

  test('what is not whole never shows as 100 %, what is not nothing never as 0', () => {
    expect(percent(1, 'zh')).toBe('100%')
    expect(percent(0.9999, 'zh')).toBe('99%')
    expect(percent(0.99999, 'zh', 1)).toBe('99.9%')
    expect(percent(0.0001, 'en')).toBe('1%')
    expect(percent(0, 'en')).toBe('0%')
    expect(percent(0.918, 'en')).toBe('92%')
  })

  test('a deviation has its sign, and none at nothing', () => {
    expect(signedPercent(691 / 600 - 1, 'zh')).toBe('+15.2%')
    expect(signedPercent(-0.08, 'zh')).toBe('−8.0%')
    expect(signedPercent(1.516, 'en')).toBe('+152%')
    expect(signedPercent(0.0004, 'zh')).toBe('0%')
    expect(signedPercent(-0.0004, 'en')).toBe('0%')
  })

  test('a moment that cannot be read is shown as it came', () => {
    expect(moment('2025-11-22T08:05:00+08:00')).toMatch(/^2025-11-2[12] \d\d:05$/)
    expect(moment('yesterday')).toBe('yesterday')
  })

  test('value and unit stay on one line', () => expect(joined({ value: '3.51', unit: 'km²' })).toBe('3.51\u00a0km²'))
})
