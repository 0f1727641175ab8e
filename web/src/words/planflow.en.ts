// The words of versions, of handing in and publishing, and of what only the server can do, in English.

import type { Loose } from './dictionary'
import type { planFlowZh } from './planflow.zh'

export const planFlowEn: Loose<typeof planFlowZh> = {
  planFlow: {
    offline: {
      waits: (acts, n) => `No connection. Queued: ${acts} (steps: ${n}); the server goes on by itself once it is back`,
      tip: (n) => ` The server has to work out ${n} of them: their results show when the connection is back.`,
      acts: {
        split: 'split', 'split-line': 'split along a line', cut: 'cut blocks', 'move-border': 'move border', redraw: 'redraw', place: 'take a proposal', solve: 'solve all', undo: 'undo', redo: 'redo', back: 'go back',
      },
      other: 'others',
    },
    fields: {
      crs: (value) => ` ${value} under "Coordinates"`,
      code: 'under "Field with codes"',
      name: 'under "Field with names"',
    },
    touches: (metres) => `${metres} m of border`,
    leave: 'In no grid for now',
    leaveTip: 'In the draft this ground belongs to no grid and is listed under Problems. Before it is published it goes to one: a live layout leaves no ground out',
    leftOut: (n) => (n === '1' ? 'One block is in no grid for now, as you decided; give it to one before publishing' : `${n} blocks are in no grid for now, as you decided; give them to one before publishing`),
    solving: {
      progress: (done, of, solved) => `Problems looked at: ${done} of ${of}, solved: ${solved}`,
      elapsed: (seconds) => `${seconds} s so far`,
      cancel: 'Cancel',
      outdated: 'Blocks of it have changed since this was worked out: what the map shows no longer holds.',
      anew: 'Work it out again',
    },
    approval: {
      every: 'The rule of this county: a second person approves every draft before it is published.',
      over: (moved, limit) => `People who change grids: ${moved}, more than the ${limit} that the rule of this county allows. A second person approves before it is published.`,
      within: (limit) => `No more people change grids than the ${limit} that the rule of this county allows: publish it directly.`,
      who: (names) => `May be approved by ${names}.`,
      nobody: 'There is nobody else yet who may approve on this ground: ask the security officer to grant somebody the role of a leader.',
      publishAfter: 'Published only after a second person has approved: hand it in first',
      problemsFirst: (n) => (n === '1' ? 'One problem that forbids publishing has to be solved first' : `${n} problems that forbid publishing have to be solved first`),
    },
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
