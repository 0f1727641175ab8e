package access_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/access/accesstest"
	"jingwei/internal/fault"
)

// enrolled is an auditor with a second factor, signed in from a browser that is known by then.
func (h *house) enrolled(name string) (secret, device string) {
	h.Helper()
	h.Account(name, "110108", "person", []access.Grant{{Role: access.Auditor, Code: "110108"}})
	made, err := h.attempt(name, accesstest.Password, "192.0.2.1", "")
	if err != nil {
		h.Fatal(err)
	}
	f, err := h.BeginFactor(h.ctx, h.identity(made.Token))
	if err != nil {
		h.Fatal(err)
	}
	if _, err := h.ConfirmFactor(h.ctx, h.identity(made.Token), accesstest.Code(h.T, f.Secret)); err != nil {
		h.Fatal(err)
	}
	return f.Secret, h.Known(h.identity(made.Token), made.Device)
}

// longWaits makes every wait an hour longer, so that none is over while a slow machine tries.
func (h *house) longWaits() {
	h.Helper()
	h.exec(`CREATE FUNCTION longer() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN IF NEW.until > now() THEN NEW.until := NEW.until + interval ''1 hour''; END IF; RETURN NEW; END'`)
	h.exec(`CREATE TRIGGER longer BEFORE UPDATE ON sign_in_failure FOR EACH ROW EXECUTE FUNCTION longer()`)
}

// Who has the password alone signs in anew for each handful of codes, each time as a new browser and from another address: that doesn't
// begin the count anew. The owner's browser isn't held up by it.
func TestCodesAreNotGuessedFromNewBrowsers(t *testing.T) {
	h := setup(t)
	h.longWaits()
	secret, device := h.enrolled("shen")
	tried := 0
	for n := range 8 {
		address := fmt.Sprintf("198.51.100.%d", n)
		half, err := h.attempt("shen", accesstest.Password, address, "")
		if err != nil || half.Stage != access.SecondFactor {
			t.Fatalf("%+v %v", half, err)
		}
		for range 3 {
			_, err := h.PassFactor(h.ctx, h.identity(half.Token), "000000", access.Place{Address: address, Device: half.Device})
			if fault.CodeOf(err) == fault.SignedOut {
				tried++
			}
		}
	}
	if tried != 5 {
		t.Errorf("%d codes were tried, want 5", tried)
	}
	half, err := h.attempt("shen", accesstest.Password, "198.51.100.1", device)
	if err != nil {
		t.Fatal(err)
	}
	h.exec(`UPDATE account SET totp_step = 0`)
	if _, err := h.PassFactor(h.ctx, h.identity(half.Token), accesstest.Code(t, secret), access.Place{Address: "198.51.100.1", Device: half.Device}); err != nil {
		t.Errorf("the owner's browser: %v", err)
	}
}

// Wrong codes and wrong passwords that come all at once are no more than those that come one after another.
func TestTriesAtOnceAreCounted(t *testing.T) {
	h := setup(t)
	h.longWaits()
	_, device := h.enrolled("shen")
	half, err := h.attempt("shen", accesstest.Password, "198.51.100.1", device)
	if err != nil {
		t.Fatal(err)
	}
	i := h.identity(half.Token)
	h.atOnce("codes", 40, func() error {
		_, err := h.PassFactor(h.ctx, i, "000000", access.Place{Address: "198.51.100.1", Device: device})
		return err
	})
	h.Account("lin", "110108", "person", leader)
	known, err := h.attempt("lin", accesstest.Password, "192.0.2.1", "")
	if err != nil {
		t.Fatal(err)
	}
	h.atOnce("passwords", 14, func() error {
		_, err := h.attempt("lin", "wrong", "198.51.100.2", "")
		return err
	})
	h.atOnce("passwords on a known browser", 40, func() error {
		_, err := h.attempt("lin", "wrong", "198.51.100.2", known.Device)
		return err
	})
	me := h.identity(known.Token)
	h.atOnce("passwords for another one", 14, func() error {
		err := h.ChangePassword(h.ctx, me, "wrong", "four unrelated words", access.Place{Address: "198.51.100.3"})
		if fault.CodeOf(err) == fault.Forbidden {
			err = fault.New(fault.SignedOut, "", "")
		}
		return err
	})
}

