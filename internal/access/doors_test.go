package access_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/access/accesstest"
	"jingwei/internal/audit"
	"jingwei/internal/fault"
	"jingwei/internal/postgres"
	"jingwei/internal/postgres/pgtest"
)

// house is a database with a county, two towns and the doors to it.
type house struct {
	*testing.T
	*accesstest.Doors
	db  *postgres.DB
	ctx context.Context
}

func setup(t *testing.T) *house {
	t.Helper()
	t.Parallel()
	db := pgtest.New(t)
	_, err := db.Owner.Exec(t.Context(), `INSERT INTO division (code, county, level, parent, name, source) VALUES
		('110108', 110108, 'county', NULL, '测试县', 'test'), ('110108001', 110108, 'town', '110108', '东镇', 'test'), ('110108002', 110108, 'town', '110108', '西镇', 'test')`)
	if err != nil {
		t.Fatal(err)
	}
	return &house{t, accesstest.New(t, db), db, t.Context()}
}

func (h *house) attempt(name, password, address, device string) (*access.Session, error) {
	return h.SignIn(h.ctx, access.Attempt{Name: name, Password: password, Address: address, Device: device, Agent: "test"})
}

// identity is who holds a token; it ends the test when nobody does.
func (h *house) identity(token string) *access.Identity {
	h.Helper()
	i, err := h.Identify(h.ctx, token, false)
	if err != nil {
		h.Fatal(err)
	}
	return i
}

// is checks the code of an error.
func (h *house) is(what string, err error, code fault.Code) {
	h.Helper()
	if err == nil || fault.CodeOf(err) != code {
		h.Errorf("%s: %v, want %s", what, err, code)
	}
}

// as runs f as the account that a token belongs to.
func (h *house) as(token string, f func(ctx context.Context, tx pgx.Tx) error) error {
	h.Helper()
	i := h.identity(token)
	ctx := access.WithIdentity(audit.WithCaller(h.ctx, audit.Caller{Name: i.Account.Name, Address: "192.0.2.1"}), i)
	return h.db.InTx(ctx, func(tx pgx.Tx) error { return f(ctx, tx) })
}

func (h *house) exec(sql string, args ...any) {
	h.Helper()
	if _, err := h.db.Owner.Exec(h.ctx, sql, args...); err != nil {
		h.Fatal(err)
	}
}

var leader = []access.Grant{{Role: access.Leader, Code: "110108"}}

func TestSignIn(t *testing.T) {
	h := setup(t)
	h.Account("lin", "110108", "person", leader)
	h.Account("robot", "110108", "machine", leader)
	h.Account("gone", "110108", "person", leader)
	h.exec(`UPDATE account SET disabled_at = now() WHERE name = 'gone'`)

	made, err := h.attempt("  Lin ", accesstest.Password, "192.0.2.1", "")
	if err != nil || made.Stage != access.Open {
		t.Fatalf("%+v %v", made, err)
	}
	i := h.identity(made.Token)
	if i.Account.Name != "lin" || !i.CanAt(access.ReadIncidents, 110108001001001) || i.CanAt(access.ReadIncidents, 110105001001001) || i.Can(access.ManageAccounts) {
		t.Errorf("%+v", i)
	}
	for n, bad := range []struct{ name, password string }{
		{"lin", "wrong"}, {"lin", ""}, {"lin", strings.Repeat("x", 10_000)}, {"nobody", accesstest.Password}, {"robot", ""}, {"robot", accesstest.Password},
		{"gone", accesstest.Password}, {"", ""}, {"lin' OR true --", "x"}, {"lin\x00", "x"},
	} {
		_, err := h.attempt(bad.name, bad.password, fmt.Sprintf("192.0.2.%d", 10+n), "")
		if bad.name == "lin\x00" {
			if err == nil {
				t.Error("a name with NUL came in")
			}
			continue
		}
		h.is(fmt.Sprintf("%q", bad.name), err, fault.SignedOut)
	}
	for _, token := range []string{"", "x", made.Token + "x", strings.Repeat("y", 1000), "jw_x"} {
		_, err := h.Identify(h.ctx, token, true)
		h.is("token "+token, err, fault.SignedOut)
	}
	// Who has the database has no token.
	var clear int
	if err := h.db.Owner.QueryRow(h.ctx, `SELECT count(*) FROM session s WHERE s::text LIKE '%' || $1 || '%' OR token = $2`, made.Token, []byte(made.Token)).Scan(&clear); err != nil || clear != 0 {
		t.Errorf("%d rows hold the token (%v)", clear, err)
	}
}

