// Going through a list of rows by the keyboard: up, down, the first, the last. A row is what bears data-row.

/** The row that has the focus, after the keys that move it were obeyed; undefined when none has it, a modifier is held, or the focus moved. */
export function rowOf(e: KeyboardEvent, all: HTMLElement | undefined): string | undefined {
  if (e.ctrlKey || e.metaKey || e.altKey) return undefined
  const stops = [...(all?.querySelectorAll<HTMLElement>('[data-row]') ?? [])]
  const at = stops.indexOf(document.activeElement as HTMLElement)
  if (at < 0) return undefined
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: stops.length - 1 }[e.key]
  if (to === undefined) return stops[at]!.dataset.row
  e.preventDefault()
  stops[Math.max(0, Math.min(stops.length - 1, to))]?.focus()
  return undefined
}
