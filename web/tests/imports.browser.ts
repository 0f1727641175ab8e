// Imports, as a clerk meets them: a file of people in GB18030 with wrong rows, mended and sent again; what it would change of somebody; addresses that lead
// to no house, placed once. Nobody in these files exists, and nothing of them stays in the browser.

import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { House, HousePeople, HousesFound, Occupant, Stack } from '../src/api/shapes'
import { faults } from './axe'
import { drawn, leave, noServer, picture, start, stop, visit } from './browser'
import { gb18030 } from './gb18030'
import { demo, must } from './people'

const clerk = () => demo('clerk').code
const county = () => clerk().slice(0, 6)
const find = (fragment: string): Promise<HousesFound> => must('clerk', 'GET', `/api/houses?county=${county()}&fragment=${encodeURIComponent(fragment)}`)
const peopleOf = (id: string): Promise<HousePeople> => must('clerk', 'GET', '/api/houses/' + id)

/** An ID number that is nobody's: no division's code begins with 79. */
function card(n: number): string {
  const body = '790108' + String(19600101 + (n % 28)) + String(100 + n)
  const sum = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2].reduce((s, w, i) => s + w * Number(body[i]), 0)
  return body + '10X98765432'[sum % 11]
}
const wrong = (id: string) => id.slice(0, 17) + (id.endsWith('1') ? '2' : '1')

interface Row {
  name: string
  card: string
  phone?: string
  house?: string
  address?: string
}
const header = '姓名,身份证号,手机号,门牌代号,居住地址,入住日期'
const asText = (rows: Row[]) => [header, ...rows.map((r) => [r.name, r.card, r.phone ?? '', r.house ?? '', r.address ?? '', '2026-03-01'].join(','))].join('\r\n') + '\r\n'
const somebody = (n: number, more: Partial<Row>): Row => ({ name: '演示' + '甲乙丙丁戊己庚辛壬癸'[n % 10] + '甲乙丙丁戊己庚辛壬癸'[Math.floor(n / 10) % 10], card: card(n), phone: '154' + String(70000000 + n), ...more })

/** Houses where the clerk keeps the register, of buildings with several of them. */
async function aBuilding(): Promise<Stack> {
  for (const b of (await find('1单元101')).houses) {
    if (!b.grid.startsWith(clerk())) continue
    const stack: Stack = await must('clerk', 'GET', `/api/buildings/${b.building}/houses`)
    if (stack.rooms.filter((r) => r.residents > 0).length > 3 && stack.rooms.length > 5) return stack
  }
  throw new Error('the demo has no such building')
}

/** Somebody with an ID number who lives in a house, with the number in clear. */
async function neighbour(rooms: House[]): Promise<{ who: Occupant; card: string; home: House }[]> {
  const out: { who: Occupant; card: string; home: House }[] = []
  for (const room of rooms) {
    const who = (await peopleOf(room.id)).households.flatMap((h) => h.members).find((m) => m.card)
    if (!who) continue
    const { card } = await must('dispatcher', 'POST', `/api/residents/${who.resident}/numbers`, { reason: '页面自动测试' })
    out.push({ who, card, home: room })
    if (out.length === 2) return out
  }
  throw new Error('nobody there has an ID number')
}

const figures = async (page: Page) => Object.fromEntries(await page.locator('.figures > div').evaluateAll((all) => all.map((d) => [d.querySelector('dt')!.textContent.trim(), Number(d.querySelector('dd')!.textContent.replaceAll(',', ''))])))

async function bring(page: Page, name: string, buffer: Buffer) {
  await page.locator('input[type=file]').setInputFiles({ name, mimeType: 'text/csv', buffer })
  await page.getByRole('button', { name: '上传并预览' }).click()
  await page.getByRole('heading', { name, exact: true }).waitFor()
  await page.getByRole('button', { name: '开始导入' }).waitFor()
  await expect.poll(() => focused(page)).toBe(name) // the keyboard goes on at what was sent
}