// Wrong passwords make whoever types them wait, and not the owner of the account: who comes from elsewhere, or with a known browser.
func TestLockOutLocksNobodyElseOut(t *testing.T) {
	h := setup(t)
	h.Account("lin", "110108", "person", leader)
	h.Account("mei", "110108", "person", leader)
	known, err := h.attempt("lin", accesstest.Password, "192.0.2.1", "")
	if err != nil {
		t.Fatal(err)
	}
	var wait *access.Wait
	for n := range 5 {
		_, err := h.attempt("lin", "wrong", "192.0.2.1", "")
		h.is(fmt.Sprint("try ", n), err, fault.SignedOut)
	}
	if _, err := h.attempt("lin", accesstest.Password, "192.0.2.1", ""); !errors.As(err, &wait) {
		t.Fatalf("the right password during the wait: %v", err)
	}
	if _, err := h.attempt("mei", accesstest.Password, "192.0.2.1", ""); err != nil {
		t.Errorf("another account at the same address: %v", err)
	}
	if _, err := h.attempt("lin", accesstest.Password, "192.0.2.2", ""); err != nil {
		t.Errorf("the owner from another address: %v", err)
	}
	if _, err := h.attempt("lin", accesstest.Password, "192.0.2.1", known.Device); err != nil {
		t.Errorf("the owner's browser at the same address: %v", err)
	}
	// A device of one account is none of another's, and a made-up one is none at all.
	for _, device := range []string{known.Device + "x", "a.b", strings.Repeat("~", 5000), "."} {
		if _, err := h.attempt("lin", accesstest.Password, "192.0.2.1", device); !errors.As(err, &wait) {
			t.Errorf("device %.20q: %v", device, err)
		}
	}
	// The wait over, the next wrong one makes it longer, the right one ends it.
	first := wait.For
	h.exec(`UPDATE sign_in_failure SET until = now() - interval '1 second'`)
	_, err = h.attempt("lin", "wrong", "192.0.2.1", "")
	h.is("wrong again", err, fault.SignedOut)
	if _, err := h.attempt("lin", accesstest.Password, "192.0.2.1", ""); !errors.As(err, &wait) || wait.For <= first {
		t.Errorf("the next wait is %v after %v (%v)", wait.For, first, err)
	}
	h.exec(`UPDATE sign_in_failure SET until = now() - interval '1 second'`)
	if _, err := h.attempt("lin", accesstest.Password, "192.0.2.1", ""); err != nil {
		t.Error(err)
	}
	if _, err := h.attempt("lin", "wrong", "192.0.2.1", ""); fault.CodeOf(err) != fault.SignedOut {
		t.Errorf("after the right one the count begins anew: %v", err)
	}
	// The table holds no name and no address, neither as text nor as bytes, which are printed in hexadecimal. (Fewer digits of the address
	// would turn up by chance in a hash or in a moment.)
	var clear int
	if err := h.db.Owner.QueryRow(h.ctx, `SELECT count(*) FROM sign_in_failure f
		WHERE strpos(f::text, 'lin') + strpos(f::text, '192.0.2') + strpos(f::text, encode('lin', 'hex')) + strpos(f::text, encode('192.0.2', 'hex')) > 0`).Scan(&clear); err != nil || clear != 0 {
		t.Errorf("%d rows say who (%v)", clear, err)
	}
}

