// Pictures for people to look at: the county, a street, a building, at the sizes people have. No test: MEASURE=1 scripts/browser-test.sh pictures makes them.

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { existsSync } from 'node:fs'
import { grids, home, leave, noServer, over, picture, start, stop, visit } from './browser'

describe.skipIf(noServer)('pictures', () => {
  beforeAll(start)
  afterEach(leave)
  afterAll(stop)

  test.each([
    [1366, 768],
    [1920, 1080],
    [390, 844],
  ])('at %i × %i', async (width, height) => {
    const all = await grids(await home())
    const g = all[Math.floor(all.length / 2)]!
    const size = { width, height }
    const scenes: [string, string][] = [
      ['town', ''],
      ['town-population', '#mode=population'],
      ['street', over(g, 15.6, `&grid=${g.code}`)],
      ['street-en', over(g, 15.6, '&lang=en')],
      ['street-plain', over(g, 15.8, '&mode=plain')],
      ['building', over(g, 17.4)],
    ]
    for (const [name, hash] of width < 700 ? scenes.slice(0, 3) : scenes) {
      const { page } = await visit({ ...size, hash, map: true })
      await page.getByRole('button', { name: /^(居民|Residents)/ }).waitFor()
      const file = `${name}-${width}x${height}`
      await picture(page, file)
      expect(existsSync(`screenshots/${file}.png`)).toBe(true)
      await leave()
    }
  })
})