// atOnce makes so many tries in one moment, all wrong, of which five are free.
func (h *house) atOnce(what string, tries int, try func() error) {
	h.Helper()
	var all sync.WaitGroup
	var wrong atomic.Int32
	for range tries {
		all.Go(func() {
			switch err := try(); fault.CodeOf(err) {
			case fault.SignedOut:
				wrong.Add(1)
			case fault.TooManyTries:
			default:
				h.Errorf("%s: %v", what, err)
			}
		})
	}
	all.Wait()
	if wrong.Load() != 5 {
		h.Errorf("%s: %d were tried, want 5", what, wrong.Load())
	}
}

// A session that somebody left open isn't enough to put another second factor in the place of the owner's.
func TestSecondFactorIsNotReplaced(t *testing.T) {
	h := setup(t)
	h.Account("lin", "110108", "person", leader)
	one, err := h.attempt("lin", accesstest.Password, "192.0.2.1", "")
	if err != nil {
		t.Fatal(err)
	}
	two, err := h.attempt("lin", accesstest.Password, "192.0.2.1", "")
	if err != nil {
		t.Fatal(err)
	}
	mine, err := h.BeginFactor(h.ctx, h.identity(one.Token))
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := h.BeginFactor(h.ctx, h.identity(two.Token))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.ConfirmFactor(h.ctx, h.identity(one.Token), accesstest.Code(t, mine.Secret)); err != nil {
		t.Fatal(err)
	}
	_, err = h.ConfirmFactor(h.ctx, h.identity(two.Token), accesstest.Code(t, theirs.Secret))
	h.is("begun before there was one", err, fault.Conflict)
	_, err = h.BeginFactor(h.ctx, h.identity(one.Token))
	h.is("begun while there is one", err, fault.Conflict)
	h.Account("mei", "110108", "person", leader)
	_, err = h.RenewRecoveryCodes(h.ctx, h.identity(h.SignedIn("mei")), "123456", access.Place{Address: "192.0.2.1"})
	h.is("recovery codes without a second factor", err, fault.Conflict)
}

// An administrator of a town gets no password and no token of an account that belongs to the town and reaches beyond it.
func TestAdministratorsOpenNothingBeyondTheirGround(t *testing.T) {
	h := setup(t)
	admin, _, townAdmin, _ := h.officers()
	town := []access.Grant{{Role: access.Dispatcher, Code: "110108001"}}
	county := []access.Grant{{Role: access.Planner, Code: "110108001"}, {Role: access.Dispatcher, Code: "110108"}}
	label := access.LabelGrant{Label: access.Mental, Code: "110108002"}
	mint := func(id int64) func(context.Context, pgx.Tx) error {
		return func(ctx context.Context, tx pgx.Tx) error {
			_, _, err := h.MakeToken(ctx, tx, id, "test", 1)
			return err
		}
	}
	reset := func(id int64, what string) func(context.Context, pgx.Tx) error {
		return func(ctx context.Context, tx pgx.Tx) error {
			_, err := h.Reset(ctx, tx, id, what)
			return err
		}
	}
	wide, labelled := h.Account("wide", "110108001", "person", county), h.Account("labelled", "110108001", "person", town, label)
	machine := h.Account("robot", "110108001", "machine", county)
	for what, f := range map[string]func(context.Context, pgx.Tx) error{
		"a password": reset(wide, access.ResetPassword), "a second factor": reset(wide, access.ResetFactor),
		"a label": reset(labelled, access.ResetPassword), "a token": mint(machine),
	} {
		h.is(what, h.as(townAdmin, f), fault.Forbidden)
		if err := h.as(admin, f); err != nil {
			t.Errorf("%s, by the county's administrator: %v", what, err)
		}
	}
	if err := h.as(townAdmin, reset(h.Account("narrow", "110108001", "person", town), access.ResetPassword)); err != nil {
		t.Errorf("one of the town alone: %v", err)
	}
}
