package bench

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/address"
	"jingwei/internal/city"
	"jingwei/internal/crs"
	"jingwei/internal/division"
	"jingwei/internal/ingest"
	"jingwei/internal/postgres"
	"jingwei/internal/postgres/pgtest"
	"jingwei/internal/register"
)

const (
	addressesAsked = 10_000
	surely         = .9 // how sure a caller wants to be that ties without asking
)

func addressesTable() *table {
	return tableAt(61, "Addresses", "written", "for instance", "houses", "right", "right, not sure", "asked back", "wrong house")
}

// otherHands are the authors who wrote addresses without having read the grammar, one after the other. first is what was measured before anything was learnt from
// theirs; the figures of a table are of a grammar that was.
var otherHands = []struct {
	author         string
	ways           []otherWay
	of, but, first string
}{
	{"another author", heldOut, "of whoever has a form, a keyboard or a telephone in the way", "", "At first sight 75.12 % were right, 0 wrong."},
	{"a third author", thirdHand, "likewise", "", "At first sight 77.86 % were right, 0 wrong."},
	{"a fourth author", fourthHand, "as they stand in the columns of offices and companies", "", "At first sight 96.30 % were right and 3.63 % right but not sure, 0 wrong."},
	{"a fifth author", fifthHand, "as they come out of the papers and systems of those who serve a household", ", but for the names of eight of them", "At first sight 96.51 % were right, 0 wrong."},
	{"a sixth author", sixthHand, "as people of such a county write them down", "", "Nothing was learnt from these: 99.99 % were right at first sight, 0 wrong."},
}

// BenchmarkAddresses measures how many addresses lead to their house. Their writers are in writers_test.go; whoever wrote those hadn't read the grammar.
func BenchmarkAddresses(b *testing.B) {
	everywhere := postgres.Ranges{postgres.Everywhere}
	ctx := postgres.WithActor(context.Background(), postgres.Actor{Scope: postgres.Scope{access.ReadRegister: everywhere, access.KeepRegister: everywhere}})
	db := pgtest.New(b)
	versionsOf(b, db.Owner)
	askAddresses(ctx, b, db, housed(ctx, b, db, city.Options{City: city.Zoucheng, Seed: 1, People: registerPeople}))
}

