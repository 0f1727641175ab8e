// What is done to the register by hand: moving in and out, births, deaths, households divided, addresses put right, each with the way back. The people are
// invented here, in a house that stood empty; whatever was done is undone again.

import { mkdirSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { HousePeople, HousesFound, RegisterAct, Stack } from '../src/api/shapes'
import { checkOf } from '../src/register/idcard'
import { nameOf } from '../src/register/words'
import { faults } from './axe'
import { drawn, leave, noServer, start, stop, visit } from './browser'
import { demo, must, send } from './people'

async function shot(page: Page, name: string): Promise<void> {
  mkdirSync('screenshots', { recursive: true })
  await drawn(page)
  await page.waitForTimeout(350) // nothing is on its way any more
  await page.screenshot({ path: `screenshots/${name}.png` })
}

const county = () => demo('grid-worker').code.slice(0, 6)
const houses = (fragment: string): Promise<HousesFound> => must('clerk', 'GET', `/api/houses?county=${county()}&fragment=${encodeURIComponent(fragment)}`)
const houseOf = (id: string): Promise<HousePeople> => must('clerk', 'GET', '/api/houses/' + id)
const actsOf = async (id: string): Promise<RegisterAct[]> => (await must('clerk', 'GET', `/api/houses/${id}/acts`)).acts

/** A building in the grid worker's grid, or in another of the clerk's or of somebody else's, with two homes that stand empty. */
async function aBuilding(whose: 'worker' | 'clerk' | 'other'): Promise<{ stack: Stack; empty: string[] }> {
  const grid = demo('grid-worker').code
  for (const b of (await houses('1单元101')).houses) {
    if (whose !== (b.grid === grid ? 'worker' : b.seen ? 'clerk' : 'other')) continue
    const stack: Stack = await must('clerk', 'GET', `/api/buildings/${b.building}/houses`)
    const empty = stack.rooms.filter((r) => r.kind === 'home' && r.residents === 0).map((r) => r.id)
    if (empty.length > 1) return { stack, empty }
  }
  throw new Error('the demo has no such building')
}

/** An ID number under a division that was never issued. */
function cardOf(born: string, sequence: string): string {
  const digits = '790108' + born.replaceAll('-', '') + sequence
  return digits + checkOf(digits)
}

const used: string[] = []
/** Takes back what was done in the houses that a test used, the latest first. */
async function takeBack() {
  const acts = (await Promise.all(used.splice(0).map(actsOf))).flat().filter((a) => !a.undone)
  for (const a of acts.toSorted((x, y) => Number(y.id.split('-')[1]) - Number(x.id.split('-')[1]))) await must('clerk', 'POST', `/api/register-acts/${a.id}/undo`)
}

const panel = (page: Page) => page.getByRole('complementary')
const form = (page: Page, name: string) => panel(page).getByRole('form', { name })
const button = (page: Page, name: string) => panel(page).getByRole('button', { name, exact: true })
const said = (page: Page, text: string) => panel(page).getByRole('status').filter({ hasText: new RegExp(`^\\s*${text}\\s*$`) }).waitFor()
const ofPerson = (page: Page, name: string, act: string) => panel(page).getByRole('group', { name: `为 ${name} 办理` }).getByRole('button', { name: act, exact: true })

/** That nothing which is about somebody stands in an address, in a title, or in what the browser keeps. */
async function keepsNothing(page: Page, requests: string[], ...about: string[]) {
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.title, location.href, history.state, document.cookie]))
  const all = decodeURIComponent(kept + requests.join(' ').replace(/%(?![0-9a-f]{2})/gi, ''))
  for (const one of about) expect(all.includes(one), 'something about a person was kept').toBe(false)
}

