// Package responder keeps those who handle what happens (处置人员): who they are, where they belong, how to call them, and which post of which
// grid they hold. A grid has two posts, a worker's and a leader's; one that nobody holds is a vacancy.
//
// A posting goes with its grid's code: whatever a publication does to the grid's border, its worker stays. When the grid retires, its
// postings end (Release), and a new grid begins with two vacancies.
//
// Phone numbers are sealed before they reach the database, and come out masked; one at a time they are shown for a reason that is written down.
//
// Everything here runs in a transaction that postgres.InTx or postgres.Snapshot began: the actor and the scope of its context decide what there
// is, by the policies of the tables.
package responder
