// What the tests of incidents share: reports over the API, and places that lie as a test needs them.

import type { Page } from 'playwright-core'
import type { GridAt, GridSummary, Incident, IncidentDetail, IncidentPage } from '../src/api/shapes'
import { drawn, grids, home, middle, over, visit } from './browser'
import type { Visit } from './browser'
import { demo, fresh, must } from './people'
import type { Role } from './people'

interface More {
  kind?: string
  text?: string
  lon?: number
  lat?: number
  grid?: string
  contact?: { name?: string; phone?: string }
}

/** An ordinary grid of the demo's community: where its clerk, its grid worker and everybody above them look. */
export async function homeGrid(): Promise<GridSummary> {
  const own = demo('grid-worker').code
  const found = (await grids(await home())).find((g) => g.code === own)
  if (!found) throw new Error(`no grid ${own}`)
  return found
}

/** Reports an incident in the middle of the grid worker's grid, unless it says where. */
export async function reported(as: Role, more: More = {}): Promise<Incident> {
  const [lon, lat] = (await homeGrid()).label as [number, number]
  return (await must(as, 'POST', '/api/incidents', { kind: 'garbage', text: '测试 ' + fresh(), lon, lat, grid: 'nearest', ...more })) as Incident
}

export const incident = (id: string): Promise<IncidentDetail> => must('dispatcher', 'GET', '/api/incidents/' + id)

/** All incidents of a division whose text is this, as the dispatcher sees them. */
export async function withText(text: string): Promise<Incident[]> {
  const page = (await must('dispatcher', 'GET', `/api/incidents?division=${await home()}&limit=200`)) as IncidentPage
  return page.incidents.filter((i) => i.text === text)
}

/** A place near a border within the demo's county, with the grids that may be meant. */
export async function border(): Promise<{ lon: number; lat: number; grids: string[] }> {
  const g = await homeGrid()
  const [w, , e] = g.bounds as [number, number, number, number]
  const lat = g.label[1]!
  for (let n = 0; n <= 60; n++) {
    const lon = w + ((e - w) * n) / 60
    const at = (await must('dispatcher', 'GET', `/api/grids/at?lon=${lon}&lat=${lat}`).catch(() => undefined)) as GridAt | undefined
    if (at && at.near.length === 1) return { lon: at.lon, lat: at.lat, grids: [at.grid.code, at.near[0]!.code] }
  }
  throw new Error('no border found')
}

/** The page with the list of incidents open and the line live. */
export async function atDesk(as: Role, hash = '', options: { width?: number; height?: number; map?: boolean; reducedMotion?: boolean } = {}): Promise<Visit> {
  const v = await visit({ as, hash, ...options })
  await live(v.page)
  await v.page.keyboard.press('i')
  await v.page.locator('#incidents .row').first().waitFor()
  return v
}

export const live = (page: Page) => page.locator('#line[data-is="live"]').waitFor({ state: 'attached' })

/** The numbers of the incidents in the list, as they stand there. */
export const listed = (page: Page): Promise<string[]> => page.locator('#incidents .row').evaluateAll((rows) => rows.map((r) => (r as HTMLElement).dataset.incident ?? ''))

/** Begins a report at the place in the middle of the map, and gives the form. */
export async function beginReport(page: Page) {
  await page.keyboard.press('r')
  await page.keyboard.press('Enter')
  const form = page.getByRole('complementary', { name: '上报事件' })
  await form.waitFor()
  return form
}

/** Puts another position into the form. */
export async function putPosition(page: Page, lon: number, lat: number) {
  await page.getByLabel('经度').fill(lon.toFixed(6))
  await page.getByLabel('纬度').fill(lat.toFixed(6))
}

/** What the label at the pointer says when the pointer is in the middle of the map. */
export async function pointedAt(page: Page): Promise<string> {
  await drawn(page)
  const at = await middle(page)
  await page.mouse.move(at.x + 60, at.y + 60)
  await page.mouse.move(at.x, at.y, { steps: 2 })
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
  return (await page.locator('.glimpse').innerText()).replace(/\s+/g, ' ')
}

/** The address with the camera right over an incident, where each stands for itself. */
export const onto = (i: { lon: number; lat: number }, more = '') => over({ label: [i.lon, i.lat] }, 17, more)
