import { describe, expect, test } from 'vitest'
import { bandOf, classes, classOf, colourOf, deviation, infeasibleColour, inkOf, singleColour, specialColour } from './deviation'

const paper = '#fdfbf7'

/** Relative luminance and contrast of WCAG 2.2. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((i) => {
    const c = parseInt(hex.slice(i, i + 2), 16) / 255
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
function contrast(a: string, b: string): number {
  const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p) as [number, number]
  return (x + 0.05) / (y + 0.05)
}

describe('deviation', () => {
  test.each([
    [509, 'under'],
    [510, 'in'],
    [600, 'in'],
    [690, 'in'],
    [691, 'over'],
    [0, 'far-under'],
    [329, 'far-under'],
    [330, 'under'],
    [869, 'over'],
    [870, 'far-over'],
    [2400, 'far-over'],
  ])('%i residents of 600 ± 15 %% are %s', (residents, key) => expect(classOf(deviation(residents, 600), 0.15).key).toBe(key))

  test('the band in residents has both ends in it and nothing beyond them', () => {
    expect(bandOf(600, 0.15)).toEqual({ lower: 510, upper: 690 })
    for (const [target, tolerance] of [[600, 0.15], [500, 0.1], [333, 0.07], [1000, 0.2]] as const) {
      const { lower, upper } = bandOf(target, tolerance)
      const inside = (n: number) => classOf(deviation(n, target), tolerance).key === 'in'
      expect([inside(lower - 1), inside(lower), inside(upper), inside(upper + 1)]).toEqual([false, true, true, false])
    }
  })

  test('the classes follow each other without a gap', () => {
    const all = classes(0.15)
    for (let i = 1; i < all.length; i++) expect(all[i]!.from).toBe(all[i - 1]!.to)
    expect(all[0]!.from).toBe(-1)
    expect(all[all.length - 1]!.to).toBe(Infinity)
  })

  test("a community that leaves no choice isn't coloured as a mistake", () => {
    expect(colourOf({ deviation: 0.9, band: 'infeasible' }, 0.15)).toBe(infeasibleColour)
    expect(colourOf({ deviation: -0.6, band: 'single' }, 0.15)).toBe(singleColour)
    expect(colourOf({ deviation: 0, band: 'special' }, 0.15)).toBe(specialColour)
    expect(colourOf({ deviation: 0, band: 'in' }, 0.15)).toBe(classes(0.15)[2]!.colour)
  })

  test('every ink can be read as text on the paper', () => {
    for (const c of classes(0.15)) expect(contrast(c.ink, paper), c.key).toBeGreaterThanOrEqual(4.5)
    for (const band of ['infeasible', 'single', 'special']) expect(contrast(inkOf({ deviation: 0, band }, 0.15), paper)).toBeGreaterThanOrEqual(4.5)
  })

  test('lightness falls away from the middle to both sides, so that the scale survives a grey print', () => {
    const l = classes(0.15).map((c) => luminance(c.colour)) as [number, number, number, number, number]
    expect(l[0]).toBeLessThan(l[1])
    expect(l[1]).toBeLessThan(l[2])
    expect(l[3]).toBeLessThan(l[2])
    expect(l[4]).toBeLessThan(l[3])
  })
})
