package vault

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"jingwei/internal/fault"
)

func seal(t testing.TB, v *Vault, plain, about string) []byte {
	t.Helper()
	s, err := v.Seal([]byte(plain), about)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func wantOpen(t testing.TB, v *Vault, sealed []byte, about, plain string) {
	t.Helper()
	got, err := v.Open(sealed, about)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	if got == nil || string(got) != plain {
		t.Fatalf("opened %q, want %q", got, plain)
	}
}

func TestSealedOpensOnlyWhereItStands(t *testing.T) {
	v := New(Generate())
	rapid.Check(t, func(t *rapid.T) {
		plain := rapid.SliceOf(rapid.Byte()).Draw(t, "plain")
		about := rapid.StringN(1, 40, -1).Draw(t, "about")
		other := rapid.String().Filter(func(s string) bool { return s != about }).Draw(t, "other")
		sealed, err := v.Seal(plain, about)
		if err != nil {
			t.Fatal(err)
		}
		got, err := v.Open(sealed, about)
		if err != nil || !bytes.Equal(got, plain) || got == nil {
			t.Fatalf("got %x, %v; want %x", got, err, plain)
		}
		if len(plain) >= 4 && bytes.Contains(sealed, plain) {
			t.Fatal("the plaintext is in what was sealed")
		}
		if got, err := v.Open(sealed, other); err == nil || got != nil {
			t.Fatalf("opened elsewhere: %x, %v", got, err)
		}
		if again, _ := v.Seal(plain, about); bytes.Equal(again, sealed) {
			t.Fatal("sealed twice the same")
		}
	})
}

func TestEveryChangedBitIsRefusedWithTheSameAnswer(t *testing.T) {
	v := New(Generate())
	sealed := seal(t, v, "13800000000", "a")
	_, elsewhere := v.Open(sealed, "b")
	for i := range len(sealed) * 8 {
		bad := bytes.Clone(sealed)
		bad[i/8] ^= 1 << (i % 8)
		got, err := v.Open(bad, "a")
		if err == nil || got != nil {
			t.Fatalf("bit %d changed: opened %q", i, got)
		}
		inID := i/8 >= 1 && i/8 < headLength
		if want := map[bool]fault.Code{true: fault.Unavailable, false: fault.Internal}[inID]; fault.CodeOf(err) != want {
			t.Fatalf("bit %d: code %s, want %s", i, fault.CodeOf(err), want)
		}
		if !inID && err.Error() != elsewhere.Error() {
			t.Fatalf("bit %d: the answer tells what was wrong: %v", i, err)
		}
	}
	for n := range sealed {
		if _, err := v.Open(sealed[:n], "a"); fault.CodeOf(err) != fault.Internal || err == nil {
			t.Fatalf("cut to %d bytes: %v", n, err)
		}
	}
}

func TestAnotherVaultOpensNothing(t *testing.T) {
	v, stranger := New(Generate()), New(Generate())
	sealed := seal(t, v, "secret", "a")
	if _, err := stranger.Open(sealed, "a"); fault.CodeOf(err) != fault.Unavailable || !strings.Contains(err.Error(), v.Keys()[0].ID.String()) {
		t.Fatalf("want the missing key's id, got %v", err)
	}
	// A key under the same id isn't the same key, and an audit key opens nothing.
	id := v.Keys()[0].ID
	_, master := freshMaster(nil)
	for _, audit := range []bool{false, true} {
		impostor := New(Keys{ring: newRing(append(Generate().ring.all, newKey(id, master, v.born, audit)))})
		if _, err := impostor.Open(sealed, "a"); fault.CodeOf(err) != fault.Internal {
			t.Fatalf("audit %t: %v", audit, err)
		}
	}
	if _, err := v.Seal(nil, ""); fault.CodeOf(err) != fault.Internal {
		t.Fatalf("sealed about nothing: %v", err)
	}
	wantOpen(t, v, seal(t, v, "", "a"), "a", "")
}

func TestIndexFindsTheSameValueForTheSamePurposeOnly(t *testing.T) {
	v := New(Generate())
	rapid.Check(t, func(t *rapid.T) {
		p1, v1 := rapid.StringN(0, 3, -1).Draw(t, "p1"), rapid.StringN(0, 3, -1).Draw(t, "v1")
		p2, v2 := rapid.StringN(0, 3, -1).Draw(t, "p2"), rapid.StringN(0, 3, -1).Draw(t, "v2")
		if same := p1 == p2 && v1 == v2; bytes.Equal(v.Index(p1, v1), v.Index(p2, v2)) != same {
			t.Fatalf("(%q %q) and (%q %q): same %t", p1, v1, p2, v2, !same)
		}
	})
	// The border of purpose and value counts.
	if bytes.Equal(v.Index("ab", "c"), v.Index("a", "bc")) {
		t.Fatal("purpose and value run together")
	}
	if bytes.Equal(v.Index("a", "b"), New(Generate()).Index("a", "b")) {
		t.Fatal("the index doesn't depend on the key")
	}
}

func TestMACKnowsItsPartsAndTheirBorders(t *testing.T) {
	v := New(Generate())
	part := rapid.SliceOfN(rapid.ByteRange(0, 2), 0, 3)
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.SliceOfN(part, 0, 4).Draw(t, "a"), rapid.SliceOfN(part, 0, 4).Draw(t, "b")
		mac := v.MAC("day", a...)
		if !v.CheckMAC(mac, "day", a...) {
			t.Fatal("its own MAC is refused")
		}
		same := len(a) == len(b)
		for i := 0; same && i < len(a); i++ {
			same = bytes.Equal(a[i], b[i])
		}
		if v.CheckMAC(mac, "day", b...) != same {
			t.Fatalf("%x and %x: same %t", a, b, !same)
		}
		if v.CheckMAC(mac, "dax", a...) {
			t.Fatal("another purpose's MAC is taken")
		}
		bad := bytes.Clone(mac)
		bad[rapid.IntRange(0, len(bad)-1).Draw(t, "i")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		if v.CheckMAC(bad, "day", a...) || v.CheckMAC(bad[:hashLength-1], "day", a...) {
			t.Fatal("a changed MAC is taken")
		}
	})
	if v.CheckMAC(v.Index("day", "x"), "day", []byte("x")) {
		t.Fatal("an index is taken for a MAC")
	}
}

