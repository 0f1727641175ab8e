// How old something is, as the clock on the wall goes on.

import { ago } from '../domain/time'
import type { Lang } from '../domain/number'

/** How long ago, by the reader's clock. A clock that is behind the server's never puts an incident into the future. */
export function age(iso: string, lang: Lang, now: number): string {
  return ago(iso, lang, Math.max(now, Date.parse(iso) || now))
}
