package access

import (
	"context"
	"fmt"
	"time"

	"jingwei/internal/postgres"
)

// Account is somebody who may sign in, or a machine that holds tokens.
type Account struct {
	ID       int64  `json:"id"`
	Name     string `json:"name"`     // what is typed to sign in
	Display  string `json:"display"`  // what others see
	Kind     string `json:"kind"`     // "person" or "machine"
	Division string `json:"division"` // where it belongs
}

// Stage is what is still to be done before a session is good for anything.
type Stage string

// The stages, in the order in which they are passed.
const (
	SecondFactor Stage = "second-factor" // a code of the second factor is wanted
	Renew        Stage = "password"      // somebody else knows the password: choose another
	Enrol        Stage = "enrol"         // the role demands a second factor: set one up
	Open         Stage = "open"
)

// Identity is who a request comes from.
type Identity struct {
	Account      Account
	Grants       []Grant
	Labels       []LabelGrant
	Stage        Stage
	SecondFactor bool      // one is set up
	Ends         time.Time // of the session, however busy it is
	Machine      bool      // it came with a token
	Actor        postgres.Actor

	session []byte // the key of the session's or the token's row
}

// Can says whether the identity has a capability anywhere.
func (i *Identity) Can(c postgres.Capability) bool {
	return i != nil && i.Stage == Open && len(i.Actor.Scope[c]) > 0
}

// CanAt says whether a capability reaches a grid code.
func (i *Identity) CanAt(c postgres.Capability, grid int64) bool {
	return i.Can(c) && i.Actor.Scope[c].Covers(grid)
}

// Officer says whether one of the grants is that of one of the three officers.
func (i *Identity) Officer() bool { return officer(i.Grants) }

func officer(grants []Grant) bool {
	for _, g := range grants {
		if g.Role.Officer() {
			return true
		}
	}
	return false
}

// stageAfter is what comes after the second factor was given, or wasn't wanted.
func stageAfter(mustChange, hasFactor bool, grants []Grant) Stage {
	switch {
	case mustChange:
		return Renew
	case !hasFactor && officer(grants):
		return Enrol
	}
	return Open
}

type identityKey struct{}

// WithIdentity puts who a request comes from into its context, for handlers and, as the actor, for the database.
func WithIdentity(ctx context.Context, i *Identity) context.Context {
	ctx = context.WithValue(ctx, identityKey{}, i)
	if i.Stage != Open {
		return ctx
	}
	return postgres.WithActor(ctx, i.Actor)
}

// IdentityOf gives who a request comes from, nil when nobody is signed in.
func IdentityOf(ctx context.Context) *Identity {
	i, _ := ctx.Value(identityKey{}).(*Identity)
	return i
}

func duration(seconds int64) (zh, en string) {
	if seconds < 120 {
		return fmt.Sprintf("%d 秒", seconds), fmt.Sprintf("%d seconds", seconds)
	}
	return fmt.Sprintf("%d 分钟", (seconds+59)/60), fmt.Sprintf("%d minutes", (seconds+59)/60)
}
