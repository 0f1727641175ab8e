// Package intake brings files of houses, people, organisations, vehicles and facilities into the register: CSV and XLSX tables as counties have them, with columns under their own
// names, read, looked at, checked row by row, taken, and given back.
//
// Its one idea: a file is cut into parts of some thousand rows, each sealed in the database as it came, and a part goes into the register in one
// transaction that also says so. So an import that is broken off goes on exactly where it was, it can be paused and cancelled between two parts, and
// at every moment accepted + same + proposed + rejected are the rows that are through. A row that is wrong takes no other with it: it is kept
// with all that is wrong with it, and comes back in a file that can be mended and sent again.
//
// Nobody who is on record is changed by an import. What would change them is a proposal, which somebody accepts or refuses.
//
// The files:
//
//	table.go      a file as rows: which encoding, which separator, where the names of its columns are
//	lines.go      rows of a CSV file, also of one whose quotes don't match
//	xlsx.go       rows of an XLSX workbook, streamed
//	spool.go      a workbook on its way in, enciphered on disk
//	fields.go     which column is what
//	checks.go     what can be wrong with a cell
//	house.go      a row of houses → houses; housetaker.go a batch of them into the register
//	resident.go   a row of people → arrivals; residenttaker.go a batch of them into the register
//	organisation.go, vehicle.go, facility.go
//	              a row of those; organisationtaker.go, facilitytaker.go a batch
//	part.go       rows sealed
//	job.go        an import in the database; receive.go how it gets there, change.go what people do with it
//	run.go        parts → register, one transaction each; follow.go on a server
//	preview.go    what a file looks like, masked
//	rejects.go    the rows that didn't go in, to be mended
//	unplaced.go   addresses that lead to no house for sure; place.go what somebody says they mean
//	proposal.go   what an import would change of somebody, and what becomes of that
//
// Everything about a job is within the actor's scope of register.import over the job's whole division; the houses and people in it are within that
// division and within the actor's scope of register.change.
package intake
