// What the server's answers look like.

export interface Meta {
  version: string
  demo: boolean
  division?: Division
  bounds?: number[]
  target: number
  tolerance: number
}

export interface DivisionName {
  code: string
  name: string
}

export interface Division extends DivisionName {
  level: string
  parent: string | null
  bounds?: number[]
  residents: number | null
  has_layout: boolean
  children: number
}

export interface DivisionDetail extends Division {
  ancestors: DivisionName[]
}

export interface Figures {
  code: string
  name: string
  version: number | null
  published_at: string | null
  as_of: string | null
  grids: number
  residents: number
  residents_source: string
  target: number
  tolerance: number
  in_band: number
  feasible: number
  area_m2: number
  covered_m2: number
  covered_share: number
  streets_m: number
  streets_in_no_grid_m: number
  streets_in_no_grid: number
  compactness_mean: number | null
  on_streets_share: number | null
  infeasible: { code: string; name: string; residents: number; grids: number; reason_zh: string; reason_en: string }[]
}

export interface GridSummary {
  code: string
  name: string
  residents: number
  deviation: number
  band: string
  bounds: number[]
  label: number[]
}

export interface Neighbour {
  code: string
  name: string
  border_m: number
}

export interface Side {
  kind: string
  name: string
  share: number
  text_zh: string
  text_en: string
}

export interface Grid extends GridSummary {
  community: DivisionName
  town: DivisionName
  county: DivisionName
  residents_source: string
  as_of: string
  target: number
  tolerance: number
  houses: number
  blocks: number
  area_m2: number
  perimeter_m: number
  compactness: number
  version: number
  changed: number
  born: number
  geometry: import('geojson').Geometry
  neighbours: Neighbour[]
  surroundings: { north: Side[]; east: Side[]; south: Side[]; west: Side[]; text_zh: string; text_en: string }
}

export interface Found {
  kind: string
  code: string
  name: string
  context: string
  bounds: number[]
}
