package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"jingwei/internal/access"
	"jingwei/internal/city"
	"jingwei/internal/postgres"
	"jingwei/internal/register"
	"jingwei/internal/settle"
)

const (
	registerPeople  = 1_000_000
	registerClients = 8
	registerAsked   = 400 // questions of each client
)

func registerTable() *table {
	t := tableAt(64, "The register", "what", "p50, ms", "p95, ms", "p99, ms", "baseline", "its p95, ms", "ratio")
	t.say("%d residents in the houses of the demo county. %d clients at once, each with a session of its own as a dispatcher of the whole county, over HTTP on loopback, warm, as the "+
		"application role under row-level security, fsync on; clients, server and PostgreSQL share %d cores. A look at a house or a person writes an entry of the trail and commits. "+
		"The baselines ask PostgreSQL itself, as the owner past all policies, with as many connections.", registerPeople, registerClients, runtime.GOMAXPROCS(0))
	return t
}

// BenchmarkRegister measures how fast people and houses are found.
func BenchmarkRegister(b *testing.B) {
	o := city.Options{City: city.Zoucheng, Seed: 1, People: registerPeople}
	if n, err := strconv.Atoi(os.Getenv("JINGWEI_BENCH_REGISTER")); err == nil { // another number, to try it
		o.People = n
	}
	s := groundOf(b, "demo county", o)
	everywhere := postgres.Ranges{postgres.Everywhere}
	ctx := postgres.WithActor(context.Background(), postgres.Actor{Scope: postgres.Scope{access.ReadRegister: everywhere, access.KeepRegister: everywhere}})
	book := &register.Book{Vault: s.doors.Vault, Trail: s.doors.Trail}
	var settled settle.Settled
	took := once(func() {
		var err error
		if settled, err = settle.All(ctx, s.db, book, o, func(float64) {}); err != nil {
			b.Fatal(err)
		}
	})
	run(b, s.db.Owner, "VACUUM ANALYZE")
	registerTable().remark("%d residents are put into %d houses in %s, invented, sealed and indexed: %.0f a second.", settled.People, settled.Houses, seconds(took),
		float64(settled.People)/took.Seconds())
	s.start()
	measureRegister(s, peopleOf(b, o))
}

// asked is what is looked for: houses by their numbers and addresses, people by their ID numbers.
type asked struct {
	addresses, cards []string
}

