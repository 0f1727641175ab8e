// People and houses: people found by their house, houses found by who lives in them, as dispatchers, clerks and grid workers meet them. The people are
// those that the demo invents; nothing about one of them may stay anywhere but on the screen.

import { mkdirSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { House, HousePeople, HousesFound, Occupant, ResidentNumbers, Stack } from '../src/api/shapes'
import { nameOf } from '../src/register/words'
import { faults } from './axe'
import { drawn, leave, noServer, start, stop, visit } from './browser'
import { demo, must, send } from './people'
import type { Role } from './people'

async function shot(page: Page, name: string): Promise<void> {
  mkdirSync('screenshots', { recursive: true })
  await drawn(page)
  await page.waitForTimeout(350) // nothing is on its way any more
  await page.screenshot({ path: `screenshots/${name}.png` })
}

const county = () => demo('grid-worker').code.slice(0, 6)
const houses = (fragment: string): Promise<HousesFound> => must('dispatcher', 'GET', `/api/houses?county=${county()}&fragment=${encodeURIComponent(fragment)}`)
const stackOf = (id: string, as: Role = 'dispatcher'): Promise<Stack> => must(as, 'GET', `/api/buildings/${id}/houses`)
const houseOf = (id: string): Promise<HousePeople> => must('dispatcher', 'GET', '/api/houses/' + id)
const numbersOf = (who: Occupant): Promise<ResidentNumbers> => must('dispatcher', 'POST', `/api/residents/${who.resident}/numbers`, { reason: '页面自动测试' })

/** A building of two entrances or more where the grid worker works, or somewhere else. */
async function aBuilding(own = false): Promise<Stack> {
  const grid = demo('grid-worker').code
  for (const b of (await houses(own ? '1单元101' : '2单元101室')).houses) {
    if ((b.grid === grid) !== own) continue
    const stack = await stackOf(b.building)
    if (stack.rooms.some((r) => r.residents > 1)) return stack
  }
  throw new Error('the demo has no such building')
}

/** A house of it with people in it, and one of them who has numbers. */
async function somebody(stack: Stack): Promise<{ home: HousePeople; who: Occupant }> {
  for (const room of stack.rooms.filter((r) => r.residents > 1)) {
    const home = await houseOf(room.id)
    const who = home.households.flatMap((h) => h.members).find((m) => m.phone && m.card)
    if (who) return { home, who }
  }
  throw new Error('nobody there has numbers')
}

/** That nothing which is about somebody stands in an address, in a title, or in what the browser keeps. */
async function keepsNothing(page: Page, requests: string[], ...about: string[]) {
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.title, location.href, history.state, document.cookie]))
  const all = decodeURIComponent(kept + requests.join(' ').replace(/%(?![0-9a-f]{2})/gi, ''))
  for (const one of about) expect(all.includes(one), 'something about a person was kept').toBe(false)
}

const panel = (page: Page) => page.getByRole('complementary')
const rooms = (page: Page) => page.getByRole('region', { name: '楼盘表' })
const focused = (page: Page, attribute: string) => page.evaluate((a) => document.activeElement?.getAttribute(a) ?? '', attribute)
const short = (h: House) => [h.unit, h.room].filter(Boolean).join(' ')

async function byPerson(page: Page, way: string) {
  await page.getByRole('tab', { name: '以人找房' }).click()
  await page.getByRole('button', { name: way, exact: true }).click()
}

const find = (page: Page) => page.getByRole('button', { name: '查找', exact: true }).click()