// An officer sets up a second factor before anything else; then its codes are wanted, each once.
func TestSecondFactor(t *testing.T) {
	h := setup(t)
	h.Account("shen", "110108", "person", []access.Grant{{Role: access.Auditor, Code: "110108"}})
	from := access.Place{Address: "192.0.2.1"}
	made, err := h.attempt("shen", accesstest.Password, "192.0.2.1", "")
	if err != nil || made.Stage != access.Enrol {
		t.Fatalf("%+v %v", made, err)
	}
	i := h.identity(made.Token)
	if i.Can(access.ReadTrail) {
		t.Error("the trail can be read before there is a second factor")
	}
	if _, err := h.ConfirmFactor(h.ctx, i, "123456"); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("confirmed before it was begun: %v", err)
	}
	f, err := h.BeginFactor(h.ctx, i)
	if err != nil {
		t.Fatal(err)
	}
	_, err = h.ConfirmFactor(h.ctx, i, "000000")
	h.is("a wrong code", err, fault.Invalid)
	used := accesstest.Code(t, f.Secret)
	codes, err := h.ConfirmFactor(h.ctx, i, used)
	if err != nil || len(codes) != 10 {
		t.Fatalf("%v %v", codes, err)
	}
	if i = h.identity(made.Token); i.Stage != access.Open || !i.Can(access.ReadTrail) {
		t.Errorf("enrolled: %+v", i)
	}
	h.is("an officer without second factor", h.RemoveFactor(h.ctx, i, accesstest.Password, from), fault.Forbidden)

	again, err := h.attempt("shen", accesstest.Password, "192.0.2.1", "")
	if err != nil || again.Stage != access.SecondFactor {
		t.Fatalf("%+v %v", again, err)
	}
	half := h.identity(again.Token)
	_, err = h.PassFactor(h.ctx, half, used, from)
	h.is("the code that was used", err, fault.SignedOut)
	_, err = h.PassFactor(h.ctx, half, "", from)
	h.is("none", err, fault.SignedOut)
	h.exec(`UPDATE account SET totp_step = totp_step - 2`)
	if stage, err := h.PassFactor(h.ctx, half, " "+accesstest.Code(t, f.Secret)[:3]+" "+accesstest.Code(t, f.Secret)[3:], from); err != nil || stage != access.Open {
		t.Errorf("a good code: %s %v", stage, err)
	}

	// A recovery code is good for once, also when it comes twice at the same moment.
	var came sync.Map
	var all sync.WaitGroup
	for n := range 4 {
		half, err := h.attempt("shen", accesstest.Password, fmt.Sprintf("192.0.2.%d", 50+n), "")
		if err != nil {
			t.Fatal(err)
		}
		all.Go(func() {
			_, err := h.PassFactor(h.ctx, h.identity(half.Token), strings.ToUpper(codes[0]), access.Place{Address: fmt.Sprintf("192.0.2.%d", 50+n)})
			came.Store(n, err == nil)
		})
	}
	all.Wait()
	in := 0
	came.Range(func(_, ok any) bool {
		if ok.(bool) {
			in++
		}
		return true
	})
	if in != 1 {
		t.Errorf("one recovery code let %d in", in)
	}

	// Wrong codes cost like wrong passwords.
	h.exec(`DELETE FROM sign_in_failure`) // those above
	last, err := h.attempt("shen", accesstest.Password, "192.0.2.99", "")
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		_, err = h.PassFactor(h.ctx, h.identity(last.Token), "000000", access.Place{Address: "192.0.2.99"})
		h.is("a wrong code", err, fault.SignedOut)
	}
	_, err = h.PassFactor(h.ctx, h.identity(last.Token), accesstest.Code(t, f.Secret), access.Place{Address: "192.0.2.99"})
	h.is("after five wrong ones", err, fault.TooManyTries)

	// The secret is in no column.
	var clear int
	if err := h.db.Owner.QueryRow(h.ctx, `SELECT (SELECT count(*) FROM account a WHERE a::text ILIKE '%' || $1 || '%' OR position($2::bytea IN totp) > 0)
		+ (SELECT count(*) FROM recovery_code r WHERE position($3::bytea IN r.code) > 0)`, f.Secret, []byte(f.Secret), []byte(codes[1])).Scan(&clear); err != nil || clear != 0 {
		t.Errorf("%d rows hold a secret (%v)", clear, err)
	}
}

