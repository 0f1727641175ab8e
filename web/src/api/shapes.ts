// What the server's answers look like.

export interface Meta {
  version: string
  default_division: string
  bounds: number[] | null
  demo: boolean
  target: number
  tolerance: number
}

export interface Division {
  code: string
  name: string
  level: string
  parent?: string
  bounds?: number[] | null
  residents?: number
}

export interface Figures {
  code: string
  name: string
  version: number
  published_at: string
  grids: number
  residents: number
  residents_source: string
  in_band: number
  feasible: number
  target: number
  tolerance: number
  area_m2: number
  covered_m2: number
  covered_share: number
  streets_m: number
  streets_in_no_grid_m: number
  streets_in_no_grid: number
  infeasible: { within: string; population: number; reason?: string }[]
  compactness_mean: number
  on_streets_share: number
}

export interface GridBrief {
  code: string
  name: string
  residents: number
  band: string
  deviation: number
  bounds: number[]
}

export interface Neighbour {
  code: string
  name: string
  border_m: number
}

export interface Grid extends GridBrief {
  target: number
  houses: number
  blocks: number
  area_m2: number
  perimeter_m: number
  compactness: number
  version: number
  published_at?: string
  label: number[]
  geometry: import('geojson').Geometry
  neighbours: Neighbour[]
  surroundings: { north: string[]; east: string[]; south: string[]; west: string[]; text_zh: string; text_en: string }
}

export interface Hit {
  kind: string
  code: string
  name: string
  within?: string
  bounds?: number[]
}
