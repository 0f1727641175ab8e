package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Capability is a thing that may be done somewhere: "incident.read". internal/access names them and says which role brings which.
type Capability string

// Range is a range of grid codes (15 digits), both ends included: a division is the range of all codes that begin with its own.
type Range struct{ Low, High int64 }

// Ranges are where a thing may be done.
type Ranges []Range

// Scope says what may be done where. Its zero value is nothing, nowhere.
type Scope map[Capability]Ranges

// Everywhere is the range of all grid codes, for what the program itself does.
var Everywhere = Range{0, 1e15 - 1}

// GroundOf is the range of a code of a division (6, 9 or 12 digits) or a grid (15); none for anything else. It is ground_of of the migrations.
func GroundOf(code string) Ranges {
	n, err := strconv.ParseInt(code, 10, 64)
	if err != nil || n < 0 || len(code) > 15 || len(code) < 6 || len(code)%3 != 0 {
		return nil
	}
	span := int64(1)
	for range 15 - len(code) {
		span *= 10
	}
	return Ranges{{n * span, n*span + span - 1}}
}

// Covers says whether a grid code lies in the ranges.
func (r Ranges) Covers(grid int64) bool {
	return slices.ContainsFunc(r, func(x Range) bool { return x.Low <= grid && grid <= x.High })
}

// Contains says whether one of the ranges holds all of another.
func (r Ranges) Contains(other Range) bool {
	return slices.ContainsFunc(r, func(x Range) bool { return x.Low <= other.Low && other.High <= x.High })
}

// multirange writes the ranges as PostgreSQL reads an int8multirange.
func (r Ranges) multirange() string {
	parts := make([]string, len(r))
	for i, x := range r {
		parts[i] = fmt.Sprintf("[%d,%d]", x.Low, x.High)
	}
	return "{" + strings.Join(parts, ",") + "}"
}

// Actor is who acts in a transaction, and how far that reaches. The zero value is nobody, who sees nothing that is about a person.
type Actor struct {
	Account int64
	Scope   Scope
}

type actorKey struct{}

// WithActor makes the transactions that begin with the context the actor's.
func WithActor(ctx context.Context, a Actor) context.Context {
	return context.WithValue(ctx, actorKey{}, a)
}

// ActorOf gives the actor of a context, nobody when there is none.
func ActorOf(ctx context.Context) Actor {
	a, _ := ctx.Value(actorKey{}).(Actor)
	return a
}

type byKey struct{}

// ByKey makes the transactions of ctx look things up by their keys: each statement is planned once for a connection and not anew for each key. Left to itself
// the planner doesn't, as it takes a list of keys that it doesn't know for ten, and that for dearer than the one it sees; then planning costs several times
// what a look-up does. Not for what asks for ranges of grids, whose plans hang on how wide they are.
func ByKey(ctx context.Context) context.Context { return context.WithValue(ctx, byKey{}, true) }

// setPlans is what a transaction says of its plans.
func setPlans(ctx context.Context) string {
	if ctx.Value(byKey{}) == nil {
		return ""
	}
	return "; SET LOCAL plan_cache_mode = force_generic_plan"
}

// setActor is what a transaction says first, in the same round trip as BEGIN. It is always said: a connection may have been somebody else's
// before. What is quoted is made of numbers and of the names of capabilities, which are the program's own.
func setActor(ctx context.Context) string {
	a := ActorOf(ctx)
	if a.Account == 0 && len(a.Scope) == 0 {
		return "; SET LOCAL jingwei.actor = ''; SET LOCAL jingwei.scope = ''"
	}
	ranges := make(map[string]string, len(a.Scope))
	for c, r := range a.Scope {
		ranges[string(c)] = r.multirange()
	}
	scope, _ := json.Marshal(ranges) // a map of strings always marshals
	account := ""
	if a.Account != 0 {
		account = strconv.FormatInt(a.Account, 10)
	}
	return fmt.Sprintf("; SET LOCAL jingwei.actor = '%s'; SET LOCAL jingwei.scope = '%s'", account, strings.ReplaceAll(string(scope), "'", "''"))
}