func TestRotationAndForgetting(t *testing.T) {
	v := New(Generate())
	first, audit := v.Keys()[0].ID, v.Keys()[1].ID
	sealed, index, mac := seal(t, v, "one", "a"), v.Index("p", "one"), v.MAC("day", []byte("x"))
	if !v.Current(sealed) || !v.IndexCurrent(index) {
		t.Fatal("what was just made isn't current")
	}
	if err := v.Rotate(); err != nil {
		t.Fatal(err)
	}
	if v.Current(sealed) || v.IndexCurrent(index) || v.Current(nil) || v.IndexCurrent(nil) {
		t.Fatal("current under an old key")
	}
	wantOpen(t, v, sealed, "a", "one")
	both := v.Indexes("p", "one")
	if len(both) != 2 || !bytes.Equal(both[0], v.Index("p", "one")) || !bytes.Equal(both[1], index) {
		t.Fatal("indexes aren't the newest and the old one, in this order")
	}
	if !bytes.Equal(mac, v.MAC("day", []byte("x"))) {
		t.Fatal("the trail's key was rotated with the others")
	}
	newest := v.Keys()[2].ID
	for id, code := range map[KeyID]fault.Code{audit: fault.Conflict, newest: fault.Conflict, {}: fault.NotFound} {
		if err := v.Forget(first, id); fault.CodeOf(err) != code || err == nil {
			t.Fatalf("forget %s: %v, want %s", id, err, code)
		}
	}
	wantOpen(t, v, sealed, "a", "one") // a refusal drops none
	renewed := seal(t, v, "one", "a")
	if err := v.Forget(first); err != nil {
		t.Fatal(err)
	}
	if _, err := v.Open(sealed, "a"); fault.CodeOf(err) != fault.Unavailable {
		t.Fatalf("opened under a forgotten key: %v", err)
	}
	wantOpen(t, v, renewed, "a", "one")
	if !v.CheckMAC(mac, "day", []byte("x")) {
		t.Fatal("the trail can't be proved any more")
	}
}

