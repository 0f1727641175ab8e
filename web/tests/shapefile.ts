// Writes a Shapefile as a desktop GIS does: .shp, .shx, .dbf and .prj in one zip.

import type { FeatureCollection, MultiPolygon, Position } from 'geojson'
import { crc32 } from 'node:zlib'

const prj = 'GEOGCS["China Geodetic Coordinate System 2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'

/** fields: name and width of those that are written, as text. */
export function shapefile(net: FeatureCollection<MultiPolygon>, name: string, fields: readonly [string, number][]): Buffer {
  const shapes = net.features.map((f) => shape(f.geometry))
  const all = boxOf(net.features.flatMap((f) => f.geometry.coordinates.flat(2)))
  const index: Buffer[] = []
  const records: Buffer[] = []
  let at = 50
  shapes.forEach((s, i) => {
    const words = s.length / 2
    records.push(big(i + 1, words), s)
    index.push(big(at, words))
    at += 4 + words
  })
  const files: [string, Buffer][] = [
    ['.shp', Buffer.concat([header(at, all), ...records])],
    ['.shx', Buffer.concat([header(50 + 4 * shapes.length, all), ...index])],
    ['.dbf', dbf(net, fields)],
    ['.prj', Buffer.from(prj)],
    ['.cpg', Buffer.from('UTF-8')],
  ]
  return zip(files.map(([ending, body]) => [name + ending, body]))
}

function big(...n: number[]): Buffer {
  const b = Buffer.alloc(4 * n.length)
  n.forEach((v, i) => b.writeInt32BE(v, 4 * i))
  return b
}
function little(...n: number[]): Buffer {
  const b = Buffer.alloc(4 * n.length)
  n.forEach((v, i) => b.writeInt32LE(v, 4 * i))
  return b
}
function doubles(n: readonly number[]): Buffer {
  const b = Buffer.alloc(8 * n.length)
  n.forEach((v, i) => b.writeDoubleLE(v, 8 * i))
  return b
}

const boxOf = (at: Position[]) => [Math.min(...at.map((p) => p[0]!)), Math.min(...at.map((p) => p[1]!)), Math.max(...at.map((p) => p[0]!)), Math.max(...at.map((p) => p[1]!))]
const header = (words: number, box: number[]) => Buffer.concat([big(9994, 0, 0, 0, 0, 0, words), little(1000, 5), doubles([...box, 0, 0, 0, 0])])

/** Outer rings go clockwise in a Shapefile, holes the other way: GeoJSON's turned round. */
function shape(geometry: MultiPolygon): Buffer {
  const rings = geometry.coordinates.flatMap((part) => part.map((ring, i) => (turn(ring) > 0 === (i === 0) ? ring.toReversed() : ring)))
  const points = rings.flat()
  let from = 0
  const starts = rings.map((r) => (from += r.length) - r.length)
  return Buffer.concat([little(5), doubles(boxOf(points)), little(rings.length, points.length, ...starts), doubles(points.flatMap((p) => [p[0]!, p[1]!]))])
}
const turn = (ring: Position[]) => ring.slice(1).reduce((sum, p, i) => sum + (ring[i]![0]! - ring[0]![0]!) * (p[1]! - ring[0]![1]!) - (p[0]! - ring[0]![0]!) * (ring[i]![1]! - ring[0]![1]!), 0)

function dbf(net: FeatureCollection<MultiPolygon>, fields: readonly [string, number][]): Buffer {
  const width = 1 + fields.reduce((sum, [, w]) => sum + w, 0)
  const head = Buffer.alloc(32 + 32 * fields.length + 1)
  head.set([3, 125, 11, 1])
  head.writeInt32LE(net.features.length, 4)
  head.writeInt16LE(head.length, 8)
  head.writeInt16LE(width, 10)
  fields.forEach(([name, w], i) => {
    head.write(name, 32 + 32 * i, 'latin1')
    head.write('C', 32 + 32 * i + 11, 'latin1')
    head[32 + 32 * i + 16] = w
  })
  head[head.length - 1] = 13
  const rows = net.features.map((f) => {
    const row = Buffer.alloc(width, 32)
    let at = 1
    for (const [name, w] of fields) {
      row.write(String(f.properties?.[name] ?? ''), at, w, 'utf8')
      at += w
    }
    return row
  })
  return Buffer.concat([head, ...rows, Buffer.from([26])])
}

/** A zip in which nothing is packed. */
function zip(files: readonly [string, Buffer][]): Buffer {
  const out: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const [name, body] of files) {
    const called = Buffer.from(name)
    const about = Buffer.alloc(26)
    about.writeUInt16LE(20, 0)
    about.writeUInt16LE(0x800, 2) // the name is UTF-8
    about.writeUInt16LE(0x21, 8)
    about.writeUInt32LE(crc32(body), 10)
    about.writeUInt32LE(body.length, 14)
    about.writeUInt32LE(body.length, 18)
    about.writeUInt16LE(called.length, 22)
    out.push(Buffer.from('PK\x03\x04', 'latin1'), about, called, body)
    const more = Buffer.alloc(14)
    more.writeUInt32LE(at, 10)
    directory.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), about, more, called)
    at += 30 + called.length + body.length
  }
  const index = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(files.length, 8)
  end.writeUInt16LE(files.length, 10)
  end.writeUInt32LE(index.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...out, index, end])
}
