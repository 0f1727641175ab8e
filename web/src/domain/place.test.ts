import { describe, expect, test } from 'vitest'
import { format, parse } from './place'
import type { Place } from './place'

describe('the place in the address', () => {
  test('comes back as it went out', () => {
    const place: Place = {
      camera: { zoom: 15.25, lat: 40.0053, lon: 116.3247 },
      division: '110108014',
      grid: '110108014000012',
      mode: 'population',
      lang: 'en',
    }
    expect(parse(format(place))).toEqual(place)
  })

  test('keeps the incident that is open', () => {
    expect(format({ division: '370883', incident: '370883-12' })).toBe('#division=370883&incident=370883-12')
    expect(parse('#incident=370883-12')).toEqual({ incident: '370883-12' })
    for (const bad of ['370883', '370883-', '370883-0', '37-1', '370883-1x']) expect(parse('#incident=' + bad)).toEqual({})
  })

  test('says nothing of what is the default', () => expect(format({ division: '370883', mode: 'deviation' })).toBe('#division=370883'))

  test.each([
    ['#map=15/91/116', {}],
    ['#map=15/40', {}],
    ['#map=15/40/116/3', {}],
    ['#map=//', {}],
    ['#map=x/40/116', {}],
    ['#division=370883001002003', {}],
    ['#division=<script>', {}],
    ['#grid=370883', {}],
    ['#mode=3d', {}],
    ['#lang=fr', {}],
    ['', {}],
  ])('%s is dropped', (hash, place) => expect(parse(hash)).toEqual(place))
})