describe.skipIf(noServer)('people and houses', () => {
  beforeAll(start)
  afterEach(leave)
  afterAll(stop)

  test('a building clicked on the map shows its rooms; one of them who lives there, and a person where else they lived', async () => {
    const stack = await aBuilding()
    const { home, who } = await somebody(stack)
    const { page, requests, complaints } = await visit({ as: 'dispatcher', path: 'register', hash: '#building=' + stack.building, width: 1366, height: 768 })
    await rooms(page).getByRole('heading', { name: stack.name }).waitFor()
    await drawn(page)
    const box = (await page.locator('#map').boundingBox())!
    await rooms(page).getByRole('button', { name: '关闭' }).click()
    await rooms(page).waitFor({ state: 'detached' })
    await page.mouse.click(box.x + (372 + box.width - 64) / 2, box.y + (24 + box.height - Math.min(768 * 0.6, 480)) / 2) // where the camera put it
    await rooms(page).getByRole('heading', { name: stack.name }).waitFor()
    expect(new URL(page.url()).hash).toBe('#building=' + stack.building)
    expect(await rooms(page).locator('[data-room]').count()).toBe(stack.rooms.length)
    const vacant = stack.rooms.filter((r) => r.kind === 'home' && r.residents === 0 && r.occupancy !== 'rented').length
    if (vacant) await rooms(page).getByRole('button', { name: `空置 ${vacant}` }).waitFor()
    await shot(page, 'register-stack')

    await rooms(page).locator(`[data-room="${home.id}"]`).click()
    await panel(page).getByText(who.name, { exact: true }).waitFor()
    expect(await page.locator('.member').count()).toBe(home.households.reduce((n, h) => n + h.members.length, 0))
    expect(await panel(page).getByRole('link', { name: '网格 ' + home.grid.slice(-3) }).getAttribute('href')).toContain('#grid=' + home.grid)
    await shot(page, 'register-house')
    await panel(page).getByRole('button', { name: `看 ${who.name} 的居住情况` }).click()
    await panel(page).getByRole('button', { name: nameOf(home) }).waitFor()
    expect(new URL(page.url()).hash).toBe(`#building=${stack.building}&house=${home.id}`)
    await panel(page).getByRole('button', { name: '回到房屋' }).click()
    await page.goBack()
    await panel(page).waitFor({ state: 'detached' })
    await keepsNothing(page, requests, who.name, who.card, who.phone)
    expect(complaints).toEqual([])
  })

  test('a house is found by a piece of its address and reached by the keyboard alone', async () => {
    const stack = await aBuilding()
    const { page, complaints } = await visit({ as: 'clerk', path: 'register', width: 1366, height: 768 })
    await page.locator('#fragment').waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('没有这种地方')
    await page.getByText('没有地址含“没有这种地方”的房屋').waitFor()
    // Pinyin, its first letters or a wrong character: what may be meant is offered, and opened or searched for.
    const compound = stack.name.replace(/\d.*$/, '')
    await page.getByLabel('地址中的几个字').fill(stack.name.replace(compound, '囧' + compound.slice(1)))
    await page.getByRole('list', { name: '相近的地址' }).locator('[data-maybe="building"]').first().waitFor()
    await shot(page, 'register-maybe')
    await page.locator('#fragment').press('ArrowDown')
    await page.keyboard.press('Enter')
    await expect.poll(() => focused(page, 'data-room')).not.toBe('')
    expect(new URL(page.url()).hash).toBe('#building=' + stack.building)
    await page.keyboard.press('Escape')
    await rooms(page).waitFor({ state: 'detached' })
    const village = (await houses('庄村')).houses.find((h) => h.place.endsWith('村'))!.place
    await page.getByLabel('地址中的几个字').fill(village) // courtyards, and buildings of several homes among them
    await page.getByRole('list', { name: '找到的房屋' }).getByText(village + '1号', { exact: true }).waitFor()
    await page.getByLabel('地址中的几个字').fill(stack.name)
    await page.locator(`[data-building="${stack.building}"]`).waitFor()
    await shot(page, 'register-address')
    await page.locator(`[data-building="${stack.building}"]`).focus()
    await page.keyboard.press('Enter')
    await expect.poll(() => focused(page, 'data-room')).not.toBe('') // the rooms have the keyboard
    const first = await focused(page, 'data-room')
    await page.keyboard.press('ArrowDown')
    const below = await focused(page, 'data-room')
    const [a, b] = [first, below].map((id) => stack.rooms.find((r) => r.id === id)!)
    expect([b!.unit, b!.floor]).toEqual([a!.unit, stack.floors[1]])
    await page.keyboard.press('End')
    const end = await focused(page, 'data-room')
    expect(stack.rooms.find((r) => r.id === end)!.unit).toBe(stack.units.at(-1))
    await page.keyboard.press('Enter')
    await panel(page).getByRole('heading', { name: short(stack.rooms.find((r) => r.id === end)!) }).waitFor()
    await page.keyboard.press('Escape')
    await expect.poll(() => focused(page, 'data-room')).toBe(end)
    await page.keyboard.press('Escape')
    await rooms(page).waitFor({ state: 'detached' })
    await expect.poll(() => focused(page, 'data-building')).toBe(stack.building)
    expect(complaints).toEqual([])
  })

  test('a person is found by ID number and by name with a date of birth; their house is marked and one click away', async () => {
    const { home, who } = await somebody(await aBuilding())
    const { card, phone } = await numbersOf(who)
    const { page, requests } = await visit({ as: 'dispatcher', path: 'register', width: 1366, height: 768 })
    await byPerson(page, '身份证号')
    await find(page)
    await page.getByText('请填写完整的身份证号').waitFor()
    await page.getByLabel(/^身份证号/).fill(card.slice(0, -1) + (card.endsWith('1') ? '2' : '1'))
    await find(page)
    await page.locator('.fault').waitFor() // its check character is wrong
    await page.getByLabel(/^身份证号/).fill(card)
    await find(page)
    await panel(page).getByRole('heading', { name: who.name }).waitFor()
    await panel(page).getByText('现住').waitFor()
    expect(new URL(page.url()).hash).toBe('')
    await page.locator('#map .found').waitFor() // where they live
    await shot(page, 'register-person')
    await panel(page).getByRole('button', { name: nameOf(home) }).click()
    await panel(page).getByRole('heading', { name: nameOf(home) }).waitFor()
    await page.keyboard.press('Escape')

    await page.getByRole('button', { name: '手机号', exact: true }).click()
    await page.getByLabel(/^手机号/).fill(phone)
    await find(page)
    await panel(page).getByRole('heading', { name: who.name }).waitFor()

    await page.getByRole('button', { name: '姓名', exact: true }).click()
    await page.getByLabel('姓名（全名）').fill(who.name)
    await find(page)
    await page.getByText('请再给出社区或出生日期').waitFor()
    await page.getByLabel('出生日期').fill(who.born!)
    await find(page)
    await panel(page).getByRole('heading', { name: who.name }).waitFor()
    await page.getByLabel('姓名（全名）').fill('查无此人')
    await find(page)
    await page.getByText('没有找到', { exact: true }).waitFor()
    await panel(page).waitFor({ state: 'detached' }) // nobody is shown who wasn't asked for
    await keepsNothing(page, requests, who.name, card, phone, who.born!, encodeURIComponent(who.name))
  })

  test('of several who bear a name each is listed with where they live; too many are asked about more', async () => {
    const { who } = await somebody(await aBuilding())
    const { page } = await visit({
      as: 'dispatcher',
      path: 'register',
      before: (p) =>
        p.route('**/api/residents/search', async (route) => {
          const answer = await route.fetch()
          const body = (await answer.json()) as { residents: (Occupant & { home: House })[] }
          if (route.request().postDataJSON().born === '1900-01-01') return route.fulfill({ status: 422, contentType: 'application/problem+json', body: JSON.stringify({ detail_zh: '符合条件的人超过 50 位', detail_en: 'more than 50' }) })
          if (route.request().postDataJSON().born === '1900-01-02') return route.fulfill({ status: 403, contentType: 'application/problem+json', body: JSON.stringify({ detail_zh: '没有权限', detail_en: 'not permitted' }) })
          const one = body.residents[0]!
          return route.fulfill({ json: { residents: [one, { ...one, resident: county() + '-999999', home: { ...one.home, place: '另一小区' } }] } })
        }),
    })
    await byPerson(page, '姓名')
    await page.getByLabel('姓名（全名）').fill(who.name)
    await page.getByLabel('出生日期').fill(who.born!)
    await find(page)
    await page.getByText('找到 2 人').waitFor()
    await page.getByRole('list', { name: '找到的人' }).getByText(/另一小区/).waitFor()
    expect(await panel(page).count()).toBe(0) // which of them was meant nobody knows yet
    await page.locator(`[data-person="${who.resident}"]`).click()
    await panel(page).getByRole('heading', { name: who.name }).waitFor()
    await page.keyboard.press('Escape')
    await expect.poll(() => focused(page, 'data-person')).toBe(who.resident)
    for (const [born, said] of [
      ['1900-01-01', '符合条件的人超过 50 位'],
      ['1900-01-02', '没有权限'],
    ] as const) {
      await page.getByLabel('出生日期').fill(born)
      await find(page)
      await page.getByText(said).waitFor()
      expect(await page.locator('[data-person]').count()).toBe(0)
    }
  })

  test('numbers are shown for a reason that stands in the trail, and are gone again', async () => {
    const { home, who } = await somebody(await aBuilding())
    const { card, phone } = await numbersOf(who)
    const { page, requests } = await visit({ as: 'dispatcher', path: 'register', hash: '#house=' + home.id })
    await page.getByRole('button', { name: `显示 ${who.name} 的号码` }).click()
    await page.getByRole('button', { name: '显示', exact: true }).click()
    await page.getByText('请写明原因').waitFor()
    expect(await page.content()).not.toContain(phone)
    await page.getByLabel('为什么要看？').fill('核对水费欠缴')
    await page.getByRole('button', { name: '显示', exact: true }).click()
    expect(await page.getByRole('link', { name: '拨打 ' + phone }).getAttribute('href')).toBe('tel:' + phone)
    await page.getByText(card).waitFor()
    await shot(page, 'register-numbers')
    const trail = await must('auditor', 'GET', `/api/trail?subject=resident:${who.resident}&action=resident.unmasked`)
    expect(trail.entries.map((e: { reason: string }) => e.reason)).toContain('核对水费欠缴')
    await keepsNothing(page, requests, card, phone, who.name)
    await page.getByRole('button', { name: '隐藏' }).click()
    expect(await page.content()).not.toContain(phone)
    await leave()
    const { page: audit } = await visit({ as: 'auditor', path: 'trail' })
    await audit.getByRole('row').getByText('查看居民号码').first().waitFor()
  })

  test('a grid worker sees who lives in their own grid, and of other grids the houses alone', async () => {
    const [own, other] = [await aBuilding(true), await aBuilding()]
    const { page } = await visit({ as: 'grid-worker', path: 'register', hash: '#building=' + own.building, width: 390, height: 844 })
    const lived = own.rooms.find((r) => r.residents > 0)!
    await rooms(page).locator(`[data-room="${lived.id}"]`).getByText(lived.names[0]!).waitFor()
    await shot(page, 'register-worker-phone')
    await page.evaluate((hash) => (location.hash = hash), '#building=' + other.building)
    await page.getByText('这栋楼不在您的范围内').waitFor()
    expect(await rooms(page).innerText()).not.toMatch(/\*/)
    await shot(page, 'register-worker-outside')
    await rooms(page).locator('[data-room]').first().click()
    await page.getByText('您看不到这里住着谁').waitFor()
    const { who } = await somebody(other)
    const { card } = await numbersOf(who)
    expect((await send('grid-worker', 'GET', '/api/residents/' + who.resident)).status).toBe(404)
    await page.getByRole('button', { name: '在地图上看' }).click() // a phone has room for one thing
    await panel(page).waitFor({ state: 'detached' })
    await byPerson(page, '身份证号')
    await page.getByLabel(/^身份证号/).fill(card)
    await find(page)
    await page.getByText('没有找到', { exact: true }).waitFor()
    await leave()
    const { page: planner } = await visit({ as: 'planner', path: 'register' })
    expect(await planner.getByRole('link', { name: '人口房屋' }).count()).toBe(0) // who doesn't see the register has no such page
  })

  test.each([
    [1366, 768, 'zh'],
    [1920, 1080, 'en'],
    [390, 844, 'zh'],
  ] as const)('axe finds nothing at %i × %i in %s', async (width, height, lang) => {
    const stack = await aBuilding()
    const { home, who } = await somebody(stack)
    const { page } = await visit({ as: 'dispatcher', path: 'register', width, height, before: (p) => p.addInitScript((l) => localStorage.setItem('jingwei.lang', l), lang) })
    const words = lang === 'zh' ? { people: '以人找房', name: '姓名' } : { people: 'By person', name: 'Name' }
    await page.locator('#fragment').fill(stack.name)
    await page.locator(`[data-building="${stack.building}"]`).waitFor()
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
    expect(await faults(page)).toEqual([])
    await page.locator(`[data-building="${stack.building}"]`).click()
    await page.locator('[data-room]').first().waitFor()
    await page.locator('.key button').first().click() // what isn't brought out can be read still
    expect(await faults(page)).toEqual([])
    await shot(page, `register-stack-${width}-${lang}`)
    await page.locator(`[data-room="${home.id}"]`).click()
    await page.locator('.member .icon-button').first().click()
    expect(await faults(page)).toEqual([])
    await shot(page, `register-house-${width}-${lang}`)
    await page.locator(`[data-resident="${who.resident}"] .name`).click()
    await panel(page).getByRole('heading', { name: who.name }).waitFor()
    expect(await faults(page)).toEqual([])
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')
    await page.getByRole('tab', { name: words.people }).click()
    await page.getByRole('button', { name: words.name, exact: true }).click()
    await page.locator('form .primary:visible').click()
    expect(await faults(page)).toEqual([])
    await shot(page, `register-people-${width}-${lang}`)
  })

  test('from a grid on the map the way leads to who lives there; not for who may not see them', async () => {
    const code = demo('grid-worker').code
    const { page } = await visit({ as: 'grid-worker', hash: '#grid=' + code })
    await page.locator('.who-lives').click()
    await page.getByRole('heading', { level: 1, name: '人口房屋' }).waitFor()
    const [lon, lat] = (await must('leader', 'GET', '/api/grids/' + code)).label as [number, number]
    expect(new URL(page.url()).hash).toBe(`#at=${lon.toFixed(6)},${lat.toFixed(6)}`)
    await drawn(page)
    const other = await visit({ as: 'leader', hash: '#grid=' + code })
    await other.page.locator('#code').waitFor()
    await other.page.locator('.facts').first().waitFor()
    expect(await other.page.locator('.who-lives').count()).toBe(0)
  })
})
