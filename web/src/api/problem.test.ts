import { describe, expect, test } from 'vitest'
import { en } from '../words/en'
import { zh } from '../words/zh'
import { asProblem, Problem, problemFrom } from './problem'

describe('problems', () => {
  const body = { type: 'urn:jingwei:problem:not-found', status: 404, code: 'not-found', detail: '没有网格', zh: '没有网格', en: 'no grid' }

  test('speak the language of the reader, whatever the server put into detail', () => {
    const p = problemFrom(404, body)
    expect(p.text('zh', zh)).toBe('没有网格')
    expect(p.text('en', en)).toBe('no grid')
    expect(p.notFound).toBe(true)
  })

  test('without a body say the status', () => {
    expect(problemFrom(500, undefined).text('en', en)).toContain('500')
    expect(problemFrom(500, '<html>').text('zh', zh)).toContain('500')
  })

  test('of the way there are told apart from those of the server', () => {
    expect(new Problem(0).unreachable).toBe(true)
    expect(problemFrom(502, null).unreachable).toBe(true)
    expect(problemFrom(503, { zh: '数据库', en: 'database' }).unreachable).toBe(false)
    expect(asProblem(new TypeError('x')).unreachable).toBe(true)
  })
})

describe('waiting', () => {
  test('is read in seconds and as a date', () => {
    expect(problemFrom(429, { code: 'too-many' }, '23').wait).toBe(23)
    expect(problemFrom(429, {}, 'Wed, 21 Oct 2015 07:28:00 GMT', Date.parse('2015-10-21T07:27:18.5Z')).wait).toBe(42)
    expect(problemFrom(429, {}, 'Wed, 21 Oct 2015 07:28:00 GMT', Date.parse('2016-01-01')).wait).toBe(0)
    expect(problemFrom(429, {}, 'soon').wait).toBe(0)
    expect(problemFrom(500, {}).wait).toBe(0)
  })

  test('a wrong password is told apart from a session that is over', () => {
    expect(problemFrom(401, { code: 'signed-out' }).signedOut).toBe(true)
    expect(problemFrom(401, { code: 'invalid' }).signedOut).toBe(false)
  })
})
