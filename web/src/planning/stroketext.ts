// What is said of a stroke that didn't get all the blocks in its way.

import { count } from '../domain/number'
import type { Lang } from '../domain/number'
import type { Words } from '../words/zh'
import type { Left } from './tools'

/** painted: blocks that changed hands; into: whether into a grid, or out of theirs. */
export function strokeText(painted: number, into: boolean, left: Left, w: Words['plan']['stroke'], lang: Lang): string {
  const all = [...left.values()].reduce((a, b) => a + b, 0)
  const why = [...left].sort((a, b) => b[1] - a[1]).map(([reason, n]) => (left.size > 1 ? w.some(count(n, lang), w.why[reason]) : w.why[reason]))
  return (into ? w.painted : w.erased)(count(painted, lang)) + w.left(count(all, lang), why.join(w.comma))
}
