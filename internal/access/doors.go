package access

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"jingwei/internal/audit"
	"jingwei/internal/fault"
	"jingwei/internal/outbox"
	"jingwei/internal/postgres"
	"jingwei/internal/vault"
)

// How long a session lives.
const (
	Absolute = 12 * time.Hour // however busy it is: a shift
	Idle     = 2 * time.Hour  // without anything that a person did
)

// Config is what doors are made of.
type Config struct {
	DB     *pgxpool.Pool // of the application role
	Vault  *vault.Vault
	Trail  *audit.Trail
	Logger *slog.Logger // nil: silent
}

// Doors is the way in. Safe for any number of goroutines.
type Doors struct {
	db    *pgxpool.Pool
	vault *vault.Vault
	trail *audit.Trail
	log   *slog.Logger
	queue *queue
	known *identities
}

// New makes doors.
func New(c Config) *Doors {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	return &Doors{db: c.DB, vault: c.Vault, trail: c.Trail, log: c.Logger, queue: newQueue(), known: newIdentities()}
}

// atDoor is the program itself while somebody stands at the door.
func atDoor(ctx context.Context) context.Context {
	return postgres.WithActor(ctx, postgres.Actor{Scope: postgres.Scope{door: {postgres.Everywhere}}})
}

// Attempt is somebody who wants to come in.
type Attempt struct {
	Name, Password string
	Address        string // where the request came from
	Device         string // what Session.Device of an earlier sign-in was; a browser keeps it
	Agent          string // the browser's name of itself
}

// Session is what a client gets when it has come in.
type Session struct {
	Token  string // for the cookie; only its hash is kept
	Device string // remembers that this browser has signed in before; what it was while a second factor is wanted (see Known)
	Ends   time.Time
	Stage  Stage
}

// standing is what is known of the account that somebody wants to sign in to.
type standing struct {
	account    Account
	password   string
	totp       []byte
	step       int64
	mustChange bool
	disabled   bool
	grants     []Grant
	labels     []LabelGrant
}

// SignIn checks name and password and makes a session. What was wrong it doesn't say, and it takes as long for a name that doesn't exist.
//
// Faults: SignedOut; TooManyTries (a *Wait).
func (d *Doors) SignIn(ctx context.Context, a Attempt) (*Session, error) {
	a.Name = strings.ToLower(strings.TrimSpace(a.Name))
	ctx = atDoor(audit.WithCaller(ctx, audit.Caller{Name: "", Address: a.Address}))
	network := networkOf(a.Address)
	device, _ := d.deviceOf(a.Device, a.Name)
	key := d.failureKey(a.Name, network, device)
	turn, err := d.queue.wait(ctx, network, device)
	if err != nil {
		return nil, err
	}
	right := false
	defer func() { turn.leave(right) }() // what was wrong is counted before it is the next one's turn
	s, err := d.tried(ctx, key, `a.name = $1`, a.Name)
	if err != nil {
		return nil, err
	}
	if right, err = s.opens(ctx, turn, a.Password); err != nil {
		return nil, err
	}
	if !right {
		return nil, d.refuse(ctx, key, s, a)
	}
	return d.admit(ctx, key, s, a, device)
}

// tried reads an account that somebody tries to sign in to, and refuses while a wait is on.
func (d *Doors) tried(ctx context.Context, key []byte, where string, args ...any) (s *standing, err error) {
	err = postgres.Snapshot(ctx, d.db, func(tx pgx.Tx) error {
		if err := waitIsOver(ctx, tx, key); err != nil {
			return err
		}
		s, err = readStanding(ctx, tx, where, args...)
		return err
	})
	return s, err
}

// opens says whether a password is the account's, and the account may be used. It takes its time for an account that isn't there, too.
func (s *standing) opens(ctx context.Context, t *turn, password string) (right bool, err error) {
	if len(password) > mostPassword {
		return false, nil
	}
	err = t.try(ctx, func() error {
		right, err = matches(password, s.password)
		return err
	})
	return right && s.password != "" && !s.disabled, err
}

