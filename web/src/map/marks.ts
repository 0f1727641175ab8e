// How incidents look, on the map and beside it: the shape says the group, the sign in it the kind, the colour and the size how grave it is.
// Drawn here, so that nothing is asked of anybody for it.

/** A sign in a square of 12, white on its shape: filled, or drawn with a pen. */
interface Sign {
  path: string
  pen?: number
}

/** A shape in a square of 24, and where in it there is room for the sign: the middle, and the side of the square. */
interface Shape {
  path: string
  x: number
  y: number
  side: number
}

export const shapes: Record<string, Shape> = {
  safety: { path: 'M12 2.6 22.4 20.8H1.6z', x: 12, y: 14.6, side: 9.4 },
  facilities: { path: 'M3.4 3.4h17.2v17.2H3.4z', x: 12, y: 12, side: 12.4 },
  environment: { path: 'M12 1.6 21.2 6.8v10.4L12 22.4 2.8 17.2V6.8z', x: 12, y: 12, side: 12 },
  street: { path: 'M12 .8 23.2 12 12 23.2.8 12z', x: 12, y: 12, side: 10.6 },
  order: { path: 'M12 1.4 21 4.6v7.2c0 5.2-3.6 8.8-9 11-5.4-2.2-9-5.8-9-11V4.6z', x: 12, y: 11.4, side: 11.6 },
  care: { path: 'M12 2a10 10 0 1 1 0 20 10 10 0 0 1 0-20z', x: 12, y: 12, side: 12.4 },
}
const plain: Shape = shapes.care!

const dot = (x: number, y: number, rx: number, ry = rx) => `M${x - rx} ${y}a${rx} ${ry} 0 1 0 ${2 * rx} 0a${rx} ${ry} 0 1 0 ${-2 * rx} 0z`

export const signs: Record<string, Sign> = {
  fire: { path: 'M6.6.4c.3 2 3.7 3.4 3.7 6.8a4.3 4.3 0 0 1-8.6 0c0-1.8.9-2.8 1.9-3.9.2 1 .6 1.6 1.2 1.9.1-2 .7-3.5 1.8-4.8z' },
  gas: { path: 'M2.6 10.8c-1.4-1.7 1.4-3.2 0-4.9s1.4-3.2 0-4.7M6 10.8c-1.4-1.7 1.4-3.2 0-4.9s1.4-3.2 0-4.7M9.4 10.8c-1.4-1.7 1.4-3.2 0-4.9s1.4-3.2 0-4.7', pen: 1.5 },
  road: { path: 'M3.4.9 1.4 11.1M8.6.9l2 10.2M6 .9v2.2M6 5v2M6 8.9v2.2', pen: 1.5 },
  streetlight: { path: 'M3.4 11.2V4.4C3.4 2 5.2.9 7.4 1.6l2 1M6.7 4.9h4.4L9.6 2.6zM1.6 11.2h3.6', pen: 1.4 },
  water: { path: 'M6 .5c2.2 3 3.9 5 3.9 7.2a3.9 3.9 0 0 1-7.8 0C2.1 5.5 3.8 3.5 6 .5z' },
  power: { path: 'M7.4.2 1.9 6.9h3.2l-.9 4.9 5.9-7.2H6.7z' },
  garbage: { path: 'M1.6 3.2h8.8M4.3 3V1.3h3.4V3M2.7 3.4l.7 7.5h5.2l.7-7.5M4.9 5.4v3.4M7.1 5.4v3.4', pen: 1.3 },
  noise: { path: 'M.9 4.4v3.2h2.2l2.7 2.3V2.1L3.1 4.4zM7.7 4.2c.9 1.1.9 2.5 0 3.6M9.5 2.4c2 2.1 2 5.1 0 7.2', pen: 1.4 },
  'stray-animals': { path: `M6 5.7c1.8 0 3.4 2 3.4 3.7 0 1.2-1 1.7-1.9 1.5-1-.3-2-.3-3 0-.9.2-1.9-.3-1.9-1.5 0-1.7 1.6-3.7 3.4-3.7z${dot(1.8, 5, 1.15, 1.5)}${dot(10.2, 5, 1.15, 1.5)}${dot(4.4, 2.5, 1.15, 1.55)}${dot(7.6, 2.5, 1.15, 1.55)}` },
  parking: { path: 'M3.8 11.2V1.2h3.1a2.9 2.9 0 0 1 0 5.8H3.8', pen: 2 },
  'illegal-building': { path: 'M.9 6.3 6 1.4l5.1 4.9M2.4 5.2v5.9h7.2V5.2M4.6 9.3l2.8-2.8M4.6 6.5l2.8 2.8', pen: 1.4 },
  dispute: { path: 'M.8 1.2h6.6v4.2H4.2L2.4 7.1V5.4H.8zM9 4.2h2.2v4.4H9.9v1.8L8 8.6H4.9', pen: 1.3 },
  'public-order': { path: 'M6 1v6M6 10.4v.2', pen: 2.3 },
  elderly: { path: 'M3.4 2.2a1.4 1.4 0 1 0 2.8 0 1.4 1.4 0 1 0-2.8 0zM4.9 4.6v3.2l-1.5 3.4M4.9 7.8l1.6 3.4M4.9 5.4l3.3 1.5M9.3 5.9v5.3', pen: 1.4 },
  medical: { path: 'M4.4.9h3.2v3.5h3.5v3.2H7.6v3.5H4.4V7.6H.9V4.4h3.5z' },
  'special-group': { path: 'M6 5.6a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6zM1.4 11.2C1.8 8.6 3.6 7.2 6 7.2s4.2 1.4 4.6 4', pen: 1.6 },
  other: { path: dot(1.8, 6, 1.3) + dot(6, 6, 1.3) + dot(10.2, 6, 1.3) },
}