const focused = (page: Page) => page.evaluate(() => (document.activeElement === document.body ? '' : (document.activeElement?.textContent ?? '')))

/** Says which column is the house's code, starts, and waits for the end. */
async function run(page: Page): Promise<Record<string, number>> {
  const column = page.getByLabel('门牌代号 是')
  if ((await column.inputValue()) === '') await column.selectOption('house')
  await page.getByRole('button', { name: '开始导入' }).click()
  await page.locator('article .badge').getByText('已完成').waitFor({ timeout: 30_000 })
  return figures(page)
}

describe.skipIf(noServer)('imports', () => {
  beforeAll(start)
  afterEach(leave)
  afterAll(stop)

  test('a file with wrong rows is mended and sent again, moves are decided, and addresses are placed once', { timeout: 180_000 }, async () => {
    const stack = await aBuilding()
    const lived = stack.rooms.filter((r) => r.residents > 0)
    const [stays, moves] = await neighbour(lived)
    const [a, b] = stack.rooms.filter((r) => r.id !== stays!.home.id && r.id !== moves!.home.id)
    const there = `${stack.name}东头第二家` // a building for sure, and no house
    const nowhere = '老粮站后院'
    const good = [0, 1, 2, 3, 4].map((n) => somebody(n, { house: n % 2 ? a!.code : b!.code }))
    const bad = [somebody(10, { house: a!.code }), somebody(11, { house: a!.code }), somebody(12, { house: 'b0-9-9999' })]
    const mended = bad.map((r) => ({ ...r, house: a!.code }))
    bad[0]!.card = wrong(bad[0]!.card)
    bad[1]!.phone = '没有'
    const movers = [stays!, moves!].map((x): Row => ({ name: x.who.name, card: x.card, house: a!.code }))
    const lost = [somebody(20, { address: there }), somebody(21, { address: there }), somebody(22, { address: nowhere })]
    const file = gb18030(asText([...good, ...bad, ...movers, ...lost]))

    const { page, requests, complaints } = await visit({ as: 'clerk', path: 'imports', width: 1366, height: 768 })
    await bring(page, '居民核对表.csv', file)
    await page.getByText('按 GB18030 读取').waitFor()
    expect(await page.getByLabel('身份证号 是').inputValue()).toBe('card')
    const shown = await page.locator('article').innerText()
    expect(shown).not.toContain(good[0]!.card)
    expect(shown).not.toContain(good[0]!.name)
    expect(await faults(page)).toEqual([])
    await shot(page, 'imports-mapping-1366x768')
    // What is wrong with the first rows follows what their columns are taken for.
    const said = page.getByRole('listitem').filter({ hasText: '校验码不符' })
    await said.waitFor()
    await page.getByLabel('身份证号 是').selectOption('')
    await said.waitFor({ state: 'detached' })
    await page.getByText('没有哪一列是身份证号').waitFor()
    await page.getByLabel('身份证号 是').selectOption('card')
    await said.waitFor()
    expect(await page.getByText('没有哪一列是身份证号').count()).toBe(0)
    expect(await run(page)).toEqual({ 入库: 5, 未变: 0, 待确认: 2, 退回: 6 })
    for (const [column, what] of [['身份证号', '校验码不符'], ['手机号', ''], ['门牌代号', '没有这个编号的房屋'], ['居住地址', '待定位']] as const) await page.locator('.rejects li').filter({ hasText: column }).filter({ hasText: what }).waitFor()
    expect(await faults(page)).toEqual([])
    await shot(page, 'imports-done-1366x768')

    // What came back is mended and sent as it is; the file as it was changes nothing any more.
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'CSV', exact: true }).click()])
    let back = readFileSync(await download.path(), 'utf8')
    for (const [i, r] of bad.entries()) back = back.replace(r.card, mended[i]!.card)
    back = back.replace('没有', mended[1]!.phone!).replace('b0-9-9999', a!.code)
    await bring(page, '居民核对表-改.csv', Buffer.from(back))
    expect(await run(page)).toEqual({ 入库: 3, 未变: 0, 待确认: 0, 退回: 3 })
    await bring(page, '居民核对表.csv', file)
    expect(await run(page)).toEqual({ 入库: 0, 未变: 5, 待确认: 2, 退回: 6 })

    // One moves, the other doesn't.
    await page.getByRole('button', { name: '待确认', exact: true }).click()
    const card_ = (who: string) => page.getByRole('listitem').filter({ hasText: who })
    await card_(moves!.who.name).getByText(a!.address).waitFor()
    expect(await faults(page)).toEqual([])
    await shot(page, 'imports-proposals-1366x768')
    await page.getByRole('button', { name: '接受：' + moves!.who.name }).click()
    await card_(moves!.who.name).waitFor({ state: 'detached' })
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('接受：' + stays!.who.name) // the next one
    await page.getByRole('button', { name: '不改：' + stays!.who.name }).click()
    await page.getByText('没有待确认的事项').waitFor()
    await expect.poll(() => focused(page)).toBe('待确认')
    const lives = async (id: string) => (await peopleOf(id)).households.flatMap((h) => h.members).map((m) => m.resident)
    expect(await lives(a!.id)).toContain(moves!.who.resident)
    expect(await lives(moves!.home.id)).not.toContain(moves!.who.resident)
    expect(await lives(stays!.home.id)).toContain(stays!.who.resident)

    await addresses(page, stack, there, nowhere, a!, b!)

    // The next file knows both.
    await page.getByRole('button', { name: '导入文件', exact: true }).click()
    await bring(page, '补充居民.csv', gb18030(asText([somebody(30, { address: there }), somebody(31, { address: nowhere })])))
    expect(await run(page)).toEqual({ 入库: 2, 未变: 0, 待确认: 0, 退回: 0 })

    // Taken back, it is asked about again.
    await page.getByRole('button', { name: '待定位', exact: true }).click()
    await page.getByRole('button', { name: '已处理' }).click()
    const undo = page.getByRole('button', { name: '撤销：' + nowhere })
    await undo.waitFor()
    expect(await faults(page)).toEqual([])
    await shot(page, 'imports-decided-1366x768')
    await undo.click()
    await page.getByRole('alertdialog').or(page.getByRole('dialog')).getByRole('button', { name: '撤销' }).click()
    await page.locator('[data-address]').filter({ hasText: nowhere }).waitFor({ state: 'detached' })
    await page.getByText('3 行重新在等').waitFor()
    const came = lost.find((r) => r.address === nowhere)!
    expect((await peopleOf(b!.id)).households.flatMap((h) => h.members).map((m) => m.name)).not.toContain(came.name)
    expect(await faults(page)).toEqual([])
    await shot(page, 'imports-undone-1366x768')
    await page.setViewportSize({ width: 1920, height: 1080 })
    await shot(page, 'imports-undone-1920x1080')

    // Who has moved out since stays, and is seen in the house.
    const gone = (await peopleOf(a!.id)).households.flatMap((h) => h.members).find((m) => m.name === lost[0]!.name)!
    await must('clerk', 'POST', `/api/residents/${gone.resident}/leave`, { on: new Date().toISOString().slice(0, 10), died: false })
    await page.keyboard.press('l')
    await page.getByRole('button', { name: 'Undo: ' + there }).click()
    await page.getByText('The 6 rows read by it are taken back').waitFor()
    await shot(page, 'imports-undoing-1920x1080-en')
    await page.getByRole('alertdialog').or(page.getByRole('dialog')).getByRole('button', { name: 'Undo' }).click()
    await page.getByText('5 rows wait again').waitFor()
    await page.getByText('1 row stays in the register').waitFor()
    expect(await faults(page)).toEqual([])
    await page.keyboard.press('l')
    await page.setViewportSize({ width: 1366, height: 768 })
    await shot(page, 'imports-stayed-1366x768')
    await page.getByRole('link', { name: '查看这套房屋' }).click()
    await page.getByText(lost[0]!.name).first().waitFor()
    expect(page.url()).toContain('#house=' + a!.id)

    const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.title, location.href, history.state, document.cookie]))
    const all = decodeURIComponent(kept + requests.join(' ').replace(/%(?![0-9a-f]{2})/gi, ''))
    for (const r of [...good, ...mended, ...movers, ...lost]) for (const one of [r.name, r.card, r.phone]) if (one) expect(all.includes(one), 'something about a person was kept').toBe(false)
    expect(complaints).toEqual([])
  })

  test('who is on record out of sight is left to whoever keeps both places', async () => {
    const arrival = { name: '演示别处人', card: '790883**********11', phone: '', sex: 'male', nation: '', education: '', house: 'x', address: '某处' }
    const { page, requests } = await visit({ as: 'clerk', path: 'imports', hash: '#proposals', before: (p) => p.route('**/api/proposals?*', (route) => route.fulfill({ json: { proposals: [{ id: '370883-1', kind: 'elsewhere', line: 2, arrival }], all: 1 } })) })
    const accept = page.getByRole('button', { name: '接受：演示别处人' })
    await accept.waitFor()
    expect(await accept.getAttribute('aria-disabled')).toBe('true')
    expect(await page.locator(`[id="${await accept.getAttribute('aria-describedby')}"]`).innerText()).toContain('登记在您看不到的地方')
    expect(await page.getByLabel('迁出原住处的日期').count()).toBe(0)
    await accept.click({ force: true })
    expect(requests.filter((r) => r.includes('/api/proposals/'))).toEqual([])
    expect(await page.getByRole('button', { name: '不改：演示别处人' }).getAttribute('aria-disabled')).toBe('false')
    expect(await faults(page)).toEqual([])
  })

  test('a long import is paused, goes on and is cancelled; one that has not begun is cancelled', { timeout: 90_000 }, async () => {
    const { page, complaints } = await visit({ as: 'clerk', path: 'imports', width: 1920, height: 1080 })
    const rows = 50_000
    await bring(page, '很长的居民表.csv', Buffer.from('姓名,门牌代号\n' + 'x,y\n'.repeat(rows)))
    await page.getByLabel('门牌代号 是').selectOption('house')
    await page.getByRole('button', { name: '开始导入' }).click()
    await page.getByRole('button', { name: '暂停' }).waitFor()
    expect(await focused(page)).toBe('很长的居民表.csv') // the button that was pressed is gone
    await page.getByRole('button', { name: '暂停' }).click()
    await page.getByRole('button', { name: '继续' }).waitFor()
    const done = async () => Number(await page.getByRole('progressbar').getAttribute('aria-valuenow'))
    await page.waitForTimeout(700) // a part that was under way
    const at = await page.evaluate(async (id) => ((await (await fetch('/api/intakes/' + id)).json()) as { done: number; state: string }).done, new URL(page.url()).hash.slice(1))
    expect(at).toBeLessThan(rows)
    await page.keyboard.press('l')
    await page.getByRole('button', { name: 'Go on' }).waitFor()
    expect(await faults(page)).toEqual([])
    await shot(page, 'imports-paused-1920x1080-en')
    await page.getByRole('button', { name: 'Go on' }).click()
    await expect.poll(done, { timeout: 20_000 }).toBeGreaterThan(at)
    await page.keyboard.press('l')
    // Another one is cancelled where it was paused: nothing goes on behind the question.
    await bring(page, '又一份居民表.csv', Buffer.from('姓名,门牌代号\n' + 'x,z\n'.repeat(rows)))
    await page.getByLabel('门牌代号 是').selectOption('house')
    await page.getByRole('button', { name: '开始导入' }).click()
    await page.getByRole('button', { name: '暂停' }).click()
    await page.getByRole('button', { name: '继续' }).waitFor()
    await page.getByRole('button', { name: '取消导入' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '取消导入' }).click()
    await page.locator('article .badge').getByText('已取消').waitFor()
    expect(await done()).toBeLessThan(rows)
    await bring(page, '没有开始.csv', Buffer.from('姓名,门牌代号\nx,y\n'))
    await page.getByRole('button', { name: '取消导入' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '取消导入' }).click()
    await page.locator('article .badge').getByText('已取消').waitFor()
    expect(complaints).toEqual([])
  })
})

