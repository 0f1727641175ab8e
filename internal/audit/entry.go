package audit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/postgres"
	"jingwei/internal/vault"
)

// The actions that the trail knows.
const (
	SignIn             = "sign-in"
	SignInRefused      = "sign-in.refused"
	SignInSecondFactor = "sign-in.second-factor"
	SignOut            = "sign-out"
	SignOutEverywhere  = "sign-out.everywhere"

	PasswordChanged     = "password.changed"
	SecondFactorSet     = "second-factor.set"
	SecondFactorRemoved = "second-factor.removed"
	SecondFactorRefused = "second-factor.refused"
	RecoveryMade        = "recovery.made"

	AccountCreated  = "account.created"
	AccountChanged  = "account.changed"
	AccountDisabled = "account.disabled"
	AccountEnabled  = "account.enabled"
	AccountReset    = "account.reset"
	GrantGiven      = "grant.given"
	GrantTaken      = "grant.taken"
	LabelGiven      = "label.given"
	LabelTaken      = "label.taken"
	TokenMade       = "token.made"
	TokenRevoked    = "token.revoked"

	IncidentReported = "incident.reported"
	IncidentLooked   = "incident.looked"
	IncidentUnmasked = "incident.unmasked"
	IncidentVisited  = "incident.visited"

	ResponderAdded    = "responder.added"
	ResponderChanged  = "responder.changed"
	ResponderEnded    = "responder.ended"
	ResponderReturned = "responder.returned"
	ResponderUnmasked = "responder.unmasked"
	PostAssigned      = "post.assigned"
	PostEnded         = "post.ended"

	HouseLooked      = "house.looked"
	ResidentSought   = "resident.sought"
	ResidentLooked   = "resident.looked"
	ResidentUnmasked = "resident.unmasked"
	ResidentChanged  = "resident.changed"
	RegisterImported = "register.imported"
	AddressPlaced    = "address.placed"
	CareDefined      = "care.defined"

	OrganisationUnmasked = "organisation.unmasked"
	VehicleUnmasked      = "vehicle.unmasked"

	SurroundingsCorrected = "surroundings.corrected"

	TrailRead       = "trail.read"
	TrailExported   = "trail.exported"
	TrailDropped    = "trail.dropped"
	LayoutPublished = "layout.published"
	KeysRotated     = "keys.rotated"
)

// Entry is one thing that was done. Who did it is in the context (postgres.WithActor, WithCaller).
type Entry struct {
	County  int    // 6 digits: whose chain it goes into
	Place   int64  // a grid's code, or a division's with zeros after it (15 digits): whose auditor may read it
	Action  string // one of the constants
	Subject string // "incident:123", "account:5": a thing's number, never a person's name
	Reason  string // what the actor gave as the reason, when one was asked for
	Details any    // whatever else: marshalled to a JSON object; nil for none. Nothing that is sealed elsewhere
}

// Caller is who calls in words, as the trail keeps it: an account's name may be another one later.
type Caller struct {
	Name    string // the account's name, or one of CommandLine and Server
	Address string // where the request came from; "" for the program itself
}

// The callers that are no account: their names have a space, which no account's has.
const (
	CommandLine = "command line"
	Server      = "the server"
)

type callerKey struct{}

// WithCaller says whose name entries written under the context carry.
func WithCaller(ctx context.Context, c Caller) context.Context {
	return context.WithValue(ctx, callerKey{}, c)
}

// CallerOf gives the caller of a context; its name is empty when there is none.
func CallerOf(ctx context.Context) Caller {
	c, _ := ctx.Value(callerKey{}).(Caller)
	return c
}

// Trail writes entries and chains them. Safe for concurrent use.
type Trail struct {
	vault *vault.Vault
}

// New makes a trail whose hashes are under the vault's audit keys.
func New(v *vault.Vault) *Trail { return &Trail{vault: v} }

// Zone is the counties' time. China has had no summer time since 1991, so no table of zones is needed.
var Zone = time.FixedZone("Asia/Shanghai", 8*60*60)

var errNobody = errors.New("audit: an entry needs somebody who did it: the context has no caller (audit.WithCaller)")

// Write puts an entry into the caller's transaction: it is there when that commits, and the act isn't done when it
// can't be written, so an error of it ends the transaction. It waits for nobody: nothing is locked and no number is
// shared but that of a sequence; the chain comes after the commit (Follow).
func (t *Trail) Write(ctx context.Context, tx pgx.Tx, e Entry) error {
	caller, account := CallerOf(ctx), postgres.ActorOf(ctx).Account
	if caller.Name == "" {
		return errNobody
	}
	if e.Action == "" || e.County < 100000 || e.County > 999999 || e.Place/1e9 != int64(e.County) {
		return fmt.Errorf("audit: entry %q of county %d at %d isn't whole", e.Action, e.County, e.Place)
	}
	details, err := detailsOf(e.Details)
	if err != nil {
		return fmt.Errorf("audit: details of %s: %w", e.Action, err)
	}
	r := record{county: strconv.Itoa(e.County), place: strconv.FormatInt(e.Place, 10), actor: caller.Name, action: e.Action,
		subject: e.Subject, reason: e.Reason, address: caller.Address}
	if account != 0 {
		r.account = strconv.FormatInt(account, 10)
	}
	return t.insert(ctx, tx, &r, details, nil)
}

// insert writes the entry: first its number, its transaction, its moment and its details as they will be kept, which the
// hash is over. The moment is the database's now, unless a test says another.
func (t *Trail) insert(ctx context.Context, tx pgx.Tx, r *record, details string, moment *time.Time) error {
	var at time.Time
	err := tx.QueryRow(ctx, `SELECT pg_current_xact_id()::text, nextval('audit_entry_id_seq')::text, coalesce($2, clock_timestamp()), $1::jsonb::text`,
		details, moment).Scan(&r.xid, &r.id, &at, &r.details)
	if err != nil {
		return fmt.Errorf("audit: write %s: %w", r.action, err)
	}
	r.day, r.at = at.In(Zone).Format(time.DateOnly), at.UTC().Format(atForm)
	_, err = tx.Exec(ctx, `
		INSERT INTO audit_entry (county, id, day, at, place, account, actor, action, subject, reason, details, address, xid, mac)
		OVERRIDING SYSTEM VALUE
		VALUES ($1::text::int, $2::text::bigint, $3::text::date, $4, $5::text::bigint, nullif($6, '')::bigint, $7, $8, $9, $10, $11::text::jsonb, $12,
			$13::text::xid8, $14)`,
		r.county, r.id, r.day, at, r.place, r.account, r.actor, r.action, r.subject, r.reason, r.details, r.address, r.xid, t.macOf(r))
	if err != nil {
		return fmt.Errorf("audit: write %s: %w", r.action, err)
	}
	return nil
}

func detailsOf(details any) (string, error) {
	if details == nil {
		return "{}", nil
	}
	text, err := json.Marshal(details)
	if err == nil && (len(text) == 0 || text[0] != '{') {
		err = errors.New("it isn't an object")
	}
	return string(text), err
}
