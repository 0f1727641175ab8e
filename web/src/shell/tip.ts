// A tooltip for whoever points at or focuses a thing: one element for the whole page, described to screen
// readers, gone with Escape, and never needed to understand the page.

let bubble: HTMLElement | undefined
let owner: HTMLElement | undefined
let timer = 0

function element(): HTMLElement {
  if (!bubble) {
    bubble = document.createElement('div')
    bubble.className = 'tip'
    bubble.id = 'tip'
    bubble.setAttribute('role', 'tooltip')
    bubble.hidden = true
    document.body.append(bubble)
  }
  return bubble
}

function place(node: HTMLElement, el: HTMLElement) {
  const box = node.getBoundingClientRect()
  el.style.left = '0px'
  el.style.top = '0px'
  const { width, height } = el.getBoundingClientRect()
  const x = Math.min(Math.max(8, box.left + box.width / 2 - width / 2), innerWidth - width - 8)
  const below = box.bottom + 8
  const y = below + height + 8 > innerHeight ? box.top - height - 8 : below
  el.style.left = `${x}px`
  el.style.top = `${Math.max(8, y)}px`
}

function hide(node?: HTMLElement) {
  clearTimeout(timer)
  if (node && owner !== node) return
  owner?.removeAttribute('aria-describedby')
  owner = undefined
  if (bubble) bubble.hidden = true
}

/** use:tip={'…'} on anything that can be pointed at; an empty text shows nothing. */
export function tip(node: HTMLElement, text: string | undefined) {
  let current = text
  const show = () => {
    if (!current) return
    const el = element()
    el.textContent = current
    el.hidden = false
    owner = node
    node.setAttribute('aria-describedby', 'tip')
    place(node, el)
  }
  const soon = () => {
    clearTimeout(timer)
    timer = window.setTimeout(show, 350)
  }
  const focused = () => node.matches(':focus-visible') && show()
  const leave = () => hide(node)
  const escape = (e: KeyboardEvent) => {
    if (e.key === 'Escape') hide(node)
  }
  node.addEventListener('pointerenter', soon)
  node.addEventListener('pointerleave', leave)
  node.addEventListener('pointerdown', leave)
  node.addEventListener('focus', focused)
  node.addEventListener('blur', leave)
  node.addEventListener('keydown', escape)
  return {
    update(next: string | undefined) {
      current = next
      if (owner === node && bubble) bubble.textContent = next ?? ''
    },
    destroy() {
      hide(node)
      node.removeEventListener('pointerenter', soon)
      node.removeEventListener('pointerleave', leave)
      node.removeEventListener('pointerdown', leave)
      node.removeEventListener('focus', focused)
      node.removeEventListener('blur', leave)
      node.removeEventListener('keydown', escape)
    },
  }
}
