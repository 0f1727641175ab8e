// Who is looked after and visited: a grid worker on a phone, a clerk with the keyboard, the administrator who defines the kinds. Nothing about anybody may stay
// anywhere but on the screen.

import { mkdirSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { CareKind, ResidentVisit, WatchCount, Watched } from '../src/api/shapes'
import { today } from '../src/register/age'
import { later } from '../src/watch/days'
import { faults } from './axe'
import { leave, noServer, start, stop, visit } from './browser'
import { atDesk, reported } from './dispatch'
import { demo, fresh, must } from './people'
import type { Role } from './people'

async function shot(page: Page, name: string): Promise<void> {
  mkdirSync('screenshots', { recursive: true })
  await page.waitForTimeout(250)
  await page.screenshot({ path: `screenshots/${name}.png` })
}

const ground = (as: Role) => demo(as).code
const listOf = async (as: Role, division = ground(as), more = ''): Promise<Watched[]> => (await must(as, 'GET', `/api/watch?division=${division}${more}`)).residents
const countsOf = async (as: Role, division = ground(as)): Promise<WatchCount[]> => (await must(as, 'GET', '/api/watch/counts?division=' + division)).counts
const visitsOf = async (as: Role, resident: string): Promise<ResidentVisit[]> => (await must(as, 'GET', `/api/residents/${resident}/visits`)).visits
const plan = (as: Role, resident: string, reason: string, due: string) => must(as, 'POST', `/api/residents/${resident}/visits`, { reason, due })
const row = (page: Page, of: Watched) => page.locator('li', { has: page.locator(`[data-row="${of.resident}"]`) })
const figure = (page: Page, name: string) => page.locator('.figure', { hasText: name }).locator('b')
const focused = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute('data-row') ?? '')

/** That nothing which is about somebody stands in an address, in a title, or in what the browser keeps. */
async function keepsNothing(page: Page, requests: string[], ...about: string[]) {
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.title, location.href, history.state, document.cookie]))
  const all = decodeURIComponent(kept + requests.join(' ').replace(/%(?![0-9a-f]{2})/gi, ''))
  for (const one of about) expect(all.includes(one), 'something about a person was kept').toBe(false)
}

