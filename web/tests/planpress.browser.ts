// One press does one thing, and none is lost: in the table, in the note, with the merging tool, in the tour.

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import type { Map as MapLibre } from 'maplibre-gl'
import { leave, noServer, picture, start, stop } from './browser'
import { planZh } from '../src/words/plan.zh'
import { demo } from './people'
import { atDraft, begun, boardOf, Hands, opened, pairAbout, rowOf, saved } from './plan'

const { signs } = planZh.plan.grid

/** How many grids have a label on the map, which kinds of special ones it names, and how many communities. */
const written = (page: Page) =>
  page.locator('#map').evaluate((element) => {
    const { map } = element as HTMLElement & { map: MapLibre }
    const labels = map.queryRenderedFeatures({ layers: ['plan-label', 'plan-label-small'] })
    return {
      grids: new Set(labels.map((f) => f.id)).size,
      kinds: [...new Set(labels.filter((f) => f.properties.tag).map((f) => String(f.properties.count)))].sort(),
      communities: new Set(map.queryRenderedFeatures({ layers: ['plan-name', 'plan-name-near'] }).map((f) => f.properties.name)).size,
    }
  })

describe.skipIf(noServer)('a press in the workspace', () => {
  beforeAll(start)
  afterEach(leave)
  afterAll(stop)
  const worker = () => demo('grid-worker').code

  test('a grid is chosen wherever its row is clicked; Escape ends the tour and leaves it chosen', async () => {
    const head = await begun()
    const board = await boardOf(head.id)
    const [a] = pairAbout(board, 600, worker())
    const { page } = await atDraft(head.id, 'planner', { tour: true, map: true })
    // What the map says before anybody has touched it.
    await expect.poll(() => written(page)).toMatchObject({ communities: board.t.communities.length })
    const { grids, kinds } = await written(page)
    expect(grids).toBeGreaterThan(0.85 * board.slots.filter((s) => s.blocks).length)
    expect(kinds).toEqual([...new Set(board.slots.filter((s) => s.blocks && s.special).map((s) => signs[s.special as 'school']))].sort())
    await picture(page, 'planpress-map-1366x768')
    await rowOf(page, a).locator('td.band').click()
    await page.locator(`.card-body[data-grid="${a}"]`).waitFor()
    await page.locator('#tour').waitFor()
    await page.keyboard.press('Escape')
    await page.locator('#tour').waitFor({ state: 'detached' })
    expect(await page.locator(`.card-body[data-grid="${a}"]`).count()).toBe(1)
  })

  test('handing in straight from the note hands in, however long the note takes to be kept', async () => {
    const head = await begun()
    const { page } = await atDraft(head.id, 'planner')
    await page.route(`**/api/drafts/${head.id}`, async (route) => {
      if (route.request().method() === 'PATCH') await new Promise((done) => setTimeout(done, 1500))
      await route.continue()
    })
    await page.keyboard.press('Alt+5')
    await page.locator('#flow textarea').fill('为什么调整')
    await page.locator('#hand-in').click()
    await page.locator('#flow .state.handed-in').waitFor()
    expect((await opened(head.id)).head).toMatchObject({ state: 'handed-in', note: '为什么调整' })
  })

  test('after a merge the next click chooses, and merges nothing', async () => {
    const head = await begun()
    const board = await boardOf(head.id)
    const [a, b] = pairAbout(board, 600, worker())
    const at = board.labelOf(board.slots.indexOf(board.find(b)!))!
    const { page } = await atDraft(head.id, 'planner', { over: { at, zoom: 15.5 }, map: true })
    const hands = new Hands(page)
    await hands.click(`tr[data-grid="${a}"] button.pick`)
    await hands.press('m')
    await hands.at(at)
    await saved(page)
    await page.locator('[data-tool="pick"][aria-pressed="true"]').waitFor()
  })
})
