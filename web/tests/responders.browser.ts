// Who works where: the posts of grids and the people who hold them, as planners, clerks, dispatchers and grid workers meet them; and 四至 put right.

import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { GridPosts, PostPage, Responder } from '../src/api/shapes'
import { grid, grids, home, leave, noServer, start, stop, visit } from './browser'
import { demo, must, send } from './people'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

async function faults(page: Page): Promise<string[]> {
  await page.evaluate(axe)
  const found = (await page.evaluate(() =>
    (window as unknown as { axe: { run(o: object): Promise<unknown> } }).axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }),
  )) as AxeResults
  return found.violations.flatMap((v) => v.nodes.map((node) => `${v.id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`))
}

async function shot(page: Page, name: string): Promise<void> {
  mkdirSync('screenshots', { recursive: true })
  await page.waitForTimeout(350) // nothing is on its way any more
  await page.screenshot({ path: `screenshots/${name}.png` })
}

const letters = '东南西北中春夏秋冬云'
/** A name that no other test has, and nobody in the world. */
const invented = () => '试' + String(Date.now() % 1e7).replace(/\d/g, (d) => letters[Number(d)]!) + letters[Math.floor(Math.random() * 10)]!

/** Puts somebody on the roll, in the community of a grid. */
const worker = (code: string, more: object = {}): Promise<Responder> =>
  must('planner', 'POST', '/api/responders', { kind: 'grid-worker', name: invented(), phone: '19999994711', division: code.slice(0, 12), ...more })

const postsOf = async (code: string): Promise<GridPosts> => ((await must('planner', 'GET', `/api/posts?division=${code}`)) as PostPage).posts[0]!

/** A grid of the demo grid worker's community, but not theirs: each test has one of its own. */
let next = 0
async function aGrid(): Promise<string> {
  const own = demo('grid-worker').code
  const all = (await grids(await home())).map((g) => g.code).filter((c) => c !== own && c.startsWith(own.slice(0, 12)))
  return all[next++ % all.length]!
}

const panel = (page: Page) => page.locator('#panel')
const post = (page: Page, which: 'worker' | 'leader') => page.locator(`[data-post=${which}]`)

async function pick(page: Page, label: string, name: string) {
  const box = page.getByRole('combobox', { name: label })
  await box.fill(name)
  await page.getByRole('option', { name: new RegExp(name) }).click()
}

