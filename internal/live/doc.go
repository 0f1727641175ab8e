// Package live turns the outbox into a stream of events for each client that is connected: in the order of commits, each once, within the
// client's scope, and without a gap after a client was cut off.
//
// The one idea: there is no queue for a client. A Hub keeps the last events in one log; a Stream is a place in it. A client that is slow,
// or comes back, reads on from its place; from the database where the log no longer reaches. So a thousand clients cost no more memory
// than one, and none can hold the others up.
//
// Scope is asked of each event for each client with the same words that the database's policies use (incident.Visible). What an incident event
// says of its grid is what holds now: a publication that takes incidents along has what is kept of them read again. When somebody's own rights
// change, their stream stops at that place in the order until it is known who they are by now.
package live
