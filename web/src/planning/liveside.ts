// The live layout for comparing, painted as the draft is: the same layers, over tiles of what is live.

import type { ExpressionSpecification, FilterSpecification, LayerSpecification, StyleSpecification, SymbolLayerSpecification } from 'maplibre-gl'
import type { FeatureCollection } from 'geojson'
import { fillColour } from '../map/grids'
import { sources as tileLayers } from '../map/style'
import { borderLayers, colourOfCode, fillAlpha, fillOpacity, labelsLayers, namesSource, paletteCode, planStyle, tag } from './layers'
import type { Shading } from './planmap'

export interface LiveSide {
  tolerance: number
  shading: Shading
  /** The palette's number of each live grid that is shown, by its code. */
  colours: ReadonlyMap<string, number>
  names: FeatureCollection
  /** What special grids are called. */
  signs: Record<string, string>
  /** Address of the page. */
  base: string
}

export const liveFill = 'plan-fill'
const code: ExpressionSpecification = ['to-string', ['get', 'code']]
const special: ExpressionSpecification = ['==', ['get', 'band'], 'special']

/** The colour of a live grid: its own, or by its deviation, as the draft's are. */
export function liveColour({ tolerance, shading, colours }: Pick<LiveSide, 'tolerance' | 'shading' | 'colours'>): ExpressionSpecification {
  if (shading === 'deviation' || !colours.size) return fillColour(tolerance)
  return ['match', code, ...[...colours].flatMap(([c, n]) => [c, colourOfCode(paletteCode(n), tolerance)]), '#ffffff'] as unknown as ExpressionSpecification
}

export function liveStyle(o: LiveSide): StyleSpecification {
  const whole = planStyle(o.tolerance, o.base)
  const here: FilterSpecification = ['in', code, ['literal', [...o.colours.keys()]]]
  const live = (source: 'grids' | 'grid_labels') => ({ source: 'live', 'source-layer': source, filter: here })
  const borders = whole.layers.filter((l) => borderLayers.includes(l.id as 'plan-border')) as Extract<LayerSpecification, { type: 'line' }>[]
  const layers = whole.layers.flatMap((l): LayerSpecification[] => {
    if (l.id === 'plan-fill') return [{ id: liveFill, type: 'fill', ...live('grids'), paint: { 'fill-color': liveColour(o), 'fill-opacity': fillOpacity(fillAlpha), 'fill-antialias': false } }]
    if (l.id === 'plan-special') return [{ ...(l as Extract<LayerSpecification, { type: 'fill' }>), ...live('grids'), filter: ['all', here, special] }]
    if (l.id === borderLayers[0]) return borders.map((b, i) => ({ id: b.id, type: 'line', ...live('grids'), layout: { 'line-join': 'round' }, paint: { 'line-color': i ? '#2b2f3d' : 'rgba(255,255,255,0.85)', 'line-width': b.paint!['line-width']! } }))
    if (l.id === labelsLayers[1]) return [liveLabels(l as SymbolLayerSpecification, live('grid_labels'), o.signs)]
    return 'source' in l && l.source !== 'ground' && l.source !== namesSource ? [] : [l]
  })
  return {
    version: 8,
    sources: {
      ground: whole.sources.ground!,
      live: { type: 'vector', url: new URL(`tiles/${tileLayers.grids.join(',')}.json`, o.base).href },
      [namesSource]: { type: 'geojson', data: o.names },
    },
    layers,
  }
}

/** As the draft's labels; tiles don't say how large a grid is, so the residents come with the zoom. */
function liveLabels(drafts: SymbolLayerSpecification, from: Pick<SymbolLayerSpecification, 'source' | 'source-layer' | 'filter'>, signs: Record<string, string>): SymbolLayerSpecification {
  const short: ExpressionSpecification = ['slice', code, 12]
  const count = ['match', ['coalesce', ['get', 'special'], ''], ...Object.entries(signs).flat(), ['to-string', ['get', 'residents']]] as unknown as ExpressionSpecification
  const whole: ExpressionSpecification = ['format', short, {}, '\n', {}, count, { 'font-scale': 0.84 }]
  return {
    id: drafts.id,
    type: 'symbol',
    minzoom: drafts.minzoom!,
    ...from,
    layout: { ...drafts.layout, 'text-field': ['step', ['zoom'], ['format', ['case', special, count, short], {}], 14, whole], 'icon-image': ['case', special, tag, ''], 'symbol-sort-key': ['-', 0, ['abs', ['to-number', ['get', 'deviation']]]] },
    paint: { 'text-color': ['case', special, '#ffffff', '#23262f'], 'text-halo-color': ['case', special, 'rgba(0,0,0,0)', 'rgba(255,255,255,0.94)'], 'text-halo-width': 1.8 },
  }
}
