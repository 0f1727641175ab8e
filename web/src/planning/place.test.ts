import { expect, test } from 'vitest'
import { formatPlan, parsePlan } from './place'

test('what is written is read again', () => {
  const place = { draft: '370883-17', community: '370883001002', grid: 'new-4', camera: { zoom: 15.25, lat: 35.40012, lon: 116.98 } }
  expect(parsePlan(formatPlan(place))).toEqual(place)
  expect(formatPlan({})).toBe('')
})

test('what cannot be read is dropped', () => {
  expect(parsePlan('#draft=370883-0&community=370883&grid=~1&map=1/2')).toEqual({})
  expect(parsePlan('#draft=<script>&grid=new-')).toEqual({})
})