// peopleOf samples the place.
func peopleOf(b *testing.B, o city.Options) (out asked) {
	b.Helper()
	n := 0
	err := city.People(context.Background(), o, func(h city.House, residents []city.Resident) error {
		if n++; n%97 == 0 {
			out.addresses = append(out.addresses, strings.TrimPrefix(h.Address, city.AddressPrefix))
			if len(residents) > 0 {
				out.cards = append(out.cards, string(residents[0].ID))
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return out
}

func measureRegister(s *serving, known asked) {
	var houses []string
	rows, err := s.db.Owner.Query(context.Background(), `SELECT id FROM house TABLESAMPLE BERNOULLI (1)`)
	if err != nil {
		s.Fatal(err)
	}
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			s.Fatal(err)
		}
		houses = append(houses, fmt.Sprintf("%s-%d", s.code.CountyCode(), id))
	}
	county := string(s.code.CountyCode())
	s.untilRead(county)
	run(s.B, s.db.Owner, `CREATE INDEX bench_trigrams ON house USING gin (address gin_trgm_ops)`)
	like := func(r *rand.Rand) (string, []any) {
		return `SELECT id, address FROM house WHERE county = $1 AND address LIKE '%' || $2 || '%' LIMIT 51`, []any{county, pair(r, known.addresses)}
	}
	for _, m := range []struct {
		what string
		ask  func(r *rand.Rand) (method, path string, body any)
		base string
		sql  func(r *rand.Rand) (string, []any)
	}{
		{"suggest, while typing", func(r *rand.Rand) (string, string, any) {
			return http.MethodGet, "/api/addresses?county=" + county + "&text=" + url.QueryEscape(typed(r, known.addresses)), nil
		}, "the same prefixes by LIKE 'x%' with a b-tree", func(r *rand.Rand) (string, []any) {
			return `SELECT id, address FROM house WHERE county = $1 AND address LIKE $2 || '%' LIMIT 12`, []any{county, city.AddressPrefix + typed(r, known.addresses)}
		}},
		{"house → its people", func(r *rand.Rand) (string, string, any) {
			return http.MethodGet, "/api/houses/" + pick(r, houses), nil
		}, "the same rows, nothing opened, nothing written", func(r *rand.Rand) (string, []any) {
			_, id, _ := strings.Cut(pick(r, houses), "-")
			return `SELECT h.id, r.name, r.card, r.phone FROM house h LEFT JOIN residency x ON x.county = h.county AND x.house = h.id LEFT JOIN resident r ON r.county = x.county AND r.id = x.resident
				WHERE h.county = $1 AND h.id = $2`, []any{county, id}
		}},
		{"person by ID number", func(r *rand.Rand) (string, string, any) {
			return http.MethodPost, "/api/residents/search", map[string]any{"county": s.code.County(), "card": pick(r, known.cards)}
		}, "a resident by primary key", func(r *rand.Rand) (string, []any) {
			return `SELECT id, name, card FROM resident WHERE county = $1 AND id = $2`, []any{county, fmt.Sprint(1 + r.IntN(800000))}
		}},
		{"fragment of two characters that stand somewhere", func(r *rand.Rand) (string, string, any) {
			return http.MethodGet, "/api/houses?county=" + county + "&fragment=" + url.QueryEscape(pair(r, known.addresses)), nil
		}, "LIKE '%x%' with trigrams", like},
		{"fragment of two characters that stand nowhere", func(r *rand.Rand) (string, string, any) {
			return http.MethodGet, "/api/houses?county=" + county + "&fragment=" + url.QueryEscape(absent(r)), nil
		}, "LIKE '%x%' with trigrams", func(r *rand.Rand) (string, []any) {
			return `SELECT id, address FROM house WHERE county = $1 AND address LIKE '%' || $2 || '%' LIMIT 51`, []any{county, absent(r)}
		}},
		{"fragment of three to six characters", func(r *rand.Rand) (string, string, any) {
			return http.MethodGet, "/api/houses?county=" + county + "&fragment=" + url.QueryEscape(piece(r, known.addresses, 3+r.IntN(4))), nil
		}, "LIKE '%x%' with trigrams", func(r *rand.Rand) (string, []any) {
			return `SELECT id, address FROM house WHERE county = $1 AND address LIKE '%' || $2 || '%' LIMIT 51`, []any{county, piece(r, known.addresses, 3+r.IntN(4))}
		}},
	} {
		ours, theirs := s.byClients(m.ask), s.bySQL(m.sql)
		p95 := percentile(theirs, .95)
		registerTable().row(s.B, m.what, milliseconds(percentile(ours, .5)), milliseconds(percentile(ours, .95)), milliseconds(percentile(ours, .99)), m.base, milliseconds(p95),
			faster(percentile(ours, .95), p95))
	}
}

// untilRead waits until the addresses are in memory.
func (s *serving) untilRead(county string) {
	s.Helper()
	client := from("127.0.0.9", s.doors.Person("reads", county, []access.Grant{{Role: access.Dispatcher, Code: county}}))
	for range 600 {
		status, err := answered(client, http.MethodGet, "http://"+s.address+"/api/addresses?county="+county+"&text=a", nil)
		if err == nil && status == http.StatusOK {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	s.Fatal("the addresses weren't in memory after a minute")
}

// byClients asks over HTTP, each client its own questions one after the other; the first fifth warms up.
func (s *serving) byClients(ask func(r *rand.Rand) (method, path string, body any)) []time.Duration {
	s.Helper()
	return s.together(time.Hour, func(n int) func(r *rand.Rand) error {
		code := string(s.code.CountyCode())
		client := from(fmt.Sprintf("127.0.1.%d", n+1), s.doors.Person(fmt.Sprintf("asks-%d-%d", n, time.Now().UnixNano()), code, []access.Grant{{Role: access.Dispatcher, Code: code}}))
		return func(r *rand.Rand) error {
			method, path, body := ask(r)
			var text []byte
			if body != nil {
				text, _ = json.Marshal(body)
			}
			status, err := answered(client, method, "http://"+s.address+path, text)
			if err == nil && status != http.StatusOK {
				err = fmt.Errorf("%s %s: status %d", method, path, status)
			}
			return err
		}
	})
}

// bySQL asks PostgreSQL, as the owner, for ten seconds at most: some of it takes very long.
func (s *serving) bySQL(ask func(r *rand.Rand) (string, []any)) []time.Duration {
	s.Helper()
	return s.together(10*time.Second, func(int) func(r *rand.Rand) error {
		return func(r *rand.Rand) error {
			sql, args := ask(r)
			rows, err := s.db.Owner.Query(context.Background(), sql, args...)
			if err != nil {
				return err
			}
			rows.Close()
			return rows.Err()
		}
	})
}

func (s *serving) together(most time.Duration, client func(n int) func(r *rand.Rand) error) []time.Duration {
	s.Helper()
	var group sync.WaitGroup
	all, errs := make([][]time.Duration, registerClients), make([]error, registerClients)
	for n := range registerClients {
		ask := client(n)
		group.Go(func() {
			r, first := rand.New(rand.NewPCG(uint64(n), 1)), time.Now()
			for i := 0; i < registerAsked*5/4 && (time.Since(first) < most || len(all[n]) == 0); i++ {
				began := time.Now()
				if errs[n] = ask(r); errs[n] != nil {
					return
				}
				if i >= registerAsked/4 || time.Since(first) > most/2 {
					all[n] = append(all[n], time.Since(began))
				}
			}
		})
	}
	group.Wait()
	for _, err := range errs {
		if err != nil {
			s.Fatal(err)
		}
	}
	took := slices.Concat(all...)
	slices.Sort(took)
	return took
}

func pick(r *rand.Rand, all []string) string { return all[r.IntN(len(all))] }

// piece is some characters in a row of an address.
func piece(r *rand.Rand, addresses []string, n int) string {
	a := []rune(pick(r, addresses))
	n = min(n, len(a))
	at := r.IntN(len(a) - n + 1)
	return string(a[at : at+n])
}

func pair(r *rand.Rand, addresses []string) string { return piece(r, addresses, 2) }

// absent are two characters that stand nowhere side by side.
func absent(r *rand.Rand) string {
	rare := []rune("龘靐齉爩麤灪鱻厵")
	return string([]rune{rare[r.IntN(len(rare))], rare[r.IntN(len(rare))]})
}

// typed is what somebody has typed so far: the beginning of an address below its town, or letters.
func typed(r *rand.Rand, addresses []string) string {
	if r.IntN(4) == 0 {
		return pick(r, []string{"cq", "mzxq", "wyyf", "zhl", "tahg", "jsxq", "yqyj", "bj", "gsjd", "hxjy3"})
	}
	a := []rune(pick(r, addresses))
	if at := slices.Index(a, '镇'); at > 0 {
		a = a[at+1:]
	}
	if at := slices.Index(a, '区'); at > 0 {
		a = a[at+1:]
	}
	return string(a[:1+r.IntN(max(len(a), 2)-1)])
}
