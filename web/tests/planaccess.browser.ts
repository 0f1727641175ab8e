// The workspace for those who don't see it, don't point, or read English.

import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { faults } from './axe'
import { leave, noServer, picture, start, stop, visit } from './browser'
import { demo, must } from './people'
import { atDraft, begun, boardOf, merged, pairAbout, rowOf } from './plan'

describe.skipIf(noServer)('the workspace', () => {
  beforeAll(start)
  afterEach(leave)
  afterAll(stop)

  /** A draft in which something is wrong and something was done. */
  async function busy() {
    const head = await begun()
    const board = await boardOf(head.id)
    const [a, b] = pairAbout(board, 1050, demo('grid-worker').code)
    return { head, a: await merged(head.id, a, b) }
  }

  test.each([
    ['zh', 1366, 768],
    ['en', 1920, 1080],
  ])('has no faults that axe finds, in %s at %i × %i, and its pictures are kept', { timeout: 300_000 }, async (lang, width, height) => {
    const { head, a } = await busy()
    const size = { width, height, before: (page: Page) => page.addInitScript((l) => localStorage.setItem('jingwei.lang', l), lang) }
    const name = (what: string) => `plan-${what}-${width}x${height}`
    const list = await visit({ as: 'planner', path: 'plan', ...size })
    await list.page.locator('tr[data-draft]').first().waitFor()
    await list.page.locator('header .button.primary').click()
    expect(await faults(list.page)).toEqual([])
    await list.page.screenshot({ path: `screenshots/${name('list')}.png` })
    await list.context.close()

    const { page, complaints } = await atDraft(head.id, 'planner', { ...size, map: true, tour: true })
    expect(await faults(page)).toEqual([])
    await picture(page, name('tour'))
    await page.locator('#tour .icon-button').click()
    await rowOf(page, a).locator('button.pick').dblclick()
    await page.keyboard.press('s')
    expect(await faults(page)).toEqual([])
    await picture(page, name('grid'))
    await page.keyboard.press('Escape')
    await page.keyboard.press('r')
    await page.locator('form.box .primary').click()
    await page.locator('[data-alternative="1"], #hint.warn').first().waitFor({ timeout: 60_000 })
    expect(await faults(page)).toEqual([])
    const drawnIn = (await page.locator('[data-alternative="1"] canvas').evaluateAll(coloursOf))[0]
    expect(drawnIn, 'both grids that one is divided into are in the small map').toBeGreaterThan(1)
    await picture(page, name('alternatives'))
    await page.keyboard.press('Escape')
    await page.keyboard.press('.')
    await page.locator('.remedy, .remedies .quiet:not([role])').first().waitFor({ timeout: 30_000 })
    expect(await faults(page)).toEqual([])
    await page.locator('.remedy').first().hover()
    await picture(page, name('problem'))
    await page.mouse.move(0, 0)
    for (const [n, panel] of [[3, 'journal'], [4, 'changes'], [5, 'flow']] as const) {
      await page.keyboard.press('Alt+' + n)
      await page.waitForTimeout(600)
      expect(await faults(page), panel).toEqual([])
      await picture(page, name(panel))
    }
    await page.locator('.views .icon-button').nth(0).click()
    await page.locator('.shades button').nth(1).click()
    await picture(page, name('deviation'))
    await page.keyboard.press('?')
    await page.locator('dialog[open]').waitFor()
    expect(await faults(page)).toEqual([])
    await page.screenshot({ path: `screenshots/${name('keys')}.png` })
    expect(complaints).toEqual([])
  })

  test('is worked by keys alone', { timeout: 180_000 }, async () => {
    const { head, a } = await busy()
    const { page } = await atDraft(head.id)
    await rowOf(page, a).locator('button.pick').focus()
    await page.keyboard.press('Enter')
    await page.keyboard.press('s')
    await page.keyboard.press('Enter')
    await page.locator('#hint').getByText('已完成').waitFor({ timeout: 30_000 })
    await page.keyboard.press('Control+z')
    await page.locator('#hint').getByText(/撤销/).waitFor({ timeout: 30_000 })
    await page.keyboard.press('Alt+5')
    await page.locator('#hand-in').focus()
    await page.keyboard.press('Enter')
    await page.locator('.head .state.handed-in').waitFor()
    expect((await must('planner', 'GET', '/api/drafts/' + head.id)).head.state).toBe('handed-in')
  })
})

/** How many colours cover more than a few pixels, for each canvas. */
function coloursOf(all: Element[]): number[] {
  return (all as HTMLCanvasElement[]).map((canvas) => {
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
    const seen = new Map<number, number>()
    for (let i = 0; i < data.length; i += 4) if (data[i + 3] === 255) seen.set((data[i]! << 16) | (data[i + 1]! << 8) | data[i + 2]!, (seen.get((data[i]! << 16) | (data[i + 1]! << 8) | data[i + 2]!) ?? 0) + 1)
    return [...seen.values()].filter((n) => n > 300).length
  })
}
