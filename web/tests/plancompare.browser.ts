// A draft beside what is live: swiped over, brought onto what others published, published as the county's rule has it, or on a day to come; and a county opened one community
// after the other.

import type { Map as MapLibre } from 'maplibre-gl'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Changes, Draft } from '../src/api/drafts'
import type { Board } from '../src/planning/board'
import { faults } from './axe'
import { drawn, home, leave, noServer, picture, start, stop, visit } from './browser'
import { demo, must, send } from './people'
import { acted, atDraft, begun, boardOf, ground, Hands, opened, pairAbout, peopleIn, pixelOf, ready, rowOf, saved, touches } from './plan'

const gridsOf = async (id: string): Promise<Record<number, string>> => Object.fromEntries((await ground(id)).communities.flatMap((c) => c.blocks.map((b) => [b.key, b.grid])))

/** Slots that others may change: ordinary, and not the grid worker's, which other tests look at. */
const free = (board: Board, slot: number) => slot >= 0 && board.slots[slot]!.blocks > 0 && !board.slots[slot]!.special && board.slots[slot]!.key !== demo('grid-worker').code

/** Which kinds of differing borders are drawn. */
const differing = (page: Page) =>
  page.locator('#map').evaluate((element) => {
    const { map } = element as HTMLElement & { map: MapLibre }
    return [...new Set(map.queryRenderedFeatures({ layers: ['plan-compare-fresh', 'plan-compare-gone'] }).map((f) => String(f.properties.k)))].sort()
  })

/** The share of places in some blocks where the left half of a swiped map has the colour of the draft's map below it. */
async function alike(page: Page, board: Board, blocks: number[]): Promise<number> {
  const box = (await page.locator('#map').boundingBox())!
  const inLeft = await Promise.all(blocks.map((block) => pixelOf(page, [board.t.at[2 * block]!, board.t.at[2 * block + 1]!])))
  const spots = inLeft.filter((p) => p.x > box.x + 90 && p.x < box.x + box.width / 2 - 20 && p.y > box.y + 20 && p.y < box.y + box.height - 60)
  expect(spots.length).toBeGreaterThan(5)
  const colours = async () => {
    const png = (await page.screenshot()).toString('base64')
    return page.evaluate(
      async ([data, at]) => {
        const image = await createImageBitmap(new Blob([Uint8Array.from(atob(data), (c) => c.charCodeAt(0))]))
        const canvas = new OffscreenCanvas(image.width, image.height)
        const context = canvas.getContext('2d')!
        context.drawImage(image, 0, 0)
        return at.map((p) => [...context.getImageData(Math.round(p.x), Math.round(p.y), 1, 1).data])
      },
      [png, spots] as const,
    )
  }
  const live = await colours()
  const shown = (on: boolean) => page.locator('.frame').evaluate((element, is) => ((element as HTMLElement).style.visibility = is ? '' : 'hidden'), on)
  await shown(false)
  const draft = await colours()
  await shown(true)
  return live.filter((c, i) => c.every((v, k) => Math.abs(v - draft[i]![k]!) < 12)).length / live.length
}