// askAddresses measures the register that a database has of a county.
func askAddresses(ctx context.Context, b *testing.B, db *postgres.DB, county int32) {
	b.Helper()
	var homes *housing
	var g *address.Gazetteer
	var took time.Duration
	err := db.InTx(ctx, func(tx pgx.Tx) (err error) {
		if homes, err = readHousing(ctx, tx, county); err != nil {
			return err
		}
		took = once(func() { g, err = register.Gazetteer(ctx, tx, county) })
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	t := addressesTable()
	t.say("%d addresses of houses drawn at random from the %d of the demo county's register, written in %d ways, asked of the gazetteer in memory one after the other. "+
		"**Right** and **wrong house** are answers that a caller that ties without asking takes: a house, the whole text understood, sure to at least %g. "+
		"A way that leaves something out is given only houses that what is left tells from all others of the register. The gazetteer took %s to make.",
		addressesAsked, len(homes.all), len(ways), surely, seconds(took))
	out := wrongFile(b)
	defer out.Flush()
	t.measureStyles(b, g, homes, stylesOf(ways), out)
	for _, hand := range otherHands {
		h := tableAt(62, "Addresses by "+hand.author, t.header...)
		h.say("%d addresses in %d ways, %s, by an author who had read neither the grammar nor any of the ways above%s. %s", addressesAsked, len(hand.ways), hand.of, hand.but, hand.first)
		h.measureStyles(b, g, homes, stylesOf(hand.ways), out)
	}
	measureSlips(b, g, homes, out)
}

// wrongFile is where what went wrong is listed: what JINGWEI_BENCH_WRONG names, nowhere without it. All of it is invented.
func wrongFile(b *testing.B) *bufio.Writer {
	b.Helper()
	name := os.Getenv("JINGWEI_BENCH_WRONG")
	if name == "" {
		name = os.DevNull
	}
	file, err := os.Create(name)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { file.Close() })
	return bufio.NewWriter(file)
}

// housed invents a county and puts its divisions and houses into the register as they come, with nobody in them and no ground under them: addresses ask for
// neither. It gives the county's number.
func housed(ctx context.Context, b *testing.B, db *postgres.DB, o city.Options) int32 {
	b.Helper()
	run(b, db.Owner, `ALTER TABLE house DROP CONSTRAINT house_county_building_fkey, DROP CONSTRAINT house_county_block_fkey`)
	o.Dir = b.TempDir()
	var m *city.Manifest
	err := db.InTx(ctx, func(tx pgx.Tx) (err error) {
		t := taking{ctx: ctx, tx: tx, buildings: map[string]int64{}}
		o.Takers.House = t.house
		if m, err = city.Generate(ctx, o); err != nil {
			return err
		}
		return t.flush()
	})
	if err == nil {
		_, err = ingest.Divisions(ctx, db, ingest.DivisionsInput{File: filepath.Join(o.Dir, "divisions.geojson"), CodeField: "code", NameField: "name", ParentNameField: "county", CRS: crs.WGS84})
	}
	if err != nil {
		b.Fatal(err)
	}
	return int32(division.Code(m.Code).County())
}

// taking brings houses into the register, some at a time.
type taking struct {
	ctx       context.Context
	tx        pgx.Tx
	buildings map[string]int64 // numbers of footprints
	some      []register.NewHouse
	county    int32
}

func (t *taking) house(h city.House, _ []city.Resident) error {
	community, err := strconv.ParseInt(h.Community, 10, 64)
	if err != nil {
		return err
	}
	t.county = int32(community / 1_000_000)
	if t.buildings[h.Source] == 0 {
		t.buildings[h.Source] = int64(len(t.buildings) + 1)
	}
	kind, occupancy, _ := register.ParseUse(h.Use)
	t.some = append(t.some, register.NewHouse{Code: h.Number, Building: t.buildings[h.Source], Entrance: h.Entrance, Place: h.Place, Number: h.Building, Unit: h.Unit, Floor: h.Floor,
		Room: h.Room, Address: h.Address, Kind: kind, Occupancy: occupancy, Area: h.Area, At: h.At, Block: 1, Community: community})
	if len(t.some) < 2000 {
		return nil
	}
	return t.flush()
}

func (t *taking) flush() error {
	_, err := new(register.Book).TakeHouses(t.ctx, t.tx, t.county, t.some)
	t.some = t.some[:0]
	return err
}

// outcome is what a caller that ties without asking makes of an answer.
type outcome int

const (
	right     outcome = iota
	unsure            // the right house, but it asks back
	askedBack         // another house, or none, and it asks back
	wrongHouse
	outcomes
)

func outcomeOf(a address.Answer, house int64) outcome {
	switch given := a.Whole && a.Best.House != 0 && a.Best.Sure >= surely; {
	case given && a.Best.House == house:
		return right
	case given:
		return wrongHouse
	case a.Best.House == house:
		return unsure
	}
	return askedBack
}

// style is a way of writing addresses, whoever thought of it. write gives "" for a house that nobody writes so, or that what is left of its address doesn't tell
// from all others.
type style struct {
	name  string
	write func(h *housing, d *dwelling, r *rand.Rand) string
}

// stylesOf are the styles of a list of ways.
func stylesOf[W interface{ style() style }](all []W) (out []style) {
	for _, w := range all {
		out = append(out, w.style())
	}
	return out
}

func (w way) style() style {
	return style{w.name, func(h *housing, d *dwelling, r *rand.Rand) string {
		if !w.suits(h, d) {
			return ""
		}
		return w.write(h, d, r)
	}}
}

func (w otherWay) style() style {
	return style{w.name, func(h *housing, d *dwelling, r *rand.Rand) string {
		if !h.unlike(d, w.keeps) {
			return ""
		}
		return w.write(h, d, r)
	}}
}

// measureStyles asks for addresses of each style, as many of one as of another.
func (t *table) measureStyles(b *testing.B, g *address.Gazetteer, homes *housing, styles []style, out *bufio.Writer) {
	b.Helper()
	r := rand.New(rand.NewPCG(6, 1))
	var total [outcomes]int
	var took []time.Duration
	for _, s := range styles {
		example := ""
		var counts [outcomes]int
		for range addressesAsked / len(styles) {
			d, text := homes.draw(b, r, s)
			if example == "" || d.kind == flat && len(example) < len(text) && sum(counts) < 20 {
				example = text
			}
			began := time.Now()
			a := g.Match(text, address.Options{})
			took = append(took, time.Since(began))
			got := outcomeOf(a, d.id)
			counts[got]++
			if got != right {
				fmt.Fprintf(out, "%s\t%s\t%q\t%s\t%v\t%.2f\t%t\t%s\n", [...]string{unsure: "unsure", askedBack: "asked back", wrongHouse: "WRONG"}[got], s.name, text, d.whole,
					a.Best.Level, a.Best.Sure, a.Whole, a.Best.Label)
			}
		}
		for k, n := range counts {
			total[k] += n
		}
		t.row(b, s.name, "`"+visible(example)+"`", fmt.Sprint(sum(counts)), share(counts[right], sum(counts)), fmt.Sprint(counts[unsure]), fmt.Sprint(counts[askedBack]),
			fmt.Sprint(counts[wrongHouse]))
	}
	slices.Sort(took)
	t.row(b, "**all**", "", fmt.Sprint(sum(total)), "**"+share(total[right], sum(total))+"**", share(total[unsure], sum(total)), share(total[askedBack], sum(total)),
		"**"+share(total[wrongHouse], sum(total))+"**")
	t.remark("An answer takes %d µs (p50), %d µs (p95), %d µs (p99).", percentile(took, .5).Microseconds(), percentile(took, .95).Microseconds(), percentile(took, .99).Microseconds())
}

// draw draws a house that is written in a style, and writes it.
func (h *housing) draw(b *testing.B, r *rand.Rand, s style) (*dwelling, string) {
	b.Helper()
	for range 10_000 {
		d := &h.all[r.IntN(len(h.all))]
		if text := s.write(h, d, r); text != "" {
			return d, text
		}
	}
	b.Fatalf("%s: no house can be written so", s.name)
	return nil, ""
}

func sum(counts [outcomes]int) (n int) {
	for _, c := range counts {
		n += c
	}
	return n
}

func share(n, of int) string { return fmt.Sprintf("%.2f %%", 100*float64(n)/float64(max(of, 1))) }

// visible is a text as it can stand in a table.
func visible(text string) string {
	out := []rune(text)
	for i, c := range out {
		if c == '\t' || c == '|' || c == '\n' {
			out[i] = '→'
		}
	}
	return string(out)
}
