// Colours of grids: few, told apart by people with every common kind of colour blindness, and never the same on two grids that touch.

/** Light ones first: the last two are for where the others don't do; palette.test.ts measures how far apart they look. */
export const palette = ['#89a5ff', '#dba455', '#a6edb5', '#b7a7dd', '#14be9c', '#f9d2e8', '#4b6c8e', '#8f5e10'] as const

const lights = 6

/**
 * Gives every slot a colour that none of its neighbours has. A slot keeps the one it had wherever that is possible, so that the map doesn't
 * change under the reader's eyes; where it isn't, the one that is used least about there is taken.
 */
export function colouring(slots: number, borders: Iterable<readonly [number, number]>, before: ArrayLike<number>, colours = palette.length): Int32Array {
  const beside: Set<number>[] = Array.from({ length: slots }, () => new Set<number>())
  for (const [a, b] of borders)
    if (a !== b && a >= 0 && b >= 0) {
      beside[a]!.add(b)
      beside[b]!.add(a)
    }
  const given = new Int32Array(slots).fill(-1)
  for (let s = 0; s < slots; s++) given[s] = before[s] ?? -1
  // Of two neighbours with one colour, the one that is easier to change changes.
  const order = Array.from({ length: slots }, (_, s) => s).sort((a, b) => beside[b]!.size - beside[a]!.size || a - b)
  const settled = new Uint8Array(slots)
  const open: number[] = []
  for (const s of order) {
    const clash = given[s]! < 0 || given[s]! >= colours || [...beside[s]!].some((o) => settled[o] && given[o] === given[s])
    if (clash) {
      given[s] = -1
      open.push(s)
    } else settled[s] = 1
  }
  while (open.length) fill(open, beside, given, colours)
  return given
}

/** Colours the slot that has least choice left. */
function fill(open: number[], beside: Set<number>[], given: Int32Array, colours: number) {
  const around = (s: number) => new Set([...beside[s]!].map((o) => given[o]!).filter((c) => c >= 0))
  let at = 0
  let most = -1
  for (let i = 0; i < open.length; i++) {
    const n = around(open[i]!).size * 1000 + beside[open[i]!]!.size
    if (n > most) [at, most] = [i, n]
  }
  const s = open[at]!
  open.splice(at, 1)
  const used = around(s)
  const near = new Int32Array(colours)
  for (const o of beside[s]!) for (const p of beside[o]!) if (given[p]! >= 0) near[given[p]!]!++
  for (let c = lights; c < colours; c++) near[c]! += 1000
  const free = Array.from({ length: colours }, (_, c) => c).filter((c) => !used.has(c))
  // Eight colours are more than any map in the plane needs; one that isn't plane gets the least bad.
  given[s] = free.length ? free.reduce((best, c) => (near[c]! < near[best]! ? c : best)) : s % colours
}
