// Roles and labels in the reader's words; a name that is newer than this page is shown as it is.

import type { Words } from '../words/zh'

export const roleName = (w: Words, role: string): string => w.roles[role as keyof Words['roles']] ?? role
export const roleDoes = (w: Words, role: string): string => w.roleDoes[role as keyof Words['roleDoes']] ?? ''
export const labelName = (w: Words, label: string): string => w.labelNames[label as keyof Words['labelNames']] ?? label
export const actionName = (w: Words, action: string): string => w.trail.actions[action as keyof Words['trail']['actions']] ?? action