// A first password has to be changed, which ends the account's other sessions; officers then set up a second factor.
func TestFirstPassword(t *testing.T) {
	h := setup(t)
	ctx := access.AtServer(h.ctx)
	var password string
	err := h.db.InTx(ctx, func(tx pgx.Tx) error {
		made, p, err := h.Create(ctx, tx, access.Draft{Name: "new", Display: "新人", Kind: "person", Division: "110108"})
		if err != nil {
			return err
		}
		password = p
		return h.Give(ctx, tx, made.ID, access.Grant{Role: access.Administrator, Code: "110108"})
	})
	if err != nil {
		t.Fatal(err)
	}
	made, err := h.attempt("new", password, "192.0.2.1", "")
	if err != nil || made.Stage != access.Renew {
		t.Fatalf("%+v %v", made, err)
	}
	other, err := h.attempt("new", password, "192.0.2.2", "")
	if err != nil {
		t.Fatal(err)
	}
	i := h.identity(made.Token)
	from := access.Place{Address: "192.0.2.1"}
	h.is("an easy one", h.ChangePassword(h.ctx, i, password, "1234567890", from), fault.Invalid)
	h.is("the same", h.ChangePassword(h.ctx, i, password, password, from), fault.Invalid)
	h.is("not knowing the old one", h.ChangePassword(h.ctx, i, "wrong", "violet-harbour-8", from), fault.Forbidden)
	if err := h.ChangePassword(h.ctx, i, password, "violet-harbour-8", from); err != nil {
		t.Fatal(err)
	}
	if i = h.identity(made.Token); i.Stage != access.Enrol {
		t.Errorf("stage %s, want enrol", i.Stage)
	}
	_, err = h.Identify(h.ctx, other.Token, true)
	h.is("the other session", err, fault.SignedOut)
	_, err = h.attempt("new", password, "192.0.2.3", "")
	h.is("the old password", err, fault.SignedOut)
}

func TestSessionsEnd(t *testing.T) {
	h := setup(t)
	h.Account("lin", "110108", "person", leader)
	token := func() string { return h.SignedIn("lin") }
	gone := func(what, token string) {
		t.Helper()
		_, err := access.New(access.Config{DB: h.db.App, Vault: h.Vault, Trail: h.Trail}).Identify(h.ctx, token, true)
		h.is(what+", on another node", err, fault.SignedOut)
		_, err = h.Identify(h.ctx, token, true)
		h.is(what, err, fault.SignedOut)
	}
	one, two := token(), token()
	if err := h.SignOut(h.ctx, h.identity(one)); err != nil {
		t.Fatal(err)
	}
	gone("signed out", one)
	h.identity(two)
	three := token()
	if err := h.SignOutEverywhere(h.ctx, h.identity(three)); err != nil {
		t.Fatal(err)
	}
	gone("everywhere", two)
	gone("here too", three)

	idle, over := token(), token()
	h.exec(`UPDATE session SET seen_at = now() - interval '121 minutes' WHERE token = sha256($1::bytea)`, []byte(idle))
	h.exec(`UPDATE session SET ends_at = now() - interval '1 second' WHERE token = sha256($1::bytea)`, []byte(over))
	h.Forget(0)
	gone("idle", idle)
	gone("over", over)

	// What a page asks by itself doesn't keep a session alive; what a person does, does.
	kept := token()
	h.exec(`UPDATE session SET seen_at = now() - interval '100 minutes'`)
	h.Forget(0)
	if _, err := h.Identify(h.ctx, kept, false); err != nil {
		t.Fatal(err)
	}
	var old bool
	if err := h.db.Owner.QueryRow(h.ctx, `SELECT seen_at < now() - interval '1 hour' FROM session WHERE token = sha256($1::bytea)`, []byte(kept)).Scan(&old); err != nil || !old {
		t.Errorf("a background request counts as use (%v)", err)
	}
	if _, err := h.Identify(h.ctx, kept, true); err != nil {
		t.Fatal(err)
	}
	if err := h.db.Owner.QueryRow(h.ctx, `SELECT seen_at < now() - interval '1 hour' FROM session WHERE token = sha256($1::bytea)`, []byte(kept)).Scan(&old); err != nil || old {
		t.Errorf("a person's request doesn't count as use (%v)", err)
	}
}