// waitIsOver refuses while a wait is on for any of some keys.
func waitIsOver(ctx context.Context, tx pgx.Tx, keys ...[]byte) error {
	var until *time.Time
	if err := tx.QueryRow(ctx, `SELECT max(until) FROM sign_in_failure WHERE key = ANY ($1)`, keys).Scan(&until); err != nil {
		return err
	}
	if until != nil {
		if left := time.Until(*until); left > 0 {
			return tooMany(left)
		}
	}
	return nil
}

// refuse counts a wrong password and says so in the trail when there is such an account: what was typed as a name may be anything, a
// password too, and is written nowhere.
func (d *Doors) refuse(ctx context.Context, key []byte, s *standing, a Attempt) error {
	err := postgres.InTx(ctx, d.db, func(tx pgx.Tx) error {
		if err := countFailure(ctx, tx, key); err != nil {
			return err
		}
		if s.account.ID == 0 {
			return nil
		}
		return d.write(ctx, tx, s.account, audit.SignInRefused, "")
	})
	if err != nil {
		return err
	}
	return fault.New(fault.SignedOut, "登录名或密码不对", "the name or the password is wrong")
}

// countFailure counts one more, and forgets what is a day old.
func countFailure(ctx context.Context, tx pgx.Tx, key []byte) error {
	var failed int
	err := tx.QueryRow(ctx, `
		INSERT INTO sign_in_failure AS f (key, failed, until) VALUES ($1, 1, now())
		ON CONFLICT (key) DO UPDATE SET failed = CASE WHEN f.at < now() - $2::interval THEN 1 ELSE f.failed + 1 END, at = now()
		RETURNING failed`, key, forgotten).Scan(&failed)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE sign_in_failure SET until = now() + $2::interval WHERE key = $1`, key, waitAfter(failed)); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `DELETE FROM sign_in_failure WHERE key IN (SELECT key FROM sign_in_failure WHERE at < now() - $1::interval LIMIT 100)`, forgotten)
	return err
}

// admit makes the session of somebody whose password was right. Their browser is known from then on, unless a second factor is wanted first:
// who has only the password gets no place of their own to try codes from.
func (d *Doors) admit(ctx context.Context, key []byte, s *standing, a Attempt, device string) (*Session, error) {
	out := &Session{Token: rand.Text() + rand.Text(), Device: a.Device, Ends: time.Now().Add(Absolute)}
	out.Stage = SecondFactor
	if s.totp == nil {
		out.Stage = stageAfter(s.mustChange, false, s.grants)
		out.Device = d.deviceToken(a.Device, a.Name, device)
	}
	err := postgres.InTx(ctx, d.db, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO session (token, account, stage, ends_at, address, agent) VALUES ($1, $2, $3, $4, $5, $6)`,
			hashed(out.Token), s.account.ID, out.Stage, out.Ends, a.Address, clipTo(a.Agent, 200))
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM session WHERE account = $1 AND ends_at < now()`, s.account.ID); err != nil {
			return err
		}
		if out.Stage == SecondFactor {
			return nil // it is not over yet, and the count of failures stays
		}
		return d.arrived(ctx, tx, s.account, key)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// arrived notes that somebody has given everything that was asked.
func (d *Doors) arrived(ctx context.Context, tx pgx.Tx, a Account, key []byte) error {
	if _, err := tx.Exec(ctx, `DELETE FROM sign_in_failure WHERE key = $1`, key); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE account SET signed_in_at = now() WHERE id = $1`, a.ID); err != nil {
		return err
	}
	return d.write(ctx, tx, a, audit.SignIn, "")
}

// write puts an entry about an account into the trail, as that account's own doing.
func (d *Doors) write(ctx context.Context, tx pgx.Tx, a Account, action, reason string) error {
	caller := audit.CallerOf(ctx)
	actor := postgres.ActorOf(ctx)
	actor.Account = a.ID
	ctx = audit.WithCaller(postgres.WithActor(ctx, actor), audit.Caller{Name: a.Name, Address: caller.Address})
	return d.trail.Write(ctx, tx, entryAbout(a, action, reason, nil))
}