// TestKeysShowNowhere prints everything that holds keys in every way there is.
func TestKeysShowNowhere(t *testing.T) {
	text := freshText(Generate().ring.data[0].created)
	v, err := Open(Config{Env: text})
	if err != nil {
		t.Fatal(err)
	}
	var secrets []string
	for l := range strings.Lines(text) {
		if words := wordsOf(l); len(words) > 2 {
			master, _ := base64.StdEncoding.DecodeString(words[1])
			secrets = append(secrets, words[1], string(master), fmt.Sprintf("%x", master), fmt.Sprintf("%X", master), fmt.Sprint(master))
		}
	}
	for _, k := range v.ring.Load().all {
		for _, s := range [][]byte{k.index, k.mac} {
			if s != nil {
				secrets = append(secrets, string(s), fmt.Sprintf("%x", s), fmt.Sprint(s))
			}
		}
	}
	if len(secrets) != 16 {
		t.Fatalf("the test knows %d secrets, want 16", len(secrets))
	}
	inside := struct {
		V *Vault
		v *Vault
		k Keys
	}{v, v, Keys{ring: v.ring.Load()}}
	var out strings.Builder
	log := slog.New(slog.NewTextHandler(&out, nil))
	for _, x := range []any{v, Config{Env: text}, &Config{Env: text}, inside, &inside, inside.k, v.ring.Load(), *v.ring.Load(), v.ring.Load().all, *v.ring.Load().all[0]} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d"} {
			fmt.Fprintf(&out, verb+"\n", x)
		}
		log.Info("x", "x", x)
		slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "x", x)
		b, _ := json.Marshal(x)
		out.Write(b)
	}
	for _, s := range secrets {
		if strings.Contains(out.String(), s) {
			t.Fatalf("a key is shown: %q", s)
		}
	}
	if !strings.Contains(out.String(), hiddenText) {
		t.Fatal("nothing was printed")
	}
}

func TestManyAtOnce(t *testing.T) {
	v := New(Generate())
	var wg sync.WaitGroup
	errs := make(chan error, 8)
	for g := range 8 {
		wg.Go(func() {
			for i := range 300 {
				if g == 0 && i%50 == 0 {
					if err := v.Rotate(); err != nil {
						errs <- err
					}
				}
				about := fmt.Sprint(g, i)
				sealed, err := v.Seal([]byte(about), about)
				if err != nil {
					errs <- err
					return
				}
				if got, err := v.Open(sealed, about); err != nil || string(got) != about {
					errs <- errors.Join(err, fmt.Errorf("got %q, want %q", got, about))
					return
				}
			}
		})
	}
	wg.Wait()
	close(errs)
	for err := range errs {
		t.Error(err)
	}
}

func FuzzOpen(f *testing.F) {
	v, err := Open(Config{Env: fixedKeys}) // the same in each of the fuzzer's processes
	if err != nil {
		f.Fatal(err)
	}
	sealed, _ := v.Seal([]byte("x"), "a")
	f.Add(sealed, "a")
	f.Add(sealed[:overhead], "")
	f.Add([]byte{}, "a")
	f.Fuzz(func(t *testing.T, b []byte, about string) {
		plain, err := v.Open(b, about)
		if err != nil && plain != nil || err == nil && (string(plain) != "x" || about != "a") || bytes.Equal(b, sealed) && about == "a" && err != nil {
			t.Fatalf("opened %x about %q: %q, %v", b, about, plain, err)
		}
	})
}

const fixedKeys = "0000000a c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2U= 2025-01-31T08:00:00Z;" +
	"0000000b b3RoZXJvdGhlcm90aGVyb3RoZXJvdGhlcm90aGVyb3Q= 2025-01-31T08:00:00Z audit"

func BenchmarkSeal(b *testing.B) {
	v := New(Generate())
	phone := []byte("13800000000")
	for b.Loop() {
		if _, err := v.Seal(phone, "incident.contact:370883:1234567"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	v := New(Generate())
	sealed := seal(b, v, "13800000000", "incident.contact:370883:1234567")
	for b.Loop() {
		if _, err := v.Open(sealed, "incident.contact:370883:1234567"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkIndex(b *testing.B) {
	v := New(Generate())
	for b.Loop() {
		v.Index("incident.contact", "13800000000")
	}
}
