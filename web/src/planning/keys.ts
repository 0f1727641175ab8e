// The workspace's keys: single letters for tools, silent while somebody types or a dialog is open; Ctrl with Z for undo wherever one is.

import { typing } from '../overview/keys'
import { panels } from './work.svelte'
import type { Work } from './work.svelte'
import type { ToolName } from './tools'

export const toolKeys: Record<ToolName, string> = { pick: 'V', brush: 'B', erase: 'E', lasso: 'L', border: 'N', line: 'K', cut: 'C', merge: 'M' }
const toolOfKey = new Map(Object.entries(toolKeys).map(([tool, key]) => [key.toLowerCase(), tool as ToolName]))

/** Listens on the document. help opens the sheet of keys. Returns how to stop. */
export function listen(work: Work, help: () => void): () => void {
  const pressed = (e: KeyboardEvent) => {
    if (e.defaultPrevented || e.isComposing || document.querySelector('dialog[open]')) return
    if (e.key === 'Escape') {
      if (typing(e.target)) return (e.target as HTMLElement).blur()
      e.preventDefault()
      return work.escape()
    }
    if (typing(e.target) || !work.drafting.board) return
    const does = actionOf(e, work, help)
    if (!does) return
    e.preventDefault()
    does()
  }
  const lifted = (e: KeyboardEvent) => {
    if (e.key === ' ') work.planMap?.setPanning(false)
  }
  document.addEventListener('keydown', pressed)
  document.addEventListener('keyup', lifted)
  return () => {
    document.removeEventListener('keydown', pressed)
    document.removeEventListener('keyup', lifted)
  }
}

function actionOf(e: KeyboardEvent, work: Work, help: () => void): (() => void) | undefined {
  const key = e.key.toLowerCase()
  if (e.altKey && !e.ctrlKey && !e.metaKey) {
    const at = panels[Number(e.code.replace('Digit', '')) - 1]
    return at && (() => work.openPanel(at))
  }
  if (e.ctrlKey || e.metaKey) {
    if (key === 'z') return () => void (e.shiftKey ? work.edited({ kind: 'redo' }) : work.undo())
    if (key === 'y') return () => void work.edited({ kind: 'redo' })
    return undefined
  }
  const alternative = work.proposing.alternatives?.[Number(e.key) - 1]
  if (alternative) return () => void work.proposing.take(alternative)
  const tool = toolOfKey.get(key)
  if (tool) return () => work.take(tool)
  const onMap = e.target instanceof HTMLCanvasElement // the map has its own plus and minus
  switch (key) {
    case 's':
      return () => ask(work, 'split')
    case 'r':
      return () => ask(work, 'redraw')
    case 'q':
      return () => work.lock()
    case 'a':
      return () => work.edit && work.begin()
    case '[':
      return () => work.resize(-1)
    case ']':
      return () => work.resize(1)
    case '.':
      return () => work.minding.step(1)
    case ',':
      return () => work.minding.step(-1)
    case 'z':
      return work.struck.buildings.length ? () => work.struck.look() : undefined
    case 'h':
      return () => work.home()
    case '?':
      return help
    case ' ':
      // On a button the space bar presses it.
      return e.target instanceof HTMLButtonElement || e.target instanceof HTMLAnchorElement ? undefined : () => work.planMap?.setPanning(true)
    case 'enter':
      return onMap ? () => atMiddle(work) : work.hands.finish && !(e.target instanceof HTMLButtonElement) ? () => work.hands.finish?.() : undefined
    case '+':
    case '=':
      return onMap ? undefined : () => work.planMap?.zoomBy(1)
    case '-':
      return onMap ? undefined : () => work.planMap?.zoomBy(-1)
    default:
      return undefined
  }
}

function ask(work: Work, what: 'split' | 'redraw') {
  if (!work.edit) return work.nothing('readOnly')
  if (what === 'split' && work.chosen.size !== 1) return work.nothing('noTarget')
  work.asking = work.asking === what ? undefined : what
}

/** Enter on the map: ends a line that is being drawn, else uses the tool on the block in the middle. */
function atMiddle(work: Work) {
  const p = work.map.middle()
  if (work.tool === 'line' || work.tool === 'cut' || work.tool === 'border') return work.hands.finish?.()
  work.hands.down?.(p)
  work.hands.up?.(p, false)
}
