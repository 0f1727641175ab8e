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
    const cdp = await context.newCDPSession(page)
    await cdp.send('Performance.enable', { timeDomain: 'threadTicks' }) // what the page's thread was at work, not what it waited for others
    const script = async () => (await cdp.send('Performance.getMetrics')).metrics.find((m) => m.name === 'ScriptDuration')!.value * 1000
    await page.evaluate(() => {
      performance.clearMeasures()
      // Without a GPU these draw with the page's own time; what is measured here is the script.
      for (const name of ['bufferSubData', 'bufferData', 'drawElements', 'drawArrays'] as const) WebGL2RenderingContext.prototype[name] = () => {}
      const w = window as unknown as { frames: number }
      w.frames = 0
      const tick = () => (w.frames++, requestAnimationFrame(tick))
      requestAnimationFrame(tick)
    })
    const before = await script()
    await page.mouse.move(from.x, from.y)
    await page.mouse.down()
    for (let i = 0; i <= 120; i++) {
      const f = i / 120
      await page.mouse.move(from.x + (to.x - from.x) * f + Math.sin(i) * 40, from.y + (to.y - from.y) * f)
    }
    const spent = (await script()) - before
    const { frames, own } = await page.evaluate(() => ({ frames: (window as unknown as { frames: number }).frames, own: performance.getEntriesByName('jingwei.paint').map((m) => ({ ms: m.duration, blocks: (m as PerformanceMeasure).detail as number })) }))
    await page.keyboard.press('Escape')
    const times = own.map((o) => o.ms).sort((a, b) => a - b)
    const p95 = times[Math.floor(times.length * 0.95)] ?? 0
    console.log(`PAINT ${board.t.n} blocks: ${frames} frames, ${own.reduce((k, o) => k + o.blocks, 0)} blocks painted; our part, as the clock on the wall has it, p95 ${p95.toFixed(2)} ms, worst ${(times.at(-1) ?? 0).toFixed(2)} ms; all script on the page's thread ${(spent / Math.max(1, frames)).toFixed(2)} ms a frame`)
    expect(own.length).toBeGreaterThan(5)
  })
})
