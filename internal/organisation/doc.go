// Package organisation keeps what the register has beside people: organisations (单位) and vehicles (车辆), and what a publication does to them.
//
// Its one idea: an organisation is in a house, and then its place is the house's; or it has a place of its own, tied to its block like a house. A vehicle is
// where it is kept: at a house. Which grid either is in is asked of the layout, and who may see them is who may see the people there.
//
// Whom to ask for, their telephone, a plate and its owner are sealed before they reach the database and come out masked; one at a time they are shown for a
// reason that is written down (Unmask). They are found again by keyed hashes, whole or not at all.
//
// Everything here runs in a transaction that postgres.InTx or postgres.Snapshot began: the actor and the scope of its context decide what there is, by
// the policies of the tables.
//
// The files:
//
//	organisation.go what an organisation is, and its kinds
//	sealed.go       what of it is sealed, and how
//	take.go         many organisations at once, as imports and the demo bring them
//	find.go         those of a house or a building, and by name, code or telephone
//	unmask.go       whom to ask for, for a reason
//	vehicle.go      vehicles: found, shown; takevehicles.go many at once
//	retie.go        what a publication does to them
package organisation