describe.skipIf(noServer)('a draft beside what is live', () => {
  beforeAll(start)
  afterEach(leave)
  afterAll(stop)

  test('the live layout is swiped over the draft, by hand and by keys', async () => {
    const head = await begun()
    const board = await boardOf(head.id)
    const [a, b] = pairAbout(board, 600, demo('grid-worker').code)
    await acted(head.id, { kind: 'merge', grids: [a, b] })
    const at = board.labelOf(board.slots.indexOf(board.find(b)!))!
    const { page, complaints } = await atDraft(head.id, 'planner', { over: { at, zoom: 15.5 }, map: true })
    const box = (await page.locator('#map').boundingBox())!
    const y = box.y + 90
    const half = (side: 0 | 1) => page.screenshot({ clip: { x: Math.round(box.x + (side ? box.width / 2 + 30 : 90)), y, width: Math.round(box.width / 2 - 120), height: box.height - 200 } })
    await page.mouse.move(box.x + box.width / 2, box.y + 5)
    await page.waitForTimeout(400)
    const before = [await half(0), await half(1)]
    const hands = new Hands(page)
    await hands.click('.views button[aria-label="卷帘对比"]')
    const bar = page.locator('.frame [role=separator]')
    await bar.waitFor()
    const beside = page.locator('.frame .live[data-drawn="true"]')
    await beside.waitFor({ timeout: 45_000 })
    await page.waitForTimeout(400)
    expect((await half(0)).equals(before[0]!)).toBe(false) // the live layout lies over the left half
    expect((await half(1)).equals(before[1]!)).toBe(true) // and the draft is as it was in the right one
    // A grid that is as it was has one colour on both sides, whichever colours are shown.
    const same = board.slots.flatMap((s, i) => (s.blocks && ![a, b].includes(s.key) ? board.blocksOf(i) : [])).filter((block) => board.t.area[block]! > 2000)
    for (const shading of [1, 0]) {
      await hands.click(`.shades button:nth-child(${shading + 1})`)
      await page.waitForTimeout(500)
      await beside.waitFor({ timeout: 45_000 })
      await page.waitForTimeout(500)
      expect(await alike(page, board, same)).toBeGreaterThan(0.9)
    }
    expect(await faults(page)).toEqual([])
    await picture(page, 'plancompare-swipe-1366x768')
    // To the very right: nothing of the draft is left; and by keys back.
    const grip = (await bar.boundingBox())!
    hands.drags++
    await page.mouse.move(grip.x + 7, grip.y + grip.height / 2)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width - 3, grip.y + grip.height / 2, { steps: 5 })
    await page.mouse.up()
    expect(Number(await bar.getAttribute('aria-valuenow'))).toBe(98)
    expect((await half(1)).equals(before[1]!)).toBe(false)
    for (let i = 0; i < 30 && Number(await bar.getAttribute('aria-valuenow')) > 2; i++) await hands.press('ArrowLeft')
    expect(Number(await bar.getAttribute('aria-valuenow'))).toBe(2)
    expect((await half(1)).equals(before[1]!)).toBe(true)
    await hands.click('.views button[aria-label="卷帘对比"]')
    expect(await bar.count()).toBe(0)
    // Over the draft only the border that is gone is drawn, dashed; undone it is there again, and nothing differs.
    await hands.click('.views button[aria-label="对比生效边界"]')
    await expect.poll(() => differing(page)).toEqual(['gone'])
    expect(await page.locator('#compare-key').innerText()).not.toContain('完全相同')
    expect(await faults(page)).toEqual([])
    await picture(page, 'plancompare-borders-1366x768')
    await page.keyboard.press('Control+z')
    await page.locator('#compare-key').getByText('完全相同').waitFor()
    await expect.poll(() => differing(page)).toEqual([])
    hands.report('swipe the live layout over the draft, to both ends')
    expect(complaints).toEqual([])
  })

  /** A grid with two neighbours in its community: one that blocks may be given to, one larger that it is merged with. */
  async function contested(id: string, board: Board) {
    for (const [b, s] of board.slots.entries()) {
      if (!free(board, b)) continue
      const near = board.neighboursOf(b).filter((o) => free(board, o) && board.slots[o]!.community === s.community)
      for (const c of near.filter((o) => board.slots[o]!.residents > s.residents))
        for (const a of near.filter((o) => o !== c)) {
          const blocks = board.blocksOf(b).filter((x) => touches(board, x, a)).map((x) => board.t.keys[x]!)
          if (blocks.length < 2) continue
          for (const [mine, theirs] of [[blocks[0]!, blocks[1]!], [blocks[1]!, blocks[0]!]] as const) {
            const asked = await send('planner', 'POST', `/api/drafts/${id}/acts`, { revision: 0, preview: true, kind: 'assign', blocks: [mine, theirs], grid: board.slots[a]!.key })
            if (asked.status === 200 && asked.body.grids.every((g: { parts: number }) => g.parts === 1)) return { a: board.slots[a]!.key, b: s.key, c: board.slots[c]!.key, mine, theirs }
          }
        }
    }
    throw new Error('no grid with two neighbours')
  }

  test('brought onto the live layout: what both changed is chosen block by block', { timeout: 180_000 }, async () => {
    const head = await begun()
    const board = await boardOf(head.id)
    const { a, b, c, mine, theirs } = await contested(head.id, board)
    await acted(head.id, { kind: 'assign', blocks: [mine, theirs], grid: a })
    const rival = await begun()
    await acted(rival.id, { kind: 'merge', grids: [b, c] })
    await must('planner', 'POST', `/api/drafts/${rival.id}/publish`, { note: '抢先' })

    const { page, complaints } = await atDraft(head.id)
    const hands = new Hands(page)
    await page.locator('.behind').getByText(/第 \d+ 版/).waitFor()
    await hands.click('#next')
    await hands.click('#publish')
    await page.locator('#flow [role=alert]').getByText('单元冲突').waitFor()
    await hands.click('.behind .link')
    await page.locator('#conflicts').waitFor()
    expect(await page.locator('#conflicts li').count()).toBe(2)
    expect(await faults(page)).toEqual([])
    await picture(page, 'plancompare-conflicts-1366x768')
    const row = (block: number) => page.locator(`#conflicts li[data-block="${block}"]`)
    const resolve = page.locator('#conflicts .button.primary')
    await row(mine).getByRole('button', { name: /^用草案/ }).click()
    expect(await resolve.getAttribute('aria-disabled')).toBe('true') // one is still open
    await row(theirs).getByRole('button', { name: /^用生效/ }).click()
    hands.clicks += 2
    await hands.click('#conflicts .button.primary')
    await page.locator('#conflicts').waitFor({ state: 'detached' })
    await page.locator('.behind').waitFor({ state: 'detached' })
    hands.report('bring a draft onto the live layout, two conflicts chosen one by one')
    const now = await gridsOf(head.id)
    expect([now[mine], now[theirs]]).toEqual([a, c])
    const after = await opened(head.id)
    expect(after.head.base).toBe(after.head.live)
    expect(after.grids.find((g) => g.key === b)?.blocks ?? 0).toBe(0) // what the others did holds
    await expect.poll(() => peopleIn(page, a)).toBe(after.grids.find((g) => g.key === a)!.residents)
    await expect.poll(async () => (await rowOf(page, b).count())).toBe(0)
    expect(complaints.filter((x) => !x.includes('409'))).toEqual([])
  })

  test('published on a day to come: it waits, nothing changes till then, and it can be called off', { timeout: 180_000 }, async () => {
    const head = await begun()
    const board = await boardOf(head.id)
    const [a, b] = pairAbout(board, 1000, demo('grid-worker').code)
    await acted(head.id, { kind: 'merge', grids: [a, b] })
    const { live } = (await opened(head.id)).head
    const day = new Date(Date.now() + 3 * 864e5).toISOString().slice(0, 10)
    const { page, complaints } = await atDraft(head.id)
    const hands = new Hands(page)
    await hands.click('#next')
    await hands.click('#flow input[type=radio] >> nth=1')
    expect(await page.locator('#publish').getAttribute('aria-disabled')).toBe('true')
    await page.locator('#flow input[type=date]').fill('2020-01-01') // typed, past what the calendar offers
    await hands.click('#publish')
    await page.locator('#flow [role=alert]').getByText('明天至两年').waitFor()
    expect((await opened(head.id)).head.state).toBe('open')
    await page.locator('#flow input[type=date]').fill(day)
    hands.clicks++
    await hands.click('#publish')
    await page.locator('.head .state.scheduled').waitFor()
    await page.locator('#flow .good').getByText(day).waitFor()
    hands.report('publish on a day to come')
    expect(await faults(page)).toEqual([])
    await picture(page, 'plancompare-scheduled-1366x768')
    expect(await page.locator('[data-tool="brush"]').getAttribute('aria-disabled')).toBe('true')
    const now = (await opened(head.id)).head
    expect([now.state, now.publish_on, now.live]).toEqual(['scheduled', day, live])
    // The list says so as well.
    const list = await visit({ as: 'planner', path: 'plan', width: 1366, height: 768 })
    const listed = list.page.locator(`tr[data-draft="${head.id}"]`)
    expect(await listed.locator('.state').innerText()).toBe('待生效')
    expect(await listed.innerText()).toContain(day)
    // Called off, it is worked on again.
    await hands.click('#take-back')
    await page.locator('.head .state.open').waitFor()
    await expect.poll(() => page.locator('[data-tool="brush"]').getAttribute('aria-disabled')).toBe('false')
    const back = (await opened(head.id)).head
    expect([back.state, back.publish_on, back.live]).toEqual(['open', undefined, live])
    expect(complaints.filter((x) => !x.includes('400') && !x.includes('422'))).toEqual([])
  })

  test('what the county’s rule asks for is said before anybody tries to publish', { timeout: 180_000 }, async () => {
    const head = await begun()
    const [a, b] = pairAbout(await boardOf(head.id), 600, demo('grid-worker').code)
    await acted(head.id, { kind: 'merge', grids: [a, b] })
    const { moved } = await opened(head.id)
    let limit = moved - 1
    // The demo's county has no rule; the server is made to tell of one.
    const ruled = (p: Page) => p.route(`**/api/drafts/${head.id}`, async (route) => {
      if (route.request().method() !== 'GET') return route.continue()
      const answer = await route.fetch()
      const body = (await answer.json()) as Draft
      await route.fulfill({ response: answer, json: { ...body, head: { ...body.head, approve_over: limit } } })
    })
    const { page, complaints } = await atDraft(head.id, 'planner', { before: async (p) => void (await ruled(p)) })
    await page.locator('#next').getByText('提交批准').waitFor()
    await page.locator('#next').click()
    await page.locator('#rule').getByText(`超过本区县规定的 ${limit.toLocaleString('zh-CN')} 人`).waitFor()
    const { approvers } = await opened(head.id)
    expect(approvers.map((p) => p.name)).toContain(demo('leader').name)
    expect(await page.locator('#rule').innerText()).toContain(approvers[0]!.display)
    expect(await page.locator('#hand-in').getAttribute('class')).toContain('primary')
    expect([await page.locator('#publish').getAttribute('aria-disabled'), await page.locator('#publish').getAttribute('class')]).toEqual(['true', expect.not.stringContaining('primary')])
    await page.locator('#publish').hover()
    await page.locator('[role=tooltip]').getByText('先提交批准').waitFor()
    await page.locator('#publish').click({ force: true })
    expect((await opened(head.id)).head.state).toBe('open')
    await page.mouse.move(0, 0)
    expect(await faults(page)).toEqual([])
    await picture(page, 'plan-rule-1366x768')
    // Within what the rule allows it is published directly.
    limit = moved
    await page.reload()
    await ready(page)
    await page.keyboard.press('Alt+5')
    await page.locator('#rule').getByText('可以直接发布').waitFor()
    expect(await page.locator('#publish').getAttribute('aria-disabled')).toBe('false')
    await page.locator('#publish').click()
    await page.locator('.good').getByText(/已发布为第/).waitFor({ timeout: 60_000 })
    const now = (await opened(head.id)).head
    expect(now.state).toBe('published')
    // What was published is what is live: it is compared with what it came of, and what became of the grids is counted by kind.
    await page.keyboard.press('Alt+4')
    await page.locator('#changes tr.grid').first().waitFor()
    expect(await page.locator('.top > select').inputValue()).toBe('base')
    const { with: version, grids } = (await must('planner', 'GET', `/api/drafts/${head.id}/changes?with=base`)) as Changes
    expect([version, now.published]).toEqual([now.base, now.base + 1])
    const kinds = (kind: string) => grids.filter((g) => g.kind === kind).length
    const names = { 不变: 'unchanged', 边界变: 'moved', 拆分: 'split', 合并: 'merged', 新建: 'new', 撤销: 'retired', 重组: 'complex', 换编码: 'recoded' } as Record<string, string>
    const shown = (await page.locator('#changes .counts li').allInnerTexts()).map((t) => t.split(/\s+/) as [string, string])
    expect(shown.length).toBeGreaterThan(1)
    expect(grids.length).toBe(shown.reduce((n, [, count]) => n + Number(count), 0))
    for (const [name, count] of shown) if (name !== '换编码' && name !== '不变') expect([name, Number(count)]).toEqual([name, kinds(names[name]!)])
    for (const row of await page.locator('#changes tr.grid').all()) expect(Object.values(names)).toContain(await row.getAttribute('data-kind'))
    expect([kinds('merged'), kinds('retired')]).toEqual([1, 1])
    await picture(page, 'plan-published-1366x768')
    expect(complaints).toEqual([])
  })

  test('a whole county is opened one community after the other', { timeout: 240_000 }, async () => {
    const county = (await home()).slice(0, 6)
    const head = await begun('live', county)
    const draft = await opened(head.id)
    expect(draft.communities.length).toBeGreaterThan(1)
    // The demo's county is small, so the server is made to say what it says of a large one: its ground comes one community at a time.
    const large = async (p: Page) => {
      await p.route(`**/api/drafts/${head.id}`, async (route) => {
        if (route.request().method() !== 'GET') return route.continue()
        const answer = await route.fetch()
        const body = (await answer.json()) as { communities: { blocks: number }[] }
        for (const c of body.communities) c.blocks += 200_000
        await route.fulfill({ response: answer, json: body })
      })
      await p.route(new RegExp(`/api/drafts/${head.id}/ground$`), (route) => route.fulfill({ status: 400, contentType: 'application/problem+json', json: { status: 400, title: 'Bad Request', code: 'invalid', detail: 'the draft has 200000 blocks: ask for one community at a time', zh: '草案有 200000 个基本单元，请逐个社区读取', en: 'the draft has 200000 blocks: ask for one community at a time' } }))
    }
    const { page, complaints } = await visit({ as: 'planner', path: 'plan', hash: `#draft=${head.id}`, width: 1366, height: 768, before: async (p) => {
      p.setDefaultTimeout(60_000)
      await p.addInitScript(() => localStorage.setItem('jingwei.plan.tour', '1'))
      await large(p)
    } })
    await page.getByText('请先选一个社区').first().waitFor()
    await page.screenshot({ path: 'screenshots/plancompare-county-choose-1366x768.png' })
    expect(await faults(page)).toEqual([])
    const done: string[] = []
    const hands = new Hands(page)
    for (const [n, { code }] of draft.communities.filter((c) => c.residents > 0).slice(0, 2).entries()) {
      if (n === 0) await hands.click(`[data-community="${code}"]`)
      else {
        await page.locator('.scope select').selectOption(code)
        hands.clicks++
      }
      await page.waitForFunction((c) => location.hash.includes('community=' + c), code)
      await ready(page)
      await drawn(page)
      const here = (await ground(head.id)).communities.find((c) => c.code === code)!
      expect(await page.locator('tr[data-grid]').evaluateAll((all) => all.map((r) => (r as HTMLElement).dataset.grid!.slice(0, 12)))).toEqual(Array(new Set(here.blocks.map((x) => x.grid)).size).fill(code))
      const key = here.blocks.find((x) => x.grid && x.grid !== demo('grid-worker').code)!.grid
      await rowOf(page, key).locator('button.pick').click()
      await page.keyboard.press('q')
      await saved(page)
      done.push(key)
    }
    hands.report('a county, two communities one after the other')
    await picture(page, 'plancompare-county-1366x768')
    // What was done in one is there when the other is open, in the journal, and at the server.
    const after = await opened(head.id)
    expect(done.map((key) => after.grids.find((g) => g.key === key)!.locked)).toEqual([true, true])
    await page.keyboard.press('Alt+3')
    await expect.poll(() => page.locator('#journal [data-seq]').count()).toBe(2)
    await page.keyboard.press('Control+z')
    await expect.poll(async () => (await opened(head.id)).grids.find((g) => g.key === done[1])!.locked).toBe(false)
    await page.keyboard.press('Control+z') // of the community that was left
    await expect.poll(async () => (await opened(head.id)).grids.find((g) => g.key === done[0])!.locked).toBe(false)
    expect(complaints.filter((x) => !x.includes('400'))).toEqual([])
  })
})
