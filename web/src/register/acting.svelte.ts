// What is being done to the register by hand: which form is open, what was typed into each (here alone, and gone when the page is left), what was done
// last, and how it is taken back.

import * as api from '../api/registeracts'
import type { ActKind } from '../api/registeracts'
import { asProblem } from '../api/problem'
import type { Problem } from '../api/problem'

/** A form: an act in a house, about somebody in it or about the house. */
export interface Form {
  kind: ActKind
  house: string
  /** '' for the house. */
  resident: string
}

export interface Done {
  act: string
  kind: ActKind
  house: string
  /** Whom it was about; '' for the house. */
  name: string
  undone: boolean
}

const keyOf = (f: Form) => [f.house, f.kind, f.resident].join()

/** A position that is pointed out on the map. */
export interface Aim {
  at?: { lon: number; lat: number }
  /** The map waits for a click. */
  pointing: boolean
}

export class Acting {
  aim: Aim | undefined = $state.raw()
  form: Form | undefined = $state.raw()
  done: Done | undefined = $state.raw()
  /** Why what was done last couldn't be taken back. */
  problem: Problem | undefined = $state.raw()
  undoing = $state(false)
  private readonly drafts = new Map<string, object>()

  /** changed is called when the register isn't any more what the page shows. */
  constructor(private readonly changed: (done: Done) => void) {}

  /** Opens a form, or closes it. What was typed into it is there again when it is opened the next time. */
  toggle(form: Form) {
    this.form = this.shows(form) ? undefined : form
  }

  shows(form: Form): boolean {
    return this.form !== undefined && keyOf(this.form) === keyOf(form)
  }

  close() {
    this.form = undefined
  }

  /** What was typed into a form, beginning with what it is made of. */
  draft<T extends object>(form: Form, fresh: () => T): T {
    const kept = this.drafts.get(keyOf(form))
    if (kept) return kept as T
    const draft: T = $state(fresh())
    this.drafts.set(keyOf(form), draft)
    return draft
  }

  /** An act was done: its form is over. */
  did(form: Form, act: string, name: string) {
    this.drafts.delete(keyOf(form))
    this.problem = undefined
    this.done = { act, kind: form.kind, house: form.house, name, undone: false }
    this.form = undefined
    this.changed(this.done)
  }

  /** Takes an act back. */
  async undo(done: Done) {
    if (this.undoing) return
    this.undoing = true
    this.problem = undefined
    try {
      await api.undo(done.act)
      this.done = { ...done, undone: true }
      this.changed(this.done)
    } catch (thrown) {
      this.done = done
      this.problem = asProblem(thrown)
    } finally {
      this.undoing = false
    }
  }

  /** Leaves the position what it was; false when nobody was pointing. */
  stopPointing(): boolean {
    if (!this.aim?.pointing) return false
    this.aim = this.aim.at ? { ...this.aim, pointing: false } : undefined
    return true
  }

  dismiss() {
    this.done = undefined
    this.problem = undefined
  }
}
