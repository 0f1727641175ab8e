// The micro-grids of a draft's grid, as the server tells them.

import { ask } from './drafts'
import type { Home } from './drafts'

export interface MicroGrid {
  number: number
  name: string
  homes: number
  households: number
  residents: number
  band: 'in' | 'over' | 'under'
}

export interface MicroHome extends Home {
  /** Of the building; nothing where it has neither address nor name. */
  address: string
  residents: number
  households: number
  estimated?: boolean
  /** 0: in none. */
  micro: number
  at: [number, number]
}

export interface MicroGrids {
  revision: number
  grid: string
  lower: number
  upper: number
  micro_grids: MicroGrid[]
  homes: MicroHome[]
  without: number
}

export const microGrids = (id: string, grid: string, signal?: AbortSignal): Promise<MicroGrids> =>
  ask('GET', `/drafts/${encodeURIComponent(id)}/micro-grids?grid=${encodeURIComponent(grid)}`, { signal, quiet: true })
