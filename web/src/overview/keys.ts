// The page's keyboard shortcuts: single keys, so they are silent while somebody types, and while a dialog
// is open.

export interface Keys {
  search(): void
  step(by: 1 | -1): void
  home(): void
  incidents(): void
  report(): void
  mode(index: number): void
  language(): void
  help(): void
  escape(): void
  zoom(by: number): void
}

/** Listens on the document. Returns how to stop. */
export function listen(keys: Keys): () => void {
  const pressed = (e: KeyboardEvent) => {
    if (e.ctrlKey || e.metaKey || e.altKey || e.defaultPrevented || e.isComposing) return
    if (document.querySelector('dialog[open]')) return
    if (e.key === 'Escape') {
      e.preventDefault() // or it would close again a dialog that it opens
      return keys.escape()
    }
    if (typing(e.target)) return
    const action = actionOf(e, keys)
    if (!action) return
    e.preventDefault()
    action()
  }
  document.addEventListener('keydown', pressed)
  return () => document.removeEventListener('keydown', pressed)
}

/** Whether somebody types or chooses in it, so that letters are theirs. */
export function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target instanceof HTMLInputElement) return target.type !== 'checkbox'
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target instanceof HTMLSelectElement || target.isContentEditable
}

function actionOf(e: KeyboardEvent, keys: Keys): (() => void) | undefined {
  const onMap = e.target instanceof HTMLCanvasElement // the map has its own plus and minus
  switch (e.key) {
    case 'i':
      return () => keys.incidents()
    case 'r':
      return () => keys.report()
    case '/':
      return () => keys.search()
    case 'j':
    case ']':
      return () => keys.step(1)
    case 'k':
    case '[':
      return () => keys.step(-1)
    case 'h':
      return () => keys.home()
    case 'l':
      return () => keys.language()
    case '?':
      return () => keys.help()
    case '1':
    case '2':
    case '3':
      return () => keys.mode(Number(e.key) - 1)
    case '+':
    case '=':
      return onMap ? undefined : () => keys.zoom(1)
    case '-':
      return onMap ? undefined : () => keys.zoom(-1)
    default:
      return undefined
  }
}