/** By severity, 1 the gravest. Dark enough that white is read on them (3 to 1), and apart for every common kind of colour blindness with the size. */
export const colours: Record<number, string> = { 1: '#c2101f', 2: '#d9580b', 3: '#1f66ad', 4: '#56606a' }
/** The same, dark enough to be read as text on paper (4.5 to 1). */
export const inks: Record<number, string> = { 1: '#a80f1c', 2: '#a84300', 3: '#1b5a99', 4: '#525c65' }
/** How much larger or smaller than an ordinary one. */
export const sizes: Record<number, number> = { 1: 1.22, 2: 1.08, 3: 1, 4: 0.86 }

export const severities = [1, 2, 3, 4] as const

export const shapeOf = (group: string): Shape => shapes[group] ?? plain
export const signOf = (kind: string): Sign => signs[kind] ?? signs.other!
export const colourOf = (severity: number): string => colours[severity] ?? colours[3]!

/** The name of a mark's picture on the map. */
export const imageOf = (kind: string, severity: number): string => `incident-${kind}-${severity}`

const side = 30 // pixels of a mark on the map, its white rim included
const ratio = 2 // drawn finer than the page's pixels, so that it is sharp on every screen

/** Draws the marks of all kinds in all severities. groups says which group a kind is in. */
export function drawMarks(groups: Record<string, string>, add: (name: string, image: ImageData, options: { pixelRatio: number }) => void) {
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = side * ratio
  const c = canvas.getContext('2d', { willReadFrequently: true })
  if (!c) return
  for (const kind of Object.keys(groups))
    for (const severity of severities) {
      c.setTransform(1, 0, 0, 1, 0, 0)
      c.clearRect(0, 0, canvas.width, canvas.height)
      drawMark(c, groups[kind] ?? '', kind, severity)
      add(imageOf(kind, severity), c.getImageData(0, 0, canvas.width, canvas.height), { pixelRatio: ratio })
    }
}

function drawMark(c: CanvasRenderingContext2D, group: string, kind: string, severity: number) {
  const shape = shapeOf(group)
  const outline = new Path2D(shape.path)
  const scale = 0.94 * ratio
  c.setTransform(scale, 0, 0, scale, (side / 2) * ratio - 12 * scale, (side / 2) * ratio - 12 * scale)
  c.lineJoin = c.lineCap = 'round'
  c.lineWidth = 5.4
  c.strokeStyle = severity === 1 ? '#4d060d' : 'rgba(38, 32, 26, 0.72)'
  c.stroke(outline)
  c.lineWidth = 3.8
  c.strokeStyle = '#ffffff'
  c.stroke(outline)
  c.fillStyle = colourOf(severity)
  c.fill(outline)
  const sign = signOf(kind)
  const k = shape.side / 12
  c.translate(shape.x - shape.side / 2, shape.y - shape.side / 2)
  c.scale(k, k)
  const path = new Path2D(sign.path)
  if (sign.pen) {
    c.lineWidth = sign.pen
    c.strokeStyle = '#ffffff'
    c.stroke(path)
  } else {
    c.fillStyle = '#ffffff'
    c.fill(path)
  }
}
