// Package incident takes reports of what somebody has to handle (事件), and shows them to whose business they are.
//
// A report is located in the live ground, filed under a grid, and stored with its event and its entry in the trail in one transaction. What was
// said and whom to call is sealed before it reaches the database, and comes out masked; whom to call is shown for one incident at a time, for a
// reason that is written down.
//
// Everything here runs in a transaction that postgres.InTx or postgres.Snapshot began: the actor and the scope of its context decide
// what there is, by the policies of the tables. Queries name the grids that the scope amounts to as well, so that they go by an index; the
// policies still decide.
package incident
