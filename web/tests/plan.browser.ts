// The planner's everyday tasks, each with the clicks and seconds it costs, and what the workspace promises: nothing is lost, nothing waits
// for the server, nobody overwrites anybody.

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { DraftHead } from '../src/api/drafts'
import { layersBehind, takenUpTo } from '../src/planning/between'
import { faults } from './axe'
import { drawn, leave, noServer, picture, start, stop, visit } from './browser'
import { demo, must, send } from './people'
import { acted, atDraft, begun, boardOf, colleague, ground, Hands, merged, opened, pairAbout, peopleIn, pixelOf, pointOf, ready, rowOf, saved } from './plan'

describe.skipIf(noServer)('planning', () => {
  beforeAll(start)
  afterEach(leave)
  afterAll(stop)

  const worker = () => demo('grid-worker').code

  /** Two neighbouring grids, a block of the second beside the first, and where to look. */
  async function border(id: string) {
    const board = await boardOf(id)
    const [a, b] = pairAbout(board, 1200, worker())
    const [from, to] = [board.slots.indexOf(board.find(b)!), board.slots.indexOf(board.find(a)!)]
    const touching = board.blocksOf(from).filter((x) => {
      for (let k = board.t.arcStart[x]!; k < board.t.arcStart[x + 1]!; k++) {
        const arc = board.t.arcsOf[k]! < 0 ? ~board.t.arcsOf[k]! : board.t.arcsOf[k]!
        if (board.sides(arc).includes(to)) return true
      }
      return false
    })
    const block = touching.toSorted((x, y) => board.t.area[y]! - board.t.area[x]!)[0]!
    return { board, a, b, from, to, block, at: pointOf(board, block) }
  }

  test('a draft is begun, named and opened again from the list', async () => {
    const { page, complaints } = await visit({ as: 'planner', path: 'plan', width: 1366, height: 768 })
    await page.getByRole('heading', { name: /草案/ }).first().waitFor()
    const form = page.locator('form.card')
    if (!(await form.isVisible())) await page.getByRole('button', { name: '新建草案' }).click()
    await page.getByLabel('名称', { exact: true }).fill('秋季调整 测试')
    await page.getByRole('button', { name: '开始规划' }).click()
    await page.locator('#save').waitFor()
    expect(await page.locator('.head h1').innerText()).toBe('秋季调整 测试')
    await page.getByRole('button', { name: '全部草案' }).click()
    const row = page.locator('tr[data-draft]').filter({ hasText: '秋季调整 测试' }).first()
    expect(await row.locator('.state').innerText()).toBe('编辑中')
    await row.getByRole('button', { name: /^打开/ }).click()
    await page.locator('#save').waitFor()
    expect(complaints).toEqual([])
  })

  test('painting shows at once, before the server says anything; it is saved and undone', async () => {
    const head = await begun()
    const { a, b, block, at, board } = await border(head.id)
    const { page, complaints } = await atDraft(head.id, 'planner', { over: { at, zoom: 17.5 }, map: true })
    let release: (() => void) | undefined
    const held = new Promise<void>((done) => (release = done))
    await page.route('**/acts', async (route) => {
      await held
      await route.continue()
    })
    await rowOf(page, a).locator('button.pick').click()
    await page.keyboard.press('b')
    const [wasA, wasB] = [await peopleIn(page, a), await peopleIn(page, b)]
    const p = await pixelOf(page, at)
    await page.mouse.click(p.x, p.y)
    const people = board.t.residents[block]!
    await expect.poll(() => peopleIn(page, a)).toBe(wasA + people)
    expect(await peopleIn(page, b)).toBe(wasB - people)
    expect(await page.locator('#save').getAttribute('data-is')).toBe('saving')
    release!()
    await saved(page)
    await page.unroute('**/acts')
    expect((await ground(head.id)).communities.flatMap((c) => c.blocks).find((x) => x.key === board.t.keys[block])!.grid).toBe(a)
    await page.keyboard.press('Control+z')
    await expect.poll(() => peopleIn(page, a)).toBe(wasA)
    await saved(page)
    await page.reload()
    await ready(page)
    await page.keyboard.press('Control+Shift+z') // across a reload
    await expect.poll(() => peopleIn(page, a)).toBe(wasA + people)
    expect(complaints).toEqual([])
  })

  test('a connection that drops loses nothing, not even over a reload', async () => {
    const head = await begun()
    const { a, block, at, board } = await border(head.id)
    const { page } = await atDraft(head.id, 'planner', { over: { at, zoom: 17.5 }, map: true })
    await page.route('**/acts', (route) => route.abort('internetdisconnected'))
    await rowOf(page, a).locator('button.pick').click()
    await page.keyboard.press('b')
    const was = await peopleIn(page, a)
    const p = await pixelOf(page, at)
    await page.mouse.click(p.x, p.y)
    await page.locator('#save[data-is="waiting"]').waitFor()
    expect(await page.locator('#save').innerText()).toContain('1')
    await page.reload()
    await ready(page)
    await page.locator('#save[data-is="waiting"]').waitFor()
    expect(await peopleIn(page, a)).toBe(was + board.t.residents[block]!)
    await page.unroute('**/acts')
    await page.evaluate(() => dispatchEvent(new Event('online')))
    await saved(page)
    expect((await ground(head.id)).communities.flatMap((c) => c.blocks).find((x) => x.key === board.t.keys[block])!.grid).toBe(a)
    expect(await page.evaluate(() => Object.keys(localStorage).filter((k) => k.startsWith('jingwei.plan.3')))).toEqual([])
  })

  test('without a connection it is said what waits for the server, which goes on with it by itself', async () => {
    const head = await begun()
    const board = await boardOf(head.id)
    const [a, b] = pairAbout(board, 1050, worker())
    const large = await merged(head.id, a, b)
    const { page } = await atDraft(head.id)
    await page.route('**/acts', (route) => route.abort('internetdisconnected'))
    await rowOf(page, large).locator('button.pick').click()
    await page.keyboard.press('s')
    await page.keyboard.press('Enter')
    const hint = page.locator('#hint')
    await hint.getByText('没有连接，未在计算。已排队 1 步：拆分').waitFor()
    expect(await hint.innerText()).not.toContain('正在计算')
    await rowOf(page, large).locator('button.pick').click()
    await page.keyboard.press('q')
    await page.locator('#save').getByText('2 步未存').waitFor()
    expect(await hint.innerText()).toContain('已排队 1 步：拆分') // a lock is only kept, nothing of it is worked out
    await page.locator('#save').hover()
    await page.locator('[role=tooltip]').getByText('其中 1 步要由服务器计算').waitFor()
    await page.mouse.move(600, 400)
    expect(await faults(page)).toEqual([])
    await picture(page, 'plan-offline-1366x768')
    await page.reload() // it is kept, and still said
    await ready(page)
    await hint.getByText('已排队 1 步').waitFor()
    await page.unroute('**/acts')
    await page.evaluate(() => dispatchEvent(new Event('online')))
    await saved(page)
    const after = await opened(head.id)
    expect(after.grids.filter((g) => g.blocks > 0 && g.key.startsWith('new-')).length).toBe(1)
    expect(after.grids.find((g) => g.key === large)!.locked).toBe(true)
  })

  test('two planners: one sees the other, and where; different blocks go together', async () => {
    const head = await begun()
    const { a, b, block, at, board } = await border(head.id)
    const second = await colleague(head.id)
    const { page } = await atDraft(head.id, 'planner', { over: { at, zoom: 17.5 }, map: true })
    await second.ask('PUT', '/presence', { center: at, zoom: 17, doing: '画笔' })
    await page.locator('.others').getByRole('button', { name: new RegExp(second.person.display) }).waitFor()
    await page.locator('.plan-other').getByText(second.person.display).waitFor()
    const other = board.blocksOf(board.slots.indexOf(board.find(b)!)).find((x) => x !== block)!
    await page.route('**/presence', (route) => route.fulfill({ json: { revision: 0, state: 'open', live: head.live, others: [] } })) // it doesn't hear of it
    await second.act({ kind: 'assign', blocks: [board.t.keys[other]!], grid: a })
    await rowOf(page, a).locator('button.pick').click()
    await page.keyboard.press('b')
    const p = await pixelOf(page, at)
    await page.mouse.click(p.x, p.y)
    await saved(page)
    const now = await ground(head.id)
    const gridOf = (x: number) => now.communities.flatMap((c) => c.blocks).find((u) => u.key === board.t.keys[x])!.grid
    expect([gridOf(block), gridOf(other)]).toEqual([a, a])
    await expect.poll(() => peopleIn(page, a)).toBe(board.find(a)!.residents + board.t.residents[block]! + board.t.residents[other]!)
  })

  test('a block that somebody else gave away first is not taken back: who did what is said, and it may be done all the same', async () => {
    const head = await begun()
    const { a, b, block, at, board } = await border(head.id)
    const third = board.slots.find((s) => s.blocks && s.key !== a && s.key !== b && s.community === board.find(a)!.community && !s.special)!.key
    const second = await colleague(head.id)
    const quiet = { revision: 0, state: 'open', live: head.live, others: [] }
    const { page } = await atDraft(head.id, 'planner', { over: { at, zoom: 17.5 }, map: true, before: (p) => p.route('**/presence', (route) => route.fulfill({ json: quiet })) })
    await second.act({ kind: 'assign', blocks: [board.t.keys[block]!], grid: third })
    await rowOf(page, a).locator('button.pick').click()
    await page.keyboard.press('b')
    const p = await pixelOf(page, at)
    await page.mouse.click(p.x, p.y)
    await page.locator('#trouble').getByText('别人先改了这里').waitFor()
    await page.locator('#trouble').getByText(second.person.display).waitFor()
    await expect.poll(() => peopleIn(page, third)).toBe(board.find(third)!.residents + board.t.residents[block]!)
    const gridOf = async () => (await ground(head.id)).communities.flatMap((c) => c.blocks).find((u) => u.key === board.t.keys[block])!.grid
    expect(await gridOf()).toBe(third)
    await page.locator('#trouble .button').click()
    await saved(page)
    await expect.poll(gridOf).toBe(a)
  })

  test('task: split a grid that has grown to about 1,050, and publish', { timeout: 180_000 }, async () => {
    const head = await begun()
    const board = await boardOf(head.id)
    const pair = pairAbout(board, 1050, worker())
    const a = await merged(head.id, ...pair)
    const { page, complaints } = await atDraft(head.id)
    const people = await peopleIn(page, a)
    const hands = new Hands(page)
    await hands.click(`tr[data-grid="${a}"] button.pick`)
    await hands.click('[data-tool="split"]')
    await hands.click('form[aria-label="拆分"] .primary')
    await page.locator('#hint').getByText('已完成').waitFor()
    await saved(page)
    const after = await opened(head.id)
    const halves = after.grids.filter((g) => g.blocks > 0 && (g.key === a || g.key.startsWith('new-')))
    expect(halves.reduce((n, g) => n + g.residents, 0)).toBe(people)
    expect(halves.length).toBe(2)
    await hands.click('#next')
    await hands.click('#publish')
    await page.locator('.good').getByText(/已发布为第/).waitFor({ timeout: 60_000 })
    hands.report('split a grown grid and publish')
    expect(hands.clicks).toBeLessThanOrEqual(7)
    expect((await opened(head.id)).head.state).toBe('published')
    expect(complaints).toEqual([])
  })

  test('task: merge two that have shrunk', async () => {
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
    hands.report('merge two')
    const after = await opened(head.id)
    const left = after.grids.filter((g) => g.blocks > 0 && (g.key === a || g.key === b))
    expect(left.map((g) => g.residents)).toEqual([board.find(a)!.residents + board.find(b)!.residents])
    await expect.poll(() => peopleIn(page, left[0]!.key)).toBe(left[0]!.residents)
  })

  test('task: move a border to the next street', async () => {
    const head = await begun()
    const board = await boardOf(head.id)
    // A border with a street behind it that leaves something of the grid.
    let found: { arc: number; block: number; taken: number[]; from: number; to: number } | undefined
    for (let arc = 0; arc < board.t.m && !found; arc++) {
      const [to, from] = board.sides(arc)
      if (to === from || to < 0 || from < 0 || board.slots[from]!.key === worker() || board.slots[to]!.key === worker()) continue
      const layers = layersBehind(board, from, to)
      const block = [...layers].find(([, d]) => d === 0)?.[0]
      if (block === undefined) continue
      const taken = takenUpTo(layers, block, board.slots[from]!.blocks)
      if (taken.length) found = { arc, block, taken, from, to }
    }
    expect(found).toBeDefined()
    const { arc, block, taken, from, to } = found!
    const { t } = board
    const p = t.start[arc]!
    const middle: [number, number] = [(t.points[2 * p]! + t.points[2 * p + 2]!) / 2, (t.points[2 * p + 1]! + t.points[2 * p + 3]!) / 2]
    const { page } = await atDraft(head.id, 'planner', { over: { at: middle, zoom: 16.5 }, map: true })
    const hands = new Hands(page)
    await hands.press('n')
    await hands.drag([middle, pointOf(board, block)])
    await saved(page)
    hands.report('move a border to the next street')
    expect(hands.clicks + hands.drags + hands.keys).toBeLessThanOrEqual(4)
    const now = (await ground(head.id)).communities.flatMap((c) => c.blocks)
    const people = taken.reduce((n, x) => n + t.residents[x]!, 0)
    const moved = now.filter((b) => b.grid !== board.keyOf(t.indexOf.get(b.key)!))
    expect(moved.length).toBeGreaterThan(0)
    expect(moved.reduce((n, b) => n + b.residents, 0)).toBe(people)
    expect(new Set(moved.map((b) => b.grid))).toEqual(new Set([board.slots[to]!.key]))
    expect(board.slots[from]!.blocks).toBeGreaterThan(taken.length)
  })

  test('task: a new town from nothing, one of three alternatives, handed in, approved by somebody else', { timeout: 240_000 }, async () => {
    const head = await begun('nothing')
    const { page, complaints } = await atDraft(head.id)
    const hands = new Hands(page)
    expect(await page.locator('#left').innerText()).toMatch(/^未划入/)
    await hands.press('r')
    await hands.click('form.box .primary')
    await page.locator('[data-alternative="1"]').waitFor({ timeout: 60_000 })
    await page.locator('[data-alternative="1"]').hover()
    await hands.press('1')
    await expect.poll(() => page.locator('#left').innerText(), { timeout: 60_000 }).toBe('所有单元都在网格内')
    await saved(page)
    await hands.press('Alt+5')
    await hands.click('#hand-in')
    await page.locator('.head .state.handed-in').waitFor()
    hands.report('a town from nothing, handed in')
    expect(complaints).toEqual([])

    const leader = await atDraft(head.id, 'leader')
    const eyes = new Hands(leader.page)
    expect(await leader.page.locator('[data-tool="brush"]').getAttribute('aria-disabled')).toBe('true')
    await eyes.click('#approve')
    await leader.page.locator('.head .state.approved').waitFor()
    eyes.report('approve')
    const now = (await opened(head.id)).head
    expect([now.state, now.approved_by?.name]).toEqual(['approved', demo('leader').name])
    expect(leader.complaints).toEqual([])
  })

  test('a leader sends back with a note, and the planner goes on', async () => {
    const head = await begun()
    const board = await boardOf(head.id)
    const [a, b] = pairAbout(board, 600, worker())
    await acted(head.id, { kind: 'merge', grids: [a, b] })
    await must('planner', 'POST', `/api/drafts/${head.id}/state`, { to: 'handed-in' })
    const { page } = await atDraft(head.id, 'leader')
    await page.getByLabel('退回原因').fill('请保留 ' + a.slice(-3))
    await page.locator('#send-back').click()
    await page.locator('.head .state.open').waitFor()
    const mine = await atDraft(head.id)
    await mine.page.keyboard.press('Alt+3')
    await mine.page.locator('#journal').getByText('请保留').waitFor()
    expect(await mine.page.locator('[data-tool="brush"]').getAttribute('aria-disabled')).toBe('false')
  })

  test('the journal says who did what, and leads back to any point', async () => {
    const head = await begun()
    const board = await boardOf(head.id)
    const [a, b] = pairAbout(board, 600, worker())
    const first = await acted(head.id, { kind: 'rename', grid: a, name: '甲' })
    const gone = (await merged(head.id, a, b)) === a ? b : a
    const { page } = await atDraft(head.id)
    await page.keyboard.press('Alt+3')
    const step = page.locator(`#journal [data-seq="${first.seq}"]`)
    await step.hover()
    await step.getByRole('button').click()
    await expect.poll(async () => (await opened(head.id)).grids.find((g) => g.key === gone)?.blocks ?? 0).toBeGreaterThan(0)
    await rowOf(page, gone).waitFor()
    expect(await peopleIn(page, gone)).toBe(board.find(gone)!.residents)
  })

  test('what a draft changes is compared with what is live', async () => {
    const head = await begun()
    const board = await boardOf(head.id)
    const [a, b] = pairAbout(board, 600, worker())
    await acted(head.id, { kind: 'merge', grids: [a, b] })
    const { page } = await atDraft(head.id)
    await page.keyboard.press('Alt+4')
    await page.locator('#changes').getByText('合并').first().waitFor()
    const smaller = Math.min(board.find(a)!.residents, board.find(b)!.residents)
    expect(await page.locator('#changes').innerText()).toMatch(new RegExp(`换格居民 (${smaller.toLocaleString('zh-CN')}|${board.find(b)!.residents.toLocaleString('zh-CN')}) 人`))
  })

  test('a lasso around nothing, a line in no grid: a sentence, and nothing changes', async () => {
    const head = await begun()
    const board = await boardOf(head.id)
    const { page } = await atDraft(head.id)
    await drawn(page) // the map is there some time after the tools
    await page.keyboard.press('l')
    const box = (await page.locator('#map').boundingBox())!
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2)
    await page.locator('#hint').getByText('先选中').waitFor()
    const [w, s] = board.t.extent
    const key = board.slots.find((x) => x.blocks)!.key
    await rowOf(page, key).locator('button.pick').click()
    await page.keyboard.press('l')
    await new Hands(page).drag([[w - 2e-4, s - 2e-4], [w - 1e-4, s - 2e-4], [w - 1e-4, s - 1e-4]])
    await page.locator('#hint').getByText('圈里没有单元').waitFor()
    expect((await opened(head.id)).head.revision).toBe(head.revision)
    // Round two neighbours, one block of them locked: the others are taken, and what was left is said.
    const slot = board.slots.indexOf(board.find(key)!)
    const beside = board.neighboursOf(slot).find((o) => board.slots[o]!.community === board.slots[slot]!.community && board.slots[o]!.blocks > 2)!
    const theirs = board.blocksOf(beside)
    await acted(head.id, { kind: 'lock', blocks: [board.t.keys[theirs[0]!]!] })
    await page.reload()
    await ready(page)
    await drawn(page)
    await page.keyboard.press('l')
    const [x0, y0, x1, y1] = board.boundsOf(theirs)!
    await new Hands(page).drag([[x0, y0], [x1, y0], [x1, y1], [x0, y1], [x0, y0]])
    await page.locator('#hint').getByText(/^划入 [\d,]+ 个单元；[\d,]+ 个未动：/).waitFor()
    expect(await page.locator('#hint').innerText()).toContain('已锁定')
    await saved(page)
    const now = (await ground(head.id)).communities.flatMap((c) => c.blocks)
    expect(theirs.map((b) => now.find((x) => x.key === board.t.keys[b])!.grid === key)).toEqual(theirs.map((_, i) => i > 0))
  })

  test('whoever plans nothing here has no way to it', async () => {
    const head = (await begun()) as DraftHead
    expect((await send('dispatcher', 'GET', '/api/drafts/' + head.id)).status).toBeGreaterThanOrEqual(403)
    const { page } = await visit({ as: 'dispatcher' })
    await page.getByRole('button', { name: /^居民/ }).waitFor()
    expect(await page.getByRole('link', { name: '网格规划' }).count()).toBe(0)
  })

  test('the tour comes once and can be skipped; ? shows the keys', async () => {
    const head = await begun()
    const { page } = await atDraft(head.id, 'planner', { tour: true })
    await page.locator('#tour').waitFor()
    await page.locator('#tour').getByRole('button', { name: '跳过' }).last().click()
    expect(await page.locator('#tour').count()).toBe(0)
    await page.reload()
    await ready(page)
    expect(await page.locator('#tour').count()).toBe(0)
    await page.keyboard.press('?')
    await page.getByRole('heading', { name: '快捷键' }).waitFor()
  })
})
