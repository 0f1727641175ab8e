// How much script a frame costs while somebody paints: the page's own work, by its own measure, and all script of the page, by Chromium's.
// Drawing itself, which is done in software here, is left out. A measure and no test: MEASURE=1 scripts/browser-test.sh runs it, PEOPLE=80000 with some
// 5,000 blocks in view.

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { drawn, leave, noServer, start, stop } from './browser'
import { atDraft, begun, boardOf, pixelOf, rowOf } from './plan'

describe.skipIf(noServer)('painting', () => {
  beforeAll(start)
  afterEach(leave)
  afterAll(stop)

  test('script a frame', { timeout: 240_000 }, async () => {
    const head = await begun()
    const board = await boardOf(head.id)
    const { page, context } = await atDraft(head.id, 'planner', { width: 1920, height: 1080 })
    const biggest = board.slots.filter((s) => s.blocks).toSorted((x, y) => y.blocks - x.blocks)[0]!
    await rowOf(page, biggest.key).locator('button.pick').click()
    await page.keyboard.press('b')
    await drawn(page)
    for (let i = 0; i < 5; i++) await page.keyboard.press(']')
    const [w, s, e, n] = board.boundsOf(board.blocksOf(board.slots.indexOf(biggest)))!
    const [from, to] = [await pixelOf(page, [w, s]), await pixelOf(page, [e, n])]
    await page.evaluate(() => {
      // Without a GPU these draw with the page's own time; what is measured here is the script.
      for (const name of ['bufferSubData', 'bufferData', 'drawElements', 'drawArrays'] as const) WebGL2RenderingContext.prototype[name] = () => {}
    })
    const browser = context.browser()!
    await browser.startTracing(page, { categories: ['devtools.timeline', 'blink.user_timing'] })
    await page.mouse.move(from.x, from.y)
    await page.mouse.down()
    for (let i = 0; i <= 240; i++) {
      const f = i / 240
      await page.mouse.move(from.x + (to.x - from.x) * f + Math.sin(i / 2) * 60, from.y + (to.y - from.y) * f)
    }
    const frames = framesOf(JSON.parse(String(await browser.stopTracing())).traceEvents as TraceEvent[])
    await page.keyboard.press('Escape')
    const painted = frames.filter((f) => f.blocks > 0)
    console.log(`PAINT ${board.t.n} blocks; ${painted.reduce((k, f) => k + f.blocks, 0)} painted in ${painted.length} of ${frames.length} frames; script a frame in which something was painted: ${spread(painted.map((f) => f.script))}, of it our own ${spread(painted.map((f) => f.own))}; in the other frames ${spread(frames.filter((f) => !f.blocks && f.script).map((f) => f.script))}`)
    expect(painted.length).toBeGreaterThan(20)
  })
})

/** The middle and the far end of some milliseconds. */
function spread(ms: number[]): string {
  const sorted = ms.toSorted((a, b) => a - b)
  const at = (share: number) => (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(2)
  return `p50 ${at(0.5)}, p95 ${at(0.95)}, worst ${at(1)} ms`
}

/** What Chromium notes of what the page's thread did, with the time that the thread was at work, not what it waited for others. */
interface TraceEvent {
  name: string
  ph: string
  pid: number
  tid: number
  ts: number
  dur?: number
  tdur?: number
  args: { detail?: string }
}

/** What begins script: handlers of events, of frames, of timers and of the workers' messages. */
const scripts = new Set(['EventDispatch', 'FireAnimationFrame', 'TimerFire', 'HandlePostMessage', 'FunctionCall', 'RunMicrotasks'])

interface Frame {
  script: number
  own: number
  blocks: number
}

/** The script of each frame in milliseconds, of it the page's own by its own measure, and how many blocks it painted. */
function framesOf(events: TraceEvent[]): Frame[] {
  const thread = events.find((e) => e.name === 'jingwei.paint')
  const frames: Frame[] = [{ script: 0, own: 0, blocks: 0 }]
  let until = 0
  for (const e of events.filter((e) => e.pid === thread?.pid && e.tid === thread.tid).toSorted((a, b) => a.ts - b.ts)) {
    const frame = frames.at(-1)!
    if (e.name === 'AnimationFrame' && e.ph === 'e') frames.push({ script: 0, own: 0, blocks: 0 })
    if (e.name === 'jingwei.paint' && e.ph === 'b') frame.blocks += Number(e.args.detail)
    if (e.name === 'jingwei.paint') frame.own += ((e.ph === 'b' ? -1 : 1) * e.ts) / 1000
    if (e.ph !== 'X' || !scripts.has(e.name) || e.ts < until) continue // what is within another is counted with it
    until = e.ts + (e.dur ?? 0)
    frame.script += (e.tdur ?? e.dur ?? 0) / 1000
  }
  return frames
}