// What is taken from an account is gone at once, on every node that follows.
func TestRightsChangeAtOnce(t *testing.T) {
	h := setup(t)
	id := h.Account("lin", "110108", "person", leader)
	token := h.SignedIn("lin")
	other := access.New(access.Config{DB: h.db.App, Vault: h.Vault, Trail: h.Trail})
	ctx, stop := context.WithCancel(h.ctx)
	followed := make(chan struct{})
	go func() {
		defer close(followed)
		_ = other.Follow(ctx, h.db.Reader, slog.New(slog.DiscardHandler))
	}()
	defer func() { stop(); <-followed }()
	may := func(d *access.Doors) bool {
		i, err := d.Identify(h.ctx, token, false)
		return err == nil && i.Can(access.ReadIncidents)
	}
	if !may(h.Doors.Doors) || !may(other) {
		t.Fatal("a leader may read incidents")
	}
	server := access.AtServer(h.ctx)
	if err := h.db.InTx(server, func(tx pgx.Tx) error { return h.Take(server, tx, id, leader[0]) }); err != nil {
		t.Fatal(err)
	}
	h.Forget(id)
	if may(h.Doors.Doors) {
		t.Error("the node that took it still lets them")
	}
	for end := time.Now().Add(30 * time.Second); may(other); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the other node still lets them")
		}
	}
}

func TestTokens(t *testing.T) {
	h := setup(t)
	person, machine := h.Account("lin", "110108", "person", leader), h.Account("robot", "110108", "machine", leader)
	ctx := access.AtServer(h.ctx)
	mint := func(id int64, name string, days int) (token string, made access.Token, err error) {
		err = h.db.InTx(ctx, func(tx pgx.Tx) (err error) {
			token, made, err = h.MakeToken(ctx, tx, id, name, days)
			return err
		})
		return token, made, err
	}
	for _, bad := range []struct {
		id   int64
		name string
		days int
	}{{person, "x", 1}, {machine, " ", 1}, {machine, "x", 0}, {machine, "x", 367}} {
		_, _, err := mint(bad.id, bad.name, bad.days)
		h.is(fmt.Sprint(bad), err, fault.Invalid)
	}
	token, made, err := mint(machine, "open data", 1)
	if err != nil || !strings.HasPrefix(token, "jw_") {
		t.Fatalf("%q %v", token, err)
	}
	if i := h.identity(token); !i.Machine || !i.Can(access.ReadMap) || i.Account.Name != "robot" {
		t.Errorf("%+v", i)
	}
	if err := h.db.InTx(ctx, func(tx pgx.Tx) error {
		return h.Give(ctx, tx, machine, access.Grant{Role: access.Auditor, Code: "110108"})
	}); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("a machine as an auditor: %v", err)
	}
	second, _, err := mint(machine, "another", 1)
	if err != nil {
		t.Fatal(err)
	}
	h.exec(`UPDATE api_token SET expires_at = now() WHERE name = 'another'`)
	h.Forget(0)
	_, err = h.Identify(h.ctx, second, true)
	h.is("expired", err, fault.SignedOut)
	if err := h.db.InTx(ctx, func(tx pgx.Tx) error { return h.RevokeToken(ctx, tx, machine, made.ID) }); err != nil {
		t.Fatal(err)
	}
	h.Forget(machine)
	_, err = h.Identify(h.ctx, token, true)
	h.is("revoked", err, fault.SignedOut)
}
