// A link to a page of ours: a real link, so that it opens in a new tab, is copied and is read out as one; an ordinary click
// changes the page without loading it again.

import type { Page } from '../domain/access'
import { route } from './route.svelte'

/** use:link={'trail'} on an <a>; the page may bring what follows its #. */
export function link(node: HTMLAnchorElement, to: Page | { page: Page; hash: string }) {
  let target = to
  const page = () => (typeof target === 'string' ? target : target.page)
  const hash = () => (typeof target === 'string' ? '' : target.hash)
  const name = () => (node.href = route.address(page()) + hash())
  const clicked = (e: MouseEvent) => {
    if (e.defaultPrevented || e.button !== 0 || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey) return
    e.preventDefault()
    route.go(page(), hash())
  }
  name()
  node.addEventListener('click', clicked)
  return {
    update(next: typeof to) {
      target = next
      name()
    },
    destroy: () => node.removeEventListener('click', clicked),
  }
}