/** Places one address by its guess and a room, the other by a search; and clicks a building on the map. */
async function addresses(page: Page, stack: Stack, there: string, nowhere: string, a: House, b: House) {
  await page.getByRole('button', { name: '待定位', exact: true }).click()
  const first = page.locator('[data-address]').filter({ hasText: there })
  await first.getByText('6 行在等').waitFor() // of three files
  await first.click()
  const panel = page.getByRole('region', { name: '指明地址' })
  await panel.getByRole('heading', { name: there, exact: true }).waitFor()
  expect(await focused(page)).toBe(there)
  expect(await panel.getByRole('button', { name: '就是这里' }).getAttribute('aria-disabled')).toBe('true')
  await panel.locator('.guess').filter({ hasText: '楼栋' }).first().click()
  await panel.getByRole('heading', { name: stack.name, exact: true }).waitFor()
  await drawn(page)
  expect(await faults(page)).toEqual([])
  await panel.locator(`[data-room="${b.id}"]`).click()
  await panel.getByText(b.address).waitFor()
  await shot(page, 'imports-address-1366x768')
  // The same building by the map: the camera has it in the middle.
  await panel.getByRole('button', { name: '关闭' }).click()
  await panel.getByRole('heading', { name: stack.name, exact: true }).waitFor({ state: 'detached' })
  await panel.locator('.guess').first().click()
  await panel.getByRole('button', { name: '关闭' }).click()
  const box = (await page.locator('#map').boundingBox())!
  await drawn(page)
  await page.waitForTimeout(300)
  await page.mouse.click(box.x + (384 + box.width - 50) / 2, box.y + (24 + box.height - (768 - 92) * 0.56 - 16) / 2)
  await panel.getByRole('heading', { name: stack.name, exact: true }).waitFor()
  await panel.locator(`[data-room="${a.id}"]`).click()
  await panel.getByRole('button', { name: '就是这里' }).click()
  await panel.getByText('入库 2 行，未变 4 行，待确认 0 行，仍退回 0 行').waitFor()

  // The next one is open already.
  await panel.getByRole('heading', { name: nowhere, exact: true }).waitFor()
  await page.setViewportSize({ width: 1920, height: 1080 })
  await page.keyboard.press('l')
  await panel.count()
  const english = page.getByRole('region', { name: 'Place an address' })
  await english.getByText('Nothing looks like it').waitFor()
  expect(await faults(page)).toEqual([])
  await shot(page, 'imports-address-1920x1080-en')
  await page.keyboard.press('l')
  const place = async (at: House) => {
    await panel.getByRole('button', { name: '查找别的房屋' }).click()
    await panel.getByLabel('地址中的几个字').fill(stack.name)
    await panel.locator(`[data-building="${stack.building}"]`).click()
    await panel.locator(`[data-room="${at.id}"]`).click()
    await panel.getByRole('button', { name: '就是这里' }).click()
    await panel.getByText('入库 1 行').waitFor()
  }
  // The wrong house: taken back at once, they come in where it is.
  await place(a)
  await panel.getByRole('button', { name: '撤销' }).click()
  await panel.getByText('3 行重新在等').waitFor()
  await page.locator('[data-address]').filter({ hasText: nowhere }).getByText('3 行在等').waitFor()
  expect(await faults(page)).toEqual([])
  await shot(page, 'imports-undone-at-once-1920x1080')
  await page.locator('[data-address]').filter({ hasText: nowhere }).click()
  await place(b)
  await page.getByText('没有待定位的地址').waitFor()
  await page.setViewportSize({ width: 1366, height: 768 })
}

async function shot(page: Page, name: string) {
  if (await page.locator('#map').count()) return picture(page, name)
  await page.waitForTimeout(200)
  await page.screenshot({ path: `screenshots/${name}.png` })
}
