// Package draft keeps what planners propose: for one division, another assignment of its blocks to grids than the live one.
//
// The one idea: a draft is the live layout and what differs from it, and everything that ever happened to it is a journal of acts. Every act,
// however clever, comes down to a patch: which blocks were in which grid before and are in which after, and which blocks were cut. A patch can be
// turned round, so undo, redo, going back, merging with what a colleague did meanwhile, and catching up are all the same few lines. The figures,
// problems and comparisons are derived from the assignment and kept nowhere.
//
// Room is the entrance. Act carries out one step (acts.go says which there are), Open looks at a draft, Publish makes it live through
// layout.Publish. A draft in memory is a desk; each node keeps those that it used last and brings them up to date by the journal.
//
// Who may: PlanGrids on the whole division changes drafts that are one's own or shared, ApproveGrids there looks at them and approves what somebody
// else handed in. The database's policies say the same (migrations/00012_draft.sql).
package draft