describe.skipIf(noServer)('care and visits', () => {
  beforeAll(start)
  afterEach(leave)
  afterAll(stop)

  test('a grid worker sees on a phone whose visit is overdue, enters it, and plans what comes next', async () => {
    const before = await listOf('grid-worker')
    const who = before.find((r) => r.care.length > 0)!
    for (const v of await visitsOf('grid-worker', who.resident)) if (!v.done) await must('grid-worker', 'DELETE', '/api/visits/' + v.id)
    await plan('grid-worker', who.resident, 'illness', later(today(), -300))
    const [all] = await countsOf('grid-worker')
    const { page, requests, complaints } = await visit({ as: 'grid-worker', path: 'watch', width: 390, height: 844 })
    await row(page, who).getByText('逾期 300 天').waitFor()
    expect(await focused(page)).toBe('')
    expect(await page.locator('[data-row]').first().getAttribute('data-row')).toBe(who.resident) // overdue longest
    await expect.poll(() => figure(page, '逾期未访').innerText()).toBe(String(all!.overdue))
    expect(await figure(page, '全部').innerText()).toBe(String(all!.people))
    for (const heading of ['Care and visits', '关爱走访']) { // in English everything is wider
      await page.keyboard.press('l')
      await page.getByRole('heading', { name: heading }).waitFor()
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
    }
    expect(who.name).toContain('*')
    await shot(page, 'watch-phone')

    await row(page, who).getByRole('button', { name: `记走访 · ${who.name}` }).click()
    await row(page, who).getByRole('heading', { name: '走访记录 · 重病住院' }).waitFor()
    await page.getByLabel('走访日期').fill(later(today(), 1))
    await page.getByRole('button', { name: '记下' }).click()
    await page.getByText('走访日期不能在今天之后').waitFor()
    await page.getByLabel('走访日期').fill(today())
    await page.getByLabel('下次走访').fill(later(today(), 5))
    const note = '血压平稳，已约复诊 ' + fresh()
    await page.getByLabel(/^看到什么/).fill(note)
    expect(await faults(page)).toEqual([])
    await shot(page, 'watch-phone-form')
    // The signal drops: what was typed stays, and goes when it is back.
    await page.route('**/api/visits/*', (route) => route.abort())
    await page.getByRole('button', { name: '记下' }).click()
    await row(page, who).locator('form .fault').waitFor()
    expect(await page.getByLabel(/^看到什么/).inputValue()).toBe(note)
    await page.unroute('**/api/visits/*')
    await page.getByRole('button', { name: '记下' }).click()
    await page.getByText('已记下这次走访。').waitFor()
    await expect.poll(() => page.evaluate(() => document.activeElement?.classList.contains('saved'))).toBe(true) // the form is gone
    await row(page, who).getByText(note).waitFor()
    await row(page, who).locator('.row').getByText('还有 5 天').waitFor()
    await row(page, who).locator('.row .last').getByText('今天').waitFor()
    await expect.poll(() => figure(page, '逾期未访').innerText()).toBe(String(all!.overdue - 1))

    await row(page, who).getByRole('button', { name: '安排走访' }).click()
    await row(page, who).getByRole('button', { name: '生活困难' }).click()
    await page.getByLabel('应在何时之前').fill(later(today(), 2))
    await row(page, who).getByRole('button', { name: '安排', exact: true }).click()
    await row(page, who).locator('.row').getByText('生活困难').waitFor()
    const kind = (await must('grid-worker', 'GET', '/api/care-kinds?county=' + ground('grid-worker').slice(0, 6))).kinds.find((k: CareKind) => !k.own && !who.care.includes(k.kind)) as CareKind
    await row(page, who).getByLabel('纳入关爱').selectOption(kind.kind)
    await row(page, who).locator('.row').getByText(kind.zh, { exact: true }).waitFor()
    await row(page, who).getByRole('button', { name: '撤销' }).click()
    await row(page, who).getByText('已撤销。').waitFor()
    expect((await listOf('grid-worker')).find((r) => r.resident === who.resident)!.care).toEqual(who.care)
    await shot(page, 'watch-phone-open')
    await keepsNothing(page, requests, who.name, note)
    expect(complaints.filter((c) => !c.includes('ERR_FAILED'))).toEqual([])
    for (const v of await visitsOf('grid-worker', who.resident)) if (!v.done) await must('grid-worker', 'DELETE', '/api/visits/' + v.id)
  })

  test('a clerk goes through the list by the keyboard and opens somebody in the register; what is empty and what fails says so', async () => {
    const all = await listOf('clerk')
    const kinds = (await countsOf('clerk')).filter((c) => c.kind)
    const [first, second] = all as [Watched, Watched]
    const { page, requests, complaints } = await visit({ as: 'clerk', path: 'register', width: 1366, height: 768 })
    await page.getByRole('link', { name: '关爱走访', exact: true }).click()
    await page.locator(`[data-row="${first.resident}"]`).waitFor()
    await expect.poll(() => page.locator('.chip').count()).toBe(kinds.length)
    await shot(page, 'watch-clerk')
    await page.locator(`[data-row="${first.resident}"]`).focus()
    await page.keyboard.press('ArrowDown')
    expect(await focused(page)).toBe(second.resident)
    await page.keyboard.press('v')
    await page.getByLabel('走访日期').waitFor()
    await expect.poll(() => page.evaluate(() => document.activeElement?.closest('.detail') !== null)).toBe(true)
    await page.keyboard.press('Escape')
    await expect.poll(() => focused(page)).toBe(second.resident)
    await page.keyboard.press('Enter')
    await page.getByRole('complementary', { name: '所选居民' }).getByRole('heading', { name: '关爱类别' }).waitFor()
    expect(new URL(page.url()).hash).toBe('#house=' + second.house)
    await shot(page, 'watch-in-register')
    await page.goBack()

    // Those of one kind; in English.
    const few = kinds.toSorted((a, b) => a.people - b.people)[0]!
    await page.locator(`[data-row="${first.resident}"]`).waitFor()
    await page.evaluate((hash) => (location.hash = hash), '#kind=' + few.kind)
    await expect.poll(() => page.locator('[data-row]').count()).toBe(Math.min(few.people, 50))
    await page.locator('h1').focus()
    await page.keyboard.press('l')
    await page.getByRole('group', { name: 'Show only' }).waitFor()
    await page.setViewportSize({ width: 1920, height: 1080 })
    await page.getByRole('button', { name: /^(Enter a visit|Care and visits) · / }).first().click()
    await page.getByRole('heading', { name: 'Kinds of care' }).waitFor()
    expect(await faults(page)).toEqual([])
    await shot(page, 'watch-english')
    await page.evaluate(() => (location.hash = '#kind=nothing'))
    await page.getByText('Nobody fits').waitFor()
    await page.getByRole('button', { name: 'Show all' }).click()
    await page.locator(`[data-row="${first.resident}"]`).waitFor()

    await page.route('**/api/watch?*', (route) => route.fulfill({ status: 503, contentType: 'application/problem+json', body: JSON.stringify({ detail_zh: '稍后再试', detail_en: 'try later' }) }))
    await page.evaluate(() => (location.hash = '#overdue=1'))
    await page.getByText('try later').waitFor()
    await page.unroute('**/api/watch?*')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByText('try later').waitFor({ state: 'detached' })
    await keepsNothing(page, requests, first.name, second.name)
    expect(complaints.filter((c) => !c.includes('503'))).toEqual([])
  })

  test('a dispute that is reported calls for a visit: the grid worker enters it, and the incident shows what was seen', async () => {
    const dispute = await reported('dispatcher', { kind: 'dispute', text: '楼上楼下因漏水争执' })
    const medical = await reported('dispatcher', { kind: 'medical', text: '老人突发晕厥' })
    const calm = await reported('dispatcher', { kind: 'garbage', text: '楼道杂物' })
    const { page, requests, complaints } = await visit({ as: 'grid-worker', path: 'watch', width: 390, height: 844 })
    await page.getByRole('button', { name: /事件走访$/ }).click()
    const call = (id: string) => page.locator('li', { has: page.locator(`[data-row="${id}"]`) })
    await call(dispute.id).getByText('还有 3 天').waitFor()
    await call(medical.id).getByText('明天').waitFor()
    expect(await call(calm.id).count()).toBe(0)
    const order = await page.locator('[data-row]').evaluateAll((rows) => rows.map((r) => (r as HTMLElement).dataset.row))
    expect(order.indexOf(medical.id)).toBeLessThan(order.indexOf(dispute.id)) // what is due first comes first
    const before = Number(await figure(page, '事件走访').innerText())
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
    await shot(page, 'calls-phone')

    await call(dispute.id).getByRole('button', { name: /^记走访/ }).click()
    await page.getByLabel('走访日期').fill(later(today(), -1))
    await page.getByRole('button', { name: '记下' }).click()
    await page.getByText('走访日期不能早于事件上报之日').waitFor()
    await page.getByLabel('走访日期').fill(today())
    const note = '双方已和解 ' + fresh()
    await page.getByLabel(/^看到什么/).fill(note)
    expect(await faults(page)).toEqual([])
    await shot(page, 'calls-phone-form')
    await page.getByRole('button', { name: '记下' }).click()
    await call(dispute.id).getByText('已记下这次走访。').waitFor()
    await expect.poll(() => figure(page, '事件走访').innerText()).toBe(String(before - 1))
    await page.locator(`[data-row="${dispute.id}"]`).click()
    await page.locator('#panel').getByText(note).waitFor()
    await keepsNothing(page, requests, note)
    expect(complaints).toEqual([])
    await leave()

    // At a desk: by the keyboard, and one that needs no visit goes.
    const { page: desk } = await visit({ as: 'clerk', path: 'watch', hash: '#incidents=1', width: 1366, height: 768 })
    await desk.locator(`[data-row="${medical.id}"]`).focus()
    await shot(desk, 'calls-clerk')
    await desk.keyboard.press('v')
    await desk.getByRole('button', { name: '不需要走访' }).click()
    await desk.getByText('已从待走访中去掉。').waitFor()
    expect(await desk.evaluate(() => document.activeElement?.getAttribute('data-row'))).toBe(medical.id)
    await leave()

    // Who doesn't keep the register sees by when, and enters nothing.
    const another = await reported('dispatcher', { kind: 'dispute', text: '邻里噪音纠纷' })
    const { page: watched } = await atDesk('dispatcher', '#incident=' + another.id)
    await watched.locator('#panel').getByText(/^应于 .* 前走访/).waitFor()
    expect(await watched.locator('#panel').getByRole('button', { name: '记走访' }).count()).toBe(0)
    await shot(watched, 'call-in-incident')
  })

  test('the administrator of the county defines a kind of care, and the worker of another grid sees nobody', async () => {
    const county = ground('administrator').slice(0, 6)
    const { page, complaints } = await visit({ as: 'administrator', path: 'watch', width: 1366, height: 768 })
    await page.getByRole('heading', { name: '关爱类别', level: 1 }).waitFor()
    await page.getByText('独居老人').waitFor()
    await page.getByRole('button', { name: '增加类别' }).click()
    await page.getByRole('button', { name: '保存' }).click()
    await page.getByText('请填写中文名称').waitFor()
    const name = '失独' + fresh('').slice(-6)
    await page.getByLabel('中文名称').fill(name)
    await page.getByLabel('英文名称').fill('Lost an only child')
    await page.getByLabel(/^走访间隔/).fill('14')
    await page.getByRole('button', { name: '保存' }).click()
    await page.getByRole('listitem').filter({ hasText: name }).getByText('每 14 天走访').waitFor()
    expect(await faults(page)).toEqual([])
    await page.getByRole('button', { name: `修改“${name}”` }).click()
    await page.getByLabel('继续使用').uncheck()
    await shot(page, 'watch-kinds')
    await page.getByRole('button', { name: '保存' }).click()
    await page.getByRole('listitem').filter({ hasText: name }).getByText('已停用').waitFor()
    const known = (await must('clerk', 'GET', '/api/care-kinds?county=' + county)).kinds.find((k: CareKind) => k.zh === name)
    expect(known.used).toBe(false)
    expect(complaints).toEqual([])
    await leave()

    const own = ground('grid-worker')
    const elsewhere = (await listOf('dispatcher', county, '&limit=500')).find((r) => r.grid !== own)!
    const { page: worker } = await visit({ as: 'grid-worker', path: 'watch', hash: '#division=' + elsewhere.grid, width: 390, height: 844 })
    await worker.getByText('不在您的范围内').waitFor()
    await expect.poll(() => figure(worker, '全部').innerText()).toBe('0')
    await shot(worker, 'watch-phone-nobody')
  })
})
