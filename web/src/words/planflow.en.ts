// The words of versions, of handing in and publishing, and of what only the server can do, in English.

import type { Loose } from './dictionary'
import type { planFlowZh } from './planflow.zh'

export const planFlowEn: Loose<typeof planFlowZh> = {
  planFlow: {
    versions: {
      none: 'Choose a version',
      loading: 'Reading the versions…',
      here: 'Changed this division',
      elsewhere: 'Left this division as it was',
      option: (version, on) => `Version ${version}, ${on}`,
      live: ' (live)',
      by: (who) => `published by ${who}`,
      noGrids: 'changed no grids',
      noNote: 'no note',
      more: 'Earlier versions',
    },
  },
}
