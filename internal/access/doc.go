// Package access says who may come in and what they may do where.
//
// The one idea: a role is a set of capabilities, a grant is a role on a piece of ground, and both together are a scope, which a
// transaction carries into the database (postgres.WithActor). Handlers and the database's policies ask the same question of it: does
// this capability reach this grid code? Nothing else decides what somebody sees.
//
// Doors is the way in: passwords, second factors, sessions and tokens. It acts as the program itself ('account.door') while
// somebody stands at the door, and never hands that on.
package access
