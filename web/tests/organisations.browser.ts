// Organisations and vehicles: found by name and plate, shown in their house masked, in clear for a reason; and a table of organisations brought by a clerk.
// All of them are invented by the demo, or by this test.

import { mkdirSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Organisation, OrganisationContact, OrganisationList, Vehicle, VehiclePlate } from '../src/api/organisations'
import type { HousePeople, HousesFound } from '../src/api/shapes'
import { faults } from './axe'
import { leave, noServer, start, stop, visit } from './browser'
import { demo, must } from './people'

const county = () => Number(demo('grid-worker').code.slice(0, 6))
const search = async (text: string): Promise<Organisation[]> =>
  ((await must('dispatcher', 'GET', `/api/organisations?county=${county()}&text=${encodeURIComponent(text)}`)) as OrganisationList).organisations

async function shot(page: Page, name: string): Promise<void> {
  mkdirSync('screenshots', { recursive: true })
  await page.screenshot({ path: `screenshots/${name}.png` })
}

/** A house with a vehicle at it. */
async function aVehicle(): Promise<{ vehicle: Vehicle; home: HousePeople; clear: VehiclePlate }> {
  for (const h of ((await must('dispatcher', 'GET', `/api/houses?county=${county()}&fragment=${encodeURIComponent('1单元')}`)) as HousesFound).houses) {
    const [vehicle] = ((await must('dispatcher', 'GET', '/api/vehicles?house=' + h.id)) as { vehicles: Vehicle[] }).vehicles
    if (!vehicle) continue
    return { vehicle, home: await must('dispatcher', 'GET', '/api/houses/' + h.id), clear: await must('dispatcher', 'POST', `/api/vehicles/${vehicle.id}/plate`, { reason: '页面自动测试' }) }
  }
  throw new Error('the demo has no vehicle')
}

describe.skipIf(noServer)('organisations and vehicles', () => {
  beforeAll(start)
  afterEach(leave)
  afterAll(stop)

  test('found by name and by plate, masked in their house, in clear for a reason', async () => {
    const inHouse = (await search('（示例）')).find((o) => o.house && o.phone)!
    const alone = (await search('小学'))[0] ?? (await search('（示例）')).find((o) => !o.house)
    const { vehicle, clear } = await aVehicle()
    const { page, requests, complaints } = await visit({ as: 'dispatcher', path: 'register', width: 1366, height: 768 })
    await page.getByRole('tab', { name: '单位车辆' }).click()
    await page.getByLabel('名称中的几个字，或统一社会信用代码').fill('没有这家')
    await page.getByRole('button', { name: '查找', exact: true }).click()
    await page.getByText('没有找到；只查您范围内的单位').waitFor()
    await page.getByLabel('名称中的几个字，或统一社会信用代码').fill('（示例）')
    await page.keyboard.press('Enter')
    await page.getByText('超过 50 家，请再多写几个字').waitFor()
    await page.getByLabel('名称中的几个字，或统一社会信用代码').fill(inHouse.code.slice(0, 17) + (inHouse.code[17] === '0' ? '1' : '0'))
    await page.keyboard.press('Enter')
    await page.getByText(/校验码不符/).waitFor()
    await page.getByLabel('名称中的几个字，或统一社会信用代码').fill(inHouse.code)
    await page.keyboard.press('Enter')
    const shown = page.locator(`aside [data-organisation="${inHouse.id}"]`)
    await shown.getByText(inHouse.name, { exact: true }).waitFor()
    await shown.getByText(inHouse.phone).waitFor()
    expect(await faults(page)).toEqual([])
    await shown.getByRole('button', { name: `显示 ${inHouse.name} 的号码` }).click()
    await shown.getByRole('button', { name: '上门检查' }).click()
    await shown.getByRole('button', { name: '显示', exact: true }).click()
    await shown.getByText('仅本次显示').waitFor()
    const { contact, phone }: OrganisationContact = await must('dispatcher', 'POST', `/api/organisations/${inHouse.id}/contact`, { reason: '页面自动测试' })
    await shown.getByText(phone).waitFor()
    await shown.getByText(contact).waitFor()
    await shot(page, 'organisation-house')

    await page.getByRole('button', { name: '车辆', exact: true }).click()
    await page.getByLabel('号牌号码（完整）').fill(clear.plate)
    await page.getByRole('button', { name: '查找', exact: true }).click()
    await page.locator(`aside [data-vehicle="${vehicle.id}"]`).getByText(vehicle.plate).waitFor()
    await page.locator(`aside [data-vehicle="${vehicle.id}"]`).scrollIntoViewIfNeeded()
    await shot(page, 'organisation-vehicle')
    await page.keyboard.press('Escape')
    await page.locator('h1').click()
    await page.keyboard.press('l')
    await page.getByRole('button', { name: 'Organisation', exact: true }).click()
    await page.getByLabel('A piece of the name, or the credit code').fill(alone!.name)
    await page.getByRole('button', { name: 'Find', exact: true }).click()
    if (alone!.building) await page.locator(`[data-organisation="${alone!.id}"]`).getByText(alone!.name, { exact: true }).waitFor()
    expect(await faults(page)).toEqual([])
    await shot(page, 'organisation-building')
    const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.title, location.href, history.state, document.cookie]))
    const all = decodeURIComponent(kept + requests.join(' ').replace(/%(?![0-9a-f]{2})/gi, ''))
    for (const one of [contact, phone, clear.plate, clear.owner]) expect(all.includes(one), 'something about a person was kept').toBe(false)
    expect(complaints.filter((c) => !/422|404/.test(c))).toEqual([]) // the wrong code, and the school that has no houses
  })

  test('a clerk brings a table of organisations; what is wrong comes back', async () => {
    const { page, complaints } = await visit({ as: 'clerk', path: 'imports', width: 1366, height: 768 })
    const table = '单位名称,统一社会信用代码,类别,法定代表人,联系电话,房屋编号\n测试商店（示例）,,个体,演示甲,15400000001,没有这套\n测试公司（示例）,91110000000000000X,企业,演示乙,15400000002,\n'
    await page.locator('input[type=file]').setInputFiles({ name: '单位.csv', mimeType: 'text/csv', buffer: Buffer.from(table) })
    expect(await page.getByLabel('内容').inputValue()).toBe('organisations')
    await page.getByLabel('坐标系').waitFor()
    await page.getByRole('button', { name: '上传并预览' }).click()
    await page.getByRole('rowheader', { name: '法定代表人' }).waitFor()
    expect(await page.locator('table').innerText()).not.toContain('演示甲')
    await page.getByText(/不是统一社会信用代码/).waitFor()
    expect(await faults(page)).toEqual([])
    mkdirSync('screenshots', { recursive: true })
    await page.screenshot({ path: 'screenshots/organisation-import.png' })
    await page.getByRole('button', { name: '开始导入' }).click()
    await page.getByText('退回的行错在哪里').waitFor()
    expect(complaints).toEqual([])
  })
})