// entryAbout is an entry whose subject is an account; it lies where the account belongs.
func entryAbout(a Account, action, reason string, details any) audit.Entry {
	e := audit.Entry{Action: action, Subject: fmt.Sprintf("account:%d", a.ID), Reason: reason, Details: details}
	if ground := postgres.GroundOf(a.Division); len(ground) > 0 {
		e.Place, e.County = ground[0].Low, int(ground[0].Low/1e9)
	}
	return e
}

// readStanding reads one account with its grants, in one go: every request that nobody remembers the sender of begins with it. The zero standing when
// there is none.
func readStanding(ctx context.Context, tx pgx.Tx, where string, args ...any) (*standing, error) {
	s := &standing{}
	var password *string
	var disabled *time.Time
	var grants, labels []string
	err := tx.QueryRow(ctx, `SELECT a.id, a.name, a.display, a.kind, a.division, a.password, a.totp, a.totp_step, a.must_change, a.disabled_at,
			ARRAY(SELECT role || ' ' || code FROM account_grant WHERE account = a.id ORDER BY role, code),
			ARRAY(SELECT label || ' ' || code FROM account_label WHERE account = a.id ORDER BY label, code)
		FROM account a WHERE `+where, args...).Scan(&s.account.ID, &s.account.Name, &s.account.Display, &s.account.Kind, &s.account.Division,
		&password, &s.totp, &s.step, &s.mustChange, &disabled, &grants, &labels)
	if errors.Is(err, pgx.ErrNoRows) {
		return s, nil
	}
	if err != nil {
		return nil, err
	}
	if password != nil {
		s.password = *password
	}
	s.disabled = disabled != nil
	for _, g := range grants {
		role, code, _ := strings.Cut(g, " ")
		s.grants = append(s.grants, Grant{Role(role), code})
	}
	for _, l := range labels {
		label, code, _ := strings.Cut(l, " ")
		s.labels = append(s.labels, LabelGrant{Label(label), code})
	}
	return s, nil
}

// changed tells every node that what it remembers of an account no longer holds.
func changed(ctx context.Context, tx pgx.Tx, a Account) error {
	county := 0
	if ground := postgres.GroundOf(a.Division); len(ground) > 0 {
		county = int(ground[0].Low / 1e9)
	}
	return outbox.Write(ctx, tx, county, outbox.AccessChanged, map[string]int64{"account": a.ID})
}

func hashed(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

func clipTo(s string, n int) string {
	s = strings.ToValidUTF8(s, "")
	if len(s) > n {
		s = strings.ToValidUTF8(s[:n], "")
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, s)
}

// failureKey is what wrong passwords are counted under: the account together with the known browser, or with where it comes from.
func (d *Doors) failureKey(name, network, device string) []byte {
	from := "network:" + network
	if device != "" {
		from = "device:" + device
	}
	return d.vault.MAC("sign-in failure", []byte(name), []byte(from))
}

// A device token is what a browser keeps to be known again: for each of the last accounts that signed in on it a random name, with a
// keyed hash that binds it to the account.
const mostDevices = 4

func (d *Doors) deviceOf(token, name string) (device string, known bool) {
	for part := range strings.SplitSeq(token, "~") {
		random, sum, ok := strings.Cut(part, ".")
		mac, err := base64.RawURLEncoding.DecodeString(sum)
		if ok && err == nil && d.vault.CheckMAC(mac, "device", []byte(name), []byte(random)) {
			return random, true
		}
	}
	return "", false
}

// Known is a browser's device token once it has signed in to an identity's account with everything that was asked.
func (d *Doors) Known(i *Identity, token string) string {
	device, _ := d.deviceOf(token, i.Account.Name)
	return d.deviceToken(token, i.Account.Name, device)
}

// deviceToken adds an account's device to a token, a new one when it has none, in front, and drops what is too much.
func (d *Doors) deviceToken(token, name, device string) string {
	if device == "" {
		device = rand.Text()
	}
	mine := device + "." + base64.RawURLEncoding.EncodeToString(d.vault.MAC("device", []byte(name), []byte(device)))
	parts := []string{mine}
	for part := range strings.SplitSeq(token, "~") {
		if part != "" && !strings.HasPrefix(part, device+".") && len(parts) < mostDevices && len(part) < 200 {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, "~")
}
