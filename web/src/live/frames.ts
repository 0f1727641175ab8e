// Server-sent events (WHATWG HTML, 9.2), read from the bytes of an answer as they come. The browser's own EventSource would hide what
// matters at a dispatcher's desk: that the line is silent although nobody closed it, and why the server wouldn't open it.

export interface Frame {
  /** The event's name; empty for a frame without data, which only says how far the stream is. */
  name: string
  data: string
  id: string | undefined
}

/** Cuts a stream of text into frames. A frame that hasn't ended waits for the rest of it. */
export class Frames {
  private rest = ''

  take(chunk: string): Frame[] {
    const text = (this.rest + chunk).replace(/\r\n/g, '\n')
    const blocks = text.split('\n\n')
    this.rest = blocks.pop()!
    return blocks.flatMap((block) => {
      const frame = read(block)
      return frame ? [frame] : []
    })
  }
}

/** The frame of a block of lines, undefined when there is nothing in it but comments. */
function read(block: string): Frame | undefined {
  let name = ''
  let id: string | undefined
  const data: string[] = []
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':')
    if (colon === 0) continue // a comment
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (field === 'event') name = value
    else if (field === 'data') data.push(value)
    else if (field === 'id') id = value
  }
  if (data.length === 0) return id === undefined ? undefined : { name: '', data: '', id }
  return { name: name || 'message', data: data.join('\n'), id }
}
