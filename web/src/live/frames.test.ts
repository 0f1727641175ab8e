import { expect, test } from 'vitest'
import { Frames } from './frames'

const stream =
  'retry: 1000\nid: 17\nevent: hello\ndata: {"position":"17"}\n\n' +
  'id: 18\nevent: incident\ndata: {"id":"370883-1",\ndata: "kind":"gas"}\n\n' +
  ': still here\n\n' +
  ': still here\nid: 19\n\n' +
  'data: bare\n\n'

const want = [
  { name: 'hello', data: '{"position":"17"}', id: '17' },
  { name: 'incident', data: '{"id":"370883-1",\n"kind":"gas"}', id: '18' },
  { name: '', data: '', id: '19' },
  { name: 'message', data: 'bare', id: undefined },
]

test('frames come out the same however the stream is cut', () => {
  for (let size = 1; size <= stream.length; size++) {
    const frames = new Frames()
    const got = []
    for (let i = 0; i < stream.length; i += size) got.push(...frames.take(stream.slice(i, i + size)))
    expect(got, `pieces of ${size}`).toEqual(want)
  }
})

test('lines may end with carriage returns, and a frame that was cut off never counts', () => {
  const frames = new Frames()
  expect(frames.take('id: 3\r\nevent: out\r\ndata: {}\r\n\r\nid: 4\r\nevent: incident\r\ndata: {"half')).toEqual([{ name: 'out', data: '{}', id: '3' }])
})
