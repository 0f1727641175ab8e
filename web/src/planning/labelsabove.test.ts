import { expect, test } from 'vitest'
import { sizeAt } from './labelsabove'

// As the map's expression interpolates between the steps of layers.ts, and stays at the ends beyond them.
test.each([
  [11, 10.5],
  [12, 10.5],
  [13.5, 12.25],
  [15, 14],
  [16.25, 16],
  [20, 18],
])('the letters at zoom %d are %d pixels high', (zoom, pixels) => expect(sizeAt(zoom)).toBeCloseTo(pixels))
