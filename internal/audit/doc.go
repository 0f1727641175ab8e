// Package audit is the trail: who did what, to what, when, from where and why, in a form in which nothing can be
// changed, left out or put in afterwards without its being found.
//
// The one idea: written with the act, chained after it. An entry goes into the transaction of the act (Trail.Write) with
// a keyed hash of its own, so that no act is without its entry and nobody waits for another's. A moment later one node
// (Trail.Follow) links the entries in the order of commits into a chain for each county and day, each link's hash over the
// one before, and puts the chains' ends into a file outside the database (Heads). Verify reads all of it and says what
// isn't as it was written. Whole days are dropped when their time is over (Trail.Drop), which leaves a checkpoint.
//
// docs/decisions/0013 says why, and what the moment between commit and link means.
package audit