describe.skipIf(noServer)('responders', () => {
  beforeAll(start)
  afterEach(leave)
  afterAll(stop)

  test('a planner fills a vacancy in the panel of a grid, says who stands in, and takes the post away again', async () => {
    const code = await aGrid()
    await must('planner', 'PUT', `/api/grids/${code}/posts/worker`, { responder: '' })
    const [li, wang] = [await worker(code), await worker(code)]
    const { page } = await visit({ as: 'planner', hash: '#grid=' + code, width: 1366, height: 768 })
    await post(page, 'worker').getByText('空缺').waitFor()
    await page.getByRole('button', { name: '指派 · 网格员' }).click()
    await page.getByRole('option').first().waitFor() // those of the community are offered
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: '保存' }).click()
    await page.getByText('请从结果中选一个人').waitFor()
    await pick(page, '人员', li.name)
    await page.getByLabel('有人替班').check()
    await pick(page, '替班人', wang.name)
    await page.getByLabel('替班至（含）').fill(new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10))
    await shot(page, 'posts-assign')
    await page.getByRole('button', { name: '保存' }).click()
    await post(page, 'worker').getByText(li.name, { exact: true }).waitFor()
    await post(page, 'worker').getByText(`现由 ${wang.name} 替班`).waitFor()
    const now = (await postsOf(code)).worker.holder
    expect([now?.name, now?.substitute?.name]).toEqual([li.name, wang.name])
    await shot(page, 'posts-filled')

    await page.getByRole('button', { name: '改派 · 网格员' }).click()
    await page.getByRole('button', { name: '免去' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '免去' }).click()
    await post(page, 'worker').getByText('空缺', { exact: true }).waitFor() // the question before it says the word too
    expect((await postsOf(code)).worker.holder).toBeUndefined()
  })

  test('what somebody else has changed meanwhile is said, and not written over', async () => {
    const code = await aGrid()
    const [li, wang] = [await worker(code), await worker(code)]
    await must('planner', 'PUT', `/api/grids/${code}/posts/worker`, { responder: '' })
    const { page } = await visit({ as: 'planner', hash: '#grid=' + code })
    await page.getByRole('button', { name: '指派 · 网格员' }).click()
    await pick(page, '人员', li.name)
    await must('planner', 'PUT', `/api/grids/${code}/posts/worker`, { responder: wang.id })
    await page.getByRole('button', { name: '保存' }).click()
    await page.getByRole('alert').getByText(`现在是 ${wang.name}`).waitFor()
    expect((await postsOf(code)).worker.holder?.name).toBe(wang.name)
  })

  test('a dispatcher sees a number for a reason that stands in the trail, and gives no posts', async () => {
    const code = await aGrid()
    const li = await worker(code, { phone: '19999994712' })
    await must('planner', 'PUT', `/api/grids/${code}/posts/worker`, { responder: li.id })
    const { page } = await visit({ as: 'dispatcher', hash: '#grid=' + code })
    await post(page, 'worker').getByText('199****4712').waitFor()
    expect(await page.content()).not.toContain('19999994712')
    expect(await page.getByRole('button', { name: '改派 · 网格员' }).getAttribute('aria-disabled')).toBe('true')
    await page.getByRole('button', { name: '改派 · 网格员' }).hover()
    await page.getByRole('tooltip').getByText('只有规划员和社区平台管理员').waitFor()
    await page.getByRole('button', { name: '显示电话 · ' + li.name }).click()
    await page.getByRole('button', { name: '显示', exact: true }).click()
    await page.getByText('请写明原因').waitFor()
    await page.getByRole('button', { name: '派单联系本人' }).click()
    await page.getByRole('button', { name: '显示', exact: true }).click()
    expect(await page.getByRole('link', { name: /19999994712/ }).getAttribute('href')).toBe('tel:19999994712')
    await shot(page, 'posts-called')
    const trail = await must('auditor', 'GET', `/api/trail?subject=responder:${li.id}&action=responder.unmasked`)
    expect(trail.entries.map((e: { reason: string; actor: string }) => [e.actor, e.reason])).toEqual([['dispatcher', '派单联系本人']])
    await page.getByRole('button', { name: '隐藏' }).click()
    expect(await page.content()).not.toContain('19999994712')
  })

  test('who looks and may do nothing else finds everything closed, with the reason', async () => {
    const code = await aGrid()
    const li = await worker(code)
    await must('planner', 'PUT', `/api/grids/${code}/posts/leader`, { responder: li.id })
    const { page } = await visit({ as: 'leader', hash: '#grid=' + code })
    await post(page, 'leader').getByText(li.name, { exact: true }).waitFor()
    for (const name of ['改派 · 网格长', '显示电话 · ' + li.name, '更正四至']) expect(await page.getByRole('button', { name }).getAttribute('aria-disabled'), name).toBe('true')
    await page.getByRole('button', { name: '显示电话 · ' + li.name }).click({ force: true })
    expect(await page.getByLabel('为什么要看？').count()).toBe(0)
  })

  test('四至 is put right by a planner, stands with the name, and is taken back', async () => {
    const code = await aGrid()
    const before = (await grid(code)).surroundings
    expect(before.text_zh).toMatch(/^东.+[，；]西.+[，；]南.+[，；]北.+。$/)
    const { page } = await visit({ as: 'planner', hash: '#grid=' + code, width: 1366, height: 768 })
    await panel(page).getByText(before.text_zh).waitFor()
    await page.getByRole('button', { name: '更正四至' }).click()
    await page.getByLabel('四至（中文）').fill('东至老槐树，西至河，南至城墙，北至大路。')
    await shot(page, 'surroundings-edit')
    await page.getByRole('button', { name: '保存' }).click()
    await panel(page).getByText('东至老槐树，西至河，南至城墙，北至大路。').waitFor()
    await panel(page).getByText(/^planner 更正于/).waitFor()
    const now = (await grid(code)).surroundings
    expect([now.text_zh, now.written_zh, now.corrected?.by]).toEqual(['东至老槐树，西至河，南至城墙，北至大路。', before.text_zh, 'planner'])
    await page.keyboard.press('l')
    await panel(page).getByText(before.text_en).waitFor() // nobody has said it in English
    await page.keyboard.press('l')
    await page.getByRole('button', { name: '更正四至' }).click()
    await page.getByRole('button', { name: '用程序写的' }).click()
    await panel(page).getByText(before.text_zh).waitFor()
    expect((await grid(code)).surroundings.corrected).toBeUndefined()
  })

  test('vacancies are found, filled and gone from the list', async () => {
    const code = await aGrid()
    await must('planner', 'PUT', `/api/grids/${code}/posts/worker`, { responder: '' })
    const li = await worker(code)
    const { page } = await visit({ as: 'planner', path: 'responders', hash: `#division=${code.slice(0, 12)}`, width: 1366, height: 768 })
    await page.getByRole('row').nth(1).waitFor()
    await shot(page, 'responders-posts')
    await page.getByLabel('岗位筛选').selectOption('worker')
    await page.getByRole('row', { name: new RegExp(code) }).click()
    const beside = page.getByRole('complementary', { name: '所选网格的岗位' })
    await beside.getByRole('button', { name: '指派 · 网格员' }).click()
    await pick(page, '人员', li.name)
    await shot(page, 'responders-assign')
    await beside.getByRole('button', { name: '保存' }).click()
    await beside.getByText(li.name, { exact: true }).waitFor()
    await page.getByRole('row', { name: new RegExp(code) }).waitFor({ state: 'detached' })
    await page.keyboard.press('Escape')
    await beside.waitFor({ state: 'detached' })
    await page.goBack()
    await beside.waitFor()
  })

  test('somebody is put on the roll, changed, ends and is back; their post becomes vacant', async () => {
    const code = await aGrid()
    const name = invented()
    const { page } = await visit({ as: 'planner', path: 'responders', hash: `#view=people&division=${code.slice(0, 12)}`, width: 1366, height: 768 })
    await page.getByRole('button', { name: '登记人员' }).click()
    const dialog = page.getByRole('dialog', { name: '登记处置人员' })
    await dialog.getByRole('button', { name: '保存' }).click()
    await dialog.getByText('请填写姓名').waitFor()
    await dialog.getByLabel('姓名').fill(name)
    await dialog.getByLabel('电话').fill('call me')
    await dialog.getByRole('button', { name: '保存' }).click()
    await dialog.getByText('电话不对').waitFor()
    expect(await dialog.getByLabel('电话').getAttribute('aria-invalid')).toBe('true')
    await dialog.getByLabel('电话').fill('19999994713')
    await shot(page, 'responders-add')
    await dialog.getByRole('button', { name: '保存' }).click()
    const beside = page.getByRole('complementary', { name: '所选人员' })
    await beside.getByRole('heading', { name }).waitFor()
    const id = new URLSearchParams(new URL(page.url()).hash.slice(1)).get('id')!
    await must('planner', 'PUT', `/api/grids/${code}/posts/leader`, { responder: id })

    await beside.getByRole('button', { name: '修改' }).click()
    await page.getByRole('dialog').getByLabel('类别').selectOption('grid-leader')
    await page.getByRole('dialog').getByRole('button', { name: '保存' }).click()
    await beside.getByText('网格长 ·').waitFor()
    await shot(page, 'responders-person')
    const stays = (await must('planner', 'GET', '/api/responders/' + id)) as Responder
    expect([stays.kind, stays.phone, stays.posts.length]).toEqual(['grid-leader', '199****4713', 1])

    await beside.getByRole('button', { name: '离岗' }).click()
    await page.getByRole('dialog').getByText('所任的 1 个岗位变为空缺').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: '离岗' }).click()
    await beside.getByRole('button', { name: '恢复在岗' }).waitFor()
    expect((await postsOf(code)).leader.holder).toBeUndefined()
    await beside.getByRole('button', { name: '恢复在岗' }).click()
    await beside.getByRole('button', { name: '离岗' }).waitFor()
  })

  test('people are found by name and by being without a post', async () => {
    const code = await aGrid()
    const li = await worker(code)
    const { page } = await visit({ as: 'clerk', path: 'responders', hash: '#view=people' })
    await page.getByLabel('按姓名查找').fill(li.name.slice(1))
    await page.getByText('1 人').waitFor()
    await page.getByRole('row', { name: new RegExp(li.name) }).getByText('未任岗').waitFor()
    await must('planner', 'PUT', `/api/grids/${code}/posts/worker`, { responder: li.id })
    await page.getByLabel('只看未任岗').check()
    await page.getByText('没有符合条件的人员').waitFor()
    await page.getByRole('button', { name: '清除条件' }).last().click()
    await page.getByRole('row', { name: new RegExp(li.name) }).waitFor()
  })

  test('a grid worker sees their own grid and nobody elsewhere; who looks after accounts has no such page', async () => {
    const own = demo('grid-worker')
    const { page } = await visit({ as: 'grid-worker', path: 'responders' })
    await page.getByRole('row', { name: new RegExp(own.code) }).waitFor()
    expect(await page.getByRole('row').count()).toBe(2) // and the heading
    expect((await send('grid-worker', 'GET', `/api/posts?division=${own.code.slice(0, 9)}`)).body.total).toBe(1)
    await leave()
    const { page: second } = await visit({ as: 'administrator' })
    await second.getByRole('button', { name: /我的菜单/ }).click()
    expect(await second.getByRole('link', { name: '处置人员' }).count()).toBe(0)
    expect((await send('administrator', 'GET', `/api/responders?division=${own.code.slice(0, 6)}`)).status).toBe(403)
  })

  test.each([
    [1366, 768, 'zh'],
    [1920, 1080, 'en'],
    [390, 844, 'zh'],
  ])('axe finds nothing at %i × %i in %s', async (width, height, lang) => {
    const code = await aGrid()
    const li = await worker(code)
    await must('planner', 'PUT', `/api/grids/${code}/posts/worker`, { responder: li.id })
    const size = { as: 'planner' as const, width, height }
    const { page } = await visit({ ...size, path: 'responders', hash: '#lang=' + lang })
    await page.getByRole('row').nth(1).waitFor()
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
    expect(await faults(page)).toEqual([])
    await shot(page, `responders-posts-${width}-${lang}`)
    await page.getByRole('row').nth(1).click()
    await post(page, 'worker').getByRole('button', { name: /^(指派|改派|Assign|Change)/ }).click()
    await page.getByRole('checkbox').check()
    expect(await faults(page)).toEqual([])
    await shot(page, `responders-grid-${width}-${lang}`)
    await leave()
    const { page: people } = await visit({ ...size, path: 'responders', hash: `#view=people&id=${li.id}` })
    await people.getByText('199****4711').last().waitFor()
    await people.getByRole('complementary').getByRole('button', { name: /^(显示电话|Show the phone number)/ }).click()
    expect(await faults(people)).toEqual([])
    await shot(people, `responders-people-${width}`)
    await leave()
    const { page: map } = await visit({ ...size, hash: `#grid=${code}&lang=${lang}` })
    await post(map, 'worker').getByRole('button').last().waitFor()
    await map.getByRole('button', { name: /^(更正四至|Put it right)$/ }).click()
    expect(await faults(map)).toEqual([])
    await shot(map, `posts-grid-${width}-${lang}`)
  })
})
