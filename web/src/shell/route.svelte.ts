// Which page is open, by the path of the address, and what follows its #. Pages are steps in the browser's history, so back and
// forward lead through them; the map keeps its own place after the # and is found there again.

import { pageOf, pathOf } from '../domain/access'
import type { Page } from '../domain/access'
import { base } from '../api/client'

class Route {
  page: Page = $state('map')
  hash = $state('')
  private mapHash = ''

  /** Reads the address and follows the browser's back and forward. Returns how to stop. */
  follow(): () => void {
    const read = () => {
      const root = new URL(base + '/').pathname
      const path = location.pathname.startsWith(root) ? location.pathname.slice(root.length) : ''
      this.page = pageOf(path)
      if (path !== pathOf(this.page)) history.replaceState(null, '', this.address(this.page) + location.hash) // an unknown path is the map's
      this.hash = location.hash
    }
    read()
    addEventListener('popstate', read)
    addEventListener('hashchange', read)
    return () => {
      removeEventListener('popstate', read)
      removeEventListener('hashchange', read)
    }
  }

  /** The address of a page. */
  address(page: Page): string {
    return base + '/' + pathOf(page)
  }

  go(page: Page, hash = '') {
    if (this.page === 'map') this.mapHash = location.hash
    if (page === 'map' && !hash) hash = this.mapHash
    history.pushState(null, '', this.address(page) + hash)
    this.page = page
    this.hash = hash
  }

  /** Changes what follows the # of the page that is open; step makes it one of the browser's history. */
  note(hash: string, step = false) {
    if (hash === location.hash) return
    history[step ? 'pushState' : 'replaceState'](null, '', this.address(this.page) + hash)
    this.hash = hash
  }

  /** Begins afresh: somebody else signed in. */
  reset() {
    this.mapHash = ''
    history.replaceState(null, '', this.address('map'))
    this.page = 'map'
    this.hash = ''
  }
}

export const route = new Route()
