// Package register is the register of houses and residents (以房找人, 以人找房): who lives where, since when, together with whom, and who is to be
// looked after.
//
// Its one idea: a person is tied to a house, a house to the ground by its position, and everything else follows. Which block a house stands on is
// written down; which grid it is in is asked of the layout, so that a publication changes nothing here but the houses of the blocks that it
// retires (Retie).
//
// Names, ID numbers and telephone numbers are sealed before they reach the database and come out masked. They are found again by keyed hashes, whole
// or not at all. One person at a time they are shown for a reason that is written down (Unmask).
//
// Everything here runs in a transaction that postgres.InTx or postgres.Snapshot began: the actor and the scope of its context decide what there
// is, by the policies of the tables. A resident is seen by who may see the house they live in, or lived in last; a residency by who may see its house.
// Who moved away to ground that one may not see is a row of dates without a name.
//
// The files:
//
//	book.go      what everything here works with
//	sealed.go    what of a person is sealed, and how
//	house.go     a house, and who lives and lived there (occupant.go)
//	stack.go     a building as storeys and rooms (楼盘表)
//	find.go      a person by ID number, telephone number, or name and something else
//	resident.go  a person, and where they live and lived
//	unmask.go    one person's numbers, for a reason
//	fragment.go  houses by a piece of their address; buildings.go the buildings that such a piece is about; pieces.go how both are found in memory
//	act.go       what is done by hand, each a patch that can be turned round; moves.go who moves in and out, is born, dies, which household is divided;
//	             correct.go an address put right
//	care.go      who is put under a kind of care, and which visits come of what happens; carekind.go the kinds that a county has
//	watch.go     who is looked after or to be visited; visit.go visits to be made, and those that were
//	takehouses.go, takeresidents.go  many houses or residents at once, as imports and the demo bring them (arrival.go)
//	present.go   who is on record already; settle.go what becomes true of them when a proposal is accepted
//	gazetteer.go the places of the register for internal/address, kept in memory (gazetteers.go)
//	words.go     the words of files, and what they are here
//	retie.go     what a publication does to houses
package register