describe.skipIf(noServer)('the register by hand', () => {
  beforeAll(start)
  afterEach(async (test) => {
    await leave(test)
    await takeBack()
  })
  afterAll(stop)

  test('somebody new moves in, a child is born, the household is divided; a death is undone; who moved out moves in elsewhere by their number', async () => {
    const { stack, empty } = await aBuilding('clerk')
    const [first, second] = empty as [string, string]
    used.push(first, second)
    const [name, child, card] = ['演示迁入人', '演示新生儿', cardOf('1990-05-17', '124')]
    const { page, requests, complaints } = await visit({ as: 'clerk', path: 'register', hash: `#building=${stack.building}&house=${first}`, width: 1366, height: 768 })
    await button(page, '迁入').click()
    await page.keyboard.press('Enter')
    await form(page, '迁入').getByText('请填写身份证号').waitFor()
    await form(page, '迁入').getByText('请填写姓名').waitFor()
    expect(await page.evaluate(() => document.activeElement?.hasAttribute('data-card'))).toBe(true) // the first that is wrong
    await page.keyboard.type(card.slice(0, 12))
    await form(page, '迁入').getByText('还差 6 位').waitFor()
    await page.keyboard.type(card.slice(12, 17) + (card[17] === '1' ? '2' : '1'))
    await form(page, '迁入').getByText('校验码不符').waitFor()
    await page.keyboard.press('Backspace')
    await page.keyboard.type(card[17]!)
    await form(page, '迁入').getByText(/^女 · 1990-05-17 生 · \d+ 岁$/).waitFor()
    await form(page, '迁入').getByText('您的范围内没有登记此人').waitFor()
    await page.getByLabel('姓名', { exact: true }).fill(name)
    await page.getByLabel('手机号（可不填）').fill('12')
    await page.getByLabel('民族').selectOption('回族')
    expect(await page.getByLabel('户', { exact: true }).inputValue()).toBe('new') // an empty house: a household of their own, and they its head
    expect(await page.getByLabel('与户主关系').inputValue()).toBe('户主')
    expect(await page.getByLabel('户号').inputValue()).toMatch(/-\d{6}$/) // for who has none
    await page.getByLabel('户号').fill('演示-1')
    expect(await faults(page)).toEqual([])
    await page.keyboard.press('Enter')
    await form(page, '迁入').getByText('应为 3 至 20 位数字').waitFor()
    await shot(page, 'registeracts-move-in')
    expect(await page.getByLabel('姓名', { exact: true }).inputValue()).toBe(name)
    await page.keyboard.press('Escape')
    await form(page, '迁入').waitFor({ state: 'detached' })
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('data-act'))).toBe('move-in') // where it was opened
    await button(page, '迁入').click() // what was typed is there again
    expect(await page.getByLabel('姓名', { exact: true }).inputValue()).toBe(name)
    await page.getByLabel('手机号（可不填）').fill('15400002222')
    await page.keyboard.press('Enter')
    await said(page, `已登记迁入：${name}`)
    await panel(page).locator('.member').getByText(name, { exact: true }).waitFor()
    expect((await houseOf(first)).households[0]!.members[0]!.nation).toBe('回族')
    await page.locator(`[data-room="${first}"]`).getByText('演***人').waitFor() // and in the rooms
    await page.waitForTimeout(300)
    expect(await page.evaluate(() => document.activeElement?.classList.contains('done'))).toBe(true) // beside the way back, though the rooms were asked for again
    expect(await panel(page).locator('dl').innerText()).not.toContain('空置')

    await button(page, '出生').click()
    await page.getByLabel('姓名', { exact: true }).fill(child)
    await page.getByLabel('与户主关系').selectOption('女')
    await shot(page, 'registeracts-birth')
    await page.keyboard.press('Enter')
    await said(page, `已登记出生：${child}`)
    await panel(page).locator('.member').nth(1).waitFor()

    await ofPerson(page, child, '分户').click()
    await page.getByLabel('户号').fill('演示-2')
    await shot(page, 'registeracts-split')
    await page.keyboard.press('Enter')
    await said(page, `已分户：${child}`)
    await panel(page).getByText('第 2 户').waitFor()
    expect(await ofPerson(page, child, '分户').getAttribute('aria-disabled')).toBe('true')
    await ofPerson(page, child, '分户').hover()
    await page.getByRole('tooltip').getByText('这一户只有一人').waitFor()
    await button(page, '撤销').first().click()
    await said(page, `已撤销：分户：${child}`)
    await panel(page).getByText('第 2 户').waitFor({ state: 'detached' })

    await ofPerson(page, child, '死亡').click()
    await page.getByLabel('去世日期').fill('2999-01-01')
    await page.keyboard.press('Enter')
    await form(page, `${child} 死亡`).getByText('日期在今天之后').waitFor()
    await page.getByLabel('去世日期').fill('1999-01-01')
    await page.keyboard.press('Enter')
    await form(page, `${child} 死亡`).getByText('日期早于入住日期').waitFor()
    await button(page, '死亡').last().click()
    await button(page, '死亡').last().click()
    await page.getByLabel('去世日期').fill(new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10))
    await page.keyboard.press('Enter')
    await said(page, `已登记死亡：${child}`)
    await expect.poll(() => panel(page).locator('.member').count()).toBe(1)
    await panel(page).getByRole('button', { name: `撤销：${child} 死亡` }).click()
    await expect.poll(() => panel(page).locator('.member').count()).toBe(2)
    const row = panel(page).locator('li.undone').filter({ hasText: `${child} 死亡` })
    await row.getByText(/^演示.+ · 刚刚$/).waitFor()
    await row.getByText(/^撤销：演示.+ · 刚刚$/).waitFor()
    await row.scrollIntoViewIfNeeded()
    await shot(page, 'registeracts-history')
    expect(await faults(page)).toEqual([])

    // Nobody moves into two houses.
    await page.locator(`[data-room="${second}"]`).click()
    await panel(page).getByText('登记中没有人住在这里').waitFor()
    await button(page, '迁入').click()
    await page.locator('[data-card]').fill(card)
    await form(page, '迁入').getByText('须先在那里办理迁出').waitFor()
    expect(await page.getByLabel('姓名', { exact: true }).inputValue()).toBe(name)
    await page.keyboard.press('Enter')
    await form(page, '迁入').getByText('请先由那里办理迁出').waitFor()
    await shot(page, 'registeracts-lives-elsewhere')
    await page.locator(`[data-room="${first}"]`).click()
    await ofPerson(page, name, '迁出').click()
    await page.keyboard.press('Enter')
    await said(page, `已登记迁出：${name}`)
    await page.locator(`[data-room="${second}"]`).click()
    await button(page, '迁入').click()
    await page.locator('[data-card]').fill('')
    await page.locator('[data-card]').fill(card)
    await form(page, '迁入').getByText(`在册：${name}`).waitFor()
    await page.locator('[data-card]').press('Enter')
    await said(page, `已登记迁入：${name}`)
    await button(page, '撤销').first().click()
    await said(page, `已撤销：登记迁入：${name}`)
    await panel(page).getByText('登记中没有人住在这里').waitFor()
    await page.locator(`[data-room="${first}"]`).click() // what came before something else stays until that is taken back
    await panel(page).getByRole('button', { name: `撤销：${name} 迁入` }).click()
    await said(page, '此后又有改动，不能撤销；请先撤销后来的操作')
    await keepsNothing(page, requests, name, child, card, '15400002222')
    expect(complaints.filter((c) => !/ 4(09|22) /.test(c))).toEqual([]) // the browser notes what was refused
  })

  test('a grid worker puts an address right, and where the house stands, in their own grid alone', async () => {
    const { stack, empty } = await aBuilding('worker')
    const other = await aBuilding('other')
    const id = empty[0]!
    used.push(id)
    const was = await houseOf(id)
    const { page } = await visit({
      as: 'grid-worker', path: 'register', hash: `#building=${stack.building}&house=${id}`, width: 1920, height: 1080,
      before: (p) => p.addInitScript(() => localStorage.setItem('jingwei.lang', 'en')),
    })
    await button(page, 'Correct address').click()
    await page.keyboard.press('Enter')
    await panel(page).getByText('there is nothing to correct').waitFor()
    await page.getByLabel('Room', { exact: true }).fill('1999')
    expect(await page.getByLabel('Standard address').inputValue()).toBe(was.address.replace(was.room + '室', '1999室'))
    await page.getByLabel('Floor', { exact: true }).fill('200')
    await page.keyboard.press('Enter')
    await panel(page).getByText('A floor is a whole number').waitFor()
    await page.getByLabel('Floor', { exact: true }).fill('19')
    await page.getByLabel('Standard address').fill('某处')
    await page.keyboard.press('Enter')
    await panel(page).getByText("the address doesn't say").waitFor()
    await button(page, 'Follow the fields').click()
    await shot(page, 'registeracts-address-1920-en')
    expect(await faults(page)).toEqual([])
    await button(page, 'Correct').click()
    await said(page, 'Address corrected')
    await panel(page).getByRole('heading', { name: [was.unit, '1999'].filter(Boolean).join(' ') }).waitFor()
    await panel(page).getByText('Was: ' + was.address).first().waitFor()
    await page.locator(`[data-room="${id}"]`).getByText('1999').waitFor()
    await expect.poll(async () => (await houses(was.place + was.number + was.unit + '1999')).houses.map((h) => h.id), { timeout: 15_000 }).toEqual([id]) // it is found by it
    await button(page, 'Undo').first().click()
    await said(page, 'Undone: Address corrected')
    await panel(page).getByRole('heading', { name: nameOf(was) }).waitFor()

    await button(page, 'Correct address').click()
    await button(page, 'Place on the map').click()
    await page.getByText('Click where the house stands').waitFor()
    await page.keyboard.press('Escape')
    await page.getByText('Click where the house stands').waitFor({ state: 'detached' })
    await button(page, 'Place on the map').click()
    await drawn(page)
    await page.keyboard.press('Enter') // by the keyboard: what lies under the cross
    await panel(page).getByText(/^moved by/).waitFor()
    const box = (await page.locator('#map').boundingBox())!
    const [x, y] = [box.x + (372 + box.width - 410) / 2, box.y + (24 + box.height - 480) / 2] // where the camera put the house
    await page.mouse.click(x + 330, y) // another's grid
    await button(page, 'Correct').click()
    await panel(page).getByText(/you don't keep the register at this position|within its own community/).waitFor()
    await shot(page, 'registeracts-position-1920-en')
    await page.mouse.click(x - 45, y - 40)
    await button(page, 'Correct').click()
    await said(page, 'Address corrected')
    expect((await houseOf(id)).lon).toBeLessThan(was.lon)
    await panel(page).getByRole('button', { name: 'Undo: Correct address' }).click()
    await said(page, 'Undone: Address corrected')
    expect(await houseOf(id)).toEqual(was)

    await page.evaluate((hash) => (location.hash = hash), '#house=' + other.empty[0])
    await panel(page).getByText('You do not see who lives here').waitFor()
    expect(await panel(page).getByRole('group', { name: 'To do here' }).count()).toBe(0)
    const outside = await houseOf(other.empty[0]!)
    const refused = await send('grid-worker', 'POST', `/api/houses/${outside.id}/address`, { place: outside.place, number: outside.number, unit: outside.unit, floor: 1, room: outside.room, address: outside.address })
    expect(refused.status).toBe(403)
    expect(JSON.stringify(refused.body)).toContain('该处不在您可以登记的范围内')
    expect((await actsOf(outside.id)).length).toBe(0)
  })

  test('on a phone everything is at hand; who only sees the register is offered nothing', async () => {
    const { empty } = await aBuilding('worker')
    const { page } = await visit({ as: 'grid-worker', path: 'register', hash: '#house=' + empty[0], width: 390, height: 844 })
    await button(page, '更正地址').click()
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
    await shot(page, 'registeracts-phone')
    await button(page, '在地图上重新定位').click()
    await panel(page).waitFor({ state: 'hidden' })
    await shot(page, 'registeracts-phone-place')
    await page.mouse.click(195, 500)
    await panel(page).getByText(/^移动/).waitFor()
    await leave()
    const { page: looking } = await visit({ as: 'dispatcher', path: 'register', hash: '#house=' + empty[0] })
    await panel(looking).getByRole('heading', { name: '办理记录' }).waitFor()
    expect(await panel(looking).getByRole('group', { name: '办理', exact: true }).count()).toBe(0)
  })
})
