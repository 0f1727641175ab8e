package access

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"jingwei/internal/fault"
	"jingwei/internal/outbox"
	"jingwei/internal/postgres"
)

const (
	remembered   = 2 * time.Second // an identity is read again after that, however nothing was heard
	mostKnown    = 50_000
	seenEvery    = time.Minute // a session's last use is written so often at most
	tokenPrefix  = "jw_"       // of API tokens, so that they are found where they were lost
	longestToken = 100
)

// identities remembers who sessions belong to for a moment: a map asks for dozens of tiles at once.
type identities struct {
	mu   sync.Mutex
	all  map[string]remember
	turn int // goes up whenever something is forgotten: what was read before that isn't remembered after it
}

type remember struct {
	identity *Identity
	read     time.Time
	seen     time.Time
}

func newIdentities() *identities { return &identities{all: make(map[string]remember)} }

// get gives what is remembered, and the turn for put.
func (k *identities) get(key string) (r remember, turn int, ok bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	r, ok = k.all[key]
	return r, k.turn, ok && time.Since(r.read) < remembered && time.Now().Before(r.identity.Ends)
}

// put remembers what was read in a turn, unless something was forgotten since: it may be older than that.
func (k *identities) put(key string, r remember, turn int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if turn != k.turn {
		return
	}
	if len(k.all) >= mostKnown {
		clear(k.all)
	}
	k.all[key] = r
}

// forget drops what is remembered of an account; 0 is all of them.
func (k *identities) forget(account int64) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.turn++
	for key, r := range k.all {
		if account == 0 || r.identity.Account.ID == account {
			delete(k.all, key)
		}
	}
}

// Follow forgets what changed, on this node as on every other, until ctx ends.
func (d *Doors) Follow(ctx context.Context, reader *pgxpool.Pool, log *slog.Logger) error {
	since, err := outbox.Now(ctx, reader)
	if err != nil {
		return err
	}
	return outbox.Follow(ctx, reader, log, since, func(e outbox.Event) error {
		if e.Kind == outbox.AccessChanged {
			d.known.forget(AccountOf(e))
		}
		return nil
	})
}

// AccountOf is the account that an event AccessChanged is about, 0 when it can't be read: then it may be any.
func AccountOf(e outbox.Event) int64 {
	var payload struct {
		Account int64 `json:"account"`
	}
	_ = json.Unmarshal(e.Payload, &payload)
	return payload.Account
}

// Identify gives who holds a session's token or an API token. With active the session is used by a person at this moment, and
// not by a page that asks again by itself.
//
// Fault: SignedOut.
func (d *Doors) Identify(ctx context.Context, token string, active bool) (*Identity, error) {
	if token == "" || len(token) > longestToken {
		return nil, signedOut()
	}
	key := string(hashed(token))
	r, turn, ok := d.known.get(key)
	if !ok {
		identity, seen, err := d.readIdentity(ctx, token)
		if err != nil {
			return nil, err
		}
		r = remember{identity, time.Now(), seen}
		d.known.put(key, r, turn)
	}
	if active && time.Since(r.seen) > seenEvery {
		r.seen = time.Now()
		d.known.put(key, r, turn)
		if err := d.touch(ctx, r.identity); err != nil {
			return nil, err
		}
	}
	return r.identity, nil
}

func signedOut() error {
	return fault.New(fault.SignedOut, "尚未登录，或登录已过期，请重新登录", "nobody is signed in, or no longer; sign in again")
}

func (d *Doors) readIdentity(ctx context.Context, token string) (i *Identity, seen time.Time, err error) {
	err = postgres.Snapshot(atDoor(ctx), d.db, func(tx pgx.Tx) error {
		if strings.HasPrefix(token, tokenPrefix) {
			i, seen, err = readToken(ctx, tx, hashed(token))
		} else {
			i, seen, err = readSession(ctx, tx, hashed(token))
		}
		return err
	})
	return i, seen, err
}

func readSession(ctx context.Context, tx pgx.Tx, key []byte) (*Identity, time.Time, error) {
	i := &Identity{session: key}
	var account int64
	var seen time.Time
	err := tx.QueryRow(ctx, `SELECT account, stage, ends_at, seen_at FROM session WHERE token = $1 AND ends_at > now() AND seen_at > now() - $2::interval`, key, Idle).
		Scan(&account, &i.Stage, &i.Ends, &seen)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, seen, signedOut()
	}
	if err != nil {
		return nil, seen, err
	}
	return i, seen, i.fill(ctx, tx, account)
}

func readToken(ctx context.Context, tx pgx.Tx, key []byte) (*Identity, time.Time, error) {
	i := &Identity{session: key, Stage: Open, Machine: true}
	var account int64
	var used *time.Time
	err := tx.QueryRow(ctx, `SELECT account, expires_at, used_at FROM api_token WHERE token = $1 AND revoked_at IS NULL AND expires_at > now()`, key).
		Scan(&account, &i.Ends, &used)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, time.Time{}, signedOut()
	}
	if err != nil {
		return nil, time.Time{}, err
	}
	if used == nil {
		used = new(time.Time)
	}
	return i, *used, i.fill(ctx, tx, account)
}

// fill reads the account of an identity and what it may do.
func (i *Identity) fill(ctx context.Context, tx pgx.Tx, account int64) error {
	s, err := readStanding(ctx, tx, `a.id = $1`, account)
	if err != nil {
		return err
	}
	if s.disabled || s.account.ID == 0 {
		return signedOut()
	}
	i.Account, i.Grants, i.Labels, i.SecondFactor = s.account, s.grants, s.labels, s.totp != nil
	if i.Stage == Open && !i.Machine && !i.SecondFactor && officer(s.grants) {
		i.Stage = Enrol // it became an officer's account meanwhile
	}
	i.Actor = postgres.Actor{Account: s.account.ID, Scope: ScopeOf(s.grants, s.labels)}
	return nil
}

// touch notes that a session or a token was used.
func (d *Doors) touch(ctx context.Context, i *Identity) error {
	return postgres.InTx(atDoor(ctx), d.db, func(tx pgx.Tx) error {
		if i.Machine {
			_, err := tx.Exec(ctx, `UPDATE api_token SET used_at = now() WHERE token = $1`, i.session)
			return err
		}
		_, err := tx.Exec(ctx, `UPDATE session SET seen_at = now() WHERE token = $1`, i.session)
		return err
	})
}

// As is a context in which an account acts that asked for something to be done later: with what it may do now. Fault: SignedOut when it may
// do nothing any more.
func (d *Doors) As(ctx context.Context, account int64) (context.Context, error) {
	i := &Identity{Stage: Open}
	err := postgres.Snapshot(atDoor(ctx), d.db, func(tx pgx.Tx) error { return i.fill(ctx, tx, account) })
	if err != nil {
		return nil, err
	}
	return WithIdentity(ctx, i), nil
}
