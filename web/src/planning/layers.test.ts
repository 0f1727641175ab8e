import { validateStyleMin } from '@maplibre/maplibre-gl-style-spec'
import { expect, test } from 'vitest'
import { classOf, colourOf } from '../domain/deviation'
import { colourOfCode, deviationCode, gapPicture, lockPicture, paletteCode, planStyle, specialPicture, tagPicture, tagStretch } from './layers'
import { palette } from './palette'

test('the style is valid, and asks its own origin alone', () => {
  const style = planStyle(0.15, 'http://127.0.0.1:8080/plan')
  expect(validateStyleMin(style).map((e) => e.message)).toEqual([])
  for (const source of Object.values(style.sources)) if ('url' in source) expect(source.url).toMatch(/^http:\/\/127\.0\.0\.1:8080\/tiles\//)
})

test('a number stands for the colour that lists and legend show', () => {
  for (let residents = 0; residents <= 1500; residents++) {
    const deviation = residents / 600 - 1
    const grid = { deviation, band: classOf(deviation, 0.15).key.replace('far-', '') }
    expect(colourOfCode(deviationCode(deviation, grid.band, 0.15), 0.15), String(residents)).toBe(colourOf(grid, 0.15))
  }
  for (const band of ['infeasible', 'single', 'special']) expect(colourOfCode(deviationCode(2, band, 0.15), 0.15)).toBe(colourOf({ deviation: 2, band }, 0.15))
  palette.forEach((c, i) => expect(colourOfCode(paletteCode(i), 0.15)).toBe(c))
})

test('patterns repeat without a seam and show something', () => {
  for (const p of [lockPicture(), gapPicture(), specialPicture()]) {
    expect(p.data).toHaveLength(p.width * p.height * 4)
    expect(p.data.some((v, i) => i % 4 === 3 && v > 100)).toBe(true)
    expect(p.data.some((v, i) => i % 4 === 3 && v === 0)).toBe(true)
  }
})

test('a number alone is said only of a grid whose whole label finds no room', () => {
  const ids = planStyle(0.15, 'http://127.0.0.1:8080/plan').layers.map((l) => l.id)
  // What stands later in the style is placed first; the names of communities lie below and take no place.
  expect(ids.slice(-2)).toEqual(['plan-label-small', 'plan-label'])
  expect(ids.indexOf('plan-name')).toBeLessThan(ids.indexOf('plan-label-small'))
})

test('the card behind the words on a special grid can be stretched', () => {
  const p = tagPicture()
  const [x0, , x1] = tagStretch.content
  expect(x0 < tagStretch.stretchX[0]![0] && x1 > tagStretch.stretchX[0]![1]).toBe(true)
  const alphaAt = (x: number, y: number) => p.data[(y * p.width + x) * 4 + 3]!
  expect(alphaAt(0, 0)).toBe(0)
  expect(alphaAt(p.width >> 1, p.height >> 1)).toBe(255)
})
