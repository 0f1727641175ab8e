package intake

import (
	"context"
	"fmt"
	"hash/maphash"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/address"
	"jingwei/internal/postgres"
	"jingwei/internal/register"
)

// sureEnough is how sure an address has to be before a house or its people are tied to it without asking.
const sureEnough = .9

// residentTaker takes people.
type residentTaker struct {
	in     *Intake
	county int32
	where  where
	layout *columnLayout
	job    *Job
	seed   maphash.Seed
	lives  map[uint64]int32 // who lives somewhere now → the line that says so
	rows   map[uint64]int32 // who, where, since when → the line
	before map[uint64]bool  // people and households of the part that was checked last
	given  map[string]int64 // folded addresses → houses: what somebody is placing now
}

func newResidentTaker(ctx context.Context, in *Intake, j *Job) (*residentTaker, error) {
	t := &residentTaker{in: in, county: j.ID.County, job: j, seed: maphash.MakeSeed(),
		lives: map[uint64]int32{}, rows: map[uint64]int32{}}
	err := postgres.Snapshot(ctx, in.DB, func(tx pgx.Tx) (err error) {
		if t.where, _, err = lookAround(ctx, tx, j); err != nil {
			return err
		}
		care, err := in.Book.CareKinds(ctx, tx, t.county)
		t.layout = newLayout(Residents, j.Columns, j.Mapping, care)
		return err
	})
	return t, err
}

func (t *residentTaker) remember(rows []Row) {
	for _, row := range rows {
		if p := readResident(t.layout, row); len(p.problems) == 0 {
			t.twice(p)
		}
	}
}

// twice notes somebody who is on another line with the same house and day, or with another house that they live in as well.
func (t *residentTaker) twice(p *residentRow) {
	a := &p.arrival
	house := p.code + "\x00" + p.address
	who := a.Card
	if who == "" {
		who = a.Name + "\x00" + a.Born.Format(time.DateOnly) + "\x00" + house
	}
	key := maphash.String(t.seed, who+"\x00"+house+"\x00"+a.Since.Format(time.DateOnly))
	column := "card"
	if a.Card == "" {
		column = "name"
	}
	if line, there := t.rows[key]; there {
		p.wrong(column, Twice, fmt.Sprintf("与第 %d 行是同一个人、同一段居住", line), fmt.Sprintf("it is the same person as on line %d, in the same house since the same day", line))
		return
	}
	if a.Until.IsZero() && a.Card != "" {
		now := maphash.String(t.seed, a.Card)
		if line, there := t.lives[now]; there {
			p.wrong(column, Twice, fmt.Sprintf("第 %d 行也说此人现住在另一处；请删去一行，或填上迁出日期", line), fmt.Sprintf("line %d says that this person lives elsewhere: drop one of the two, or enter when they moved out", line))
			return
		}
		t.lives[now] = int32(p.row.Line)
	}
	t.rows[key] = int32(p.row.Line)
}

func (t *residentTaker) check(ctx context.Context, rows []Row) (batch, error) {
	b := &residentBatch{taker: t, bad: &result{}}
	all := make([]*residentRow, len(rows))
	for i, row := range rows {
		all[i] = readResident(t.layout, row)
		if len(all[i].problems) == 0 {
			t.twice(all[i])
		}
	}
	if err := t.house(ctx, all); err != nil {
		return nil, err
	}
	for _, p := range all {
		if len(p.problems) > 0 {
			b.bad.reject(&p.reading)
			continue
		}
		b.rows = append(b.rows, p)
	}
	t.mark(b)
	return b, b.prepare(ctx)
}

// mark says which rows have to wait for the part before: those of people and households that are in it as well, and of people without an ID number, of whom
// the register is asked who is there already.
func (t *residentTaker) mark(b *residentBatch) {
	now := make(map[uint64]bool, 2*len(b.rows))
	touches := make(map[uint64]bool)
	keys := make([][2]uint64, len(b.rows))
	for i, p := range b.rows {
		keys[i] = [2]uint64{maphash.String(t.seed, "person\x00"+p.arrival.Card), maphash.String(t.seed, "household\x00"+p.arrival.Household)}
		for k, there := range [2]bool{p.arrival.Card != "", p.arrival.Household != ""} {
			if there {
				now[keys[i][k]] = true
				touches[keys[i][k]] = touches[keys[i][k]] || t.before[keys[i][k]]
			}
		}
	}
	t.before = now
	b.late = t.together(b, keys, touches)
}

// together spreads waiting over what belongs together: who is in a household that waits waits, and with them all other rows of theirs.
func (t *residentTaker) together(b *residentBatch, keys [][2]uint64, touches map[uint64]bool) []bool {
	late := make([]bool, len(b.rows))
	for changed := true; changed; {
		changed = false
		for i, p := range b.rows {
			if late[i] || p.arrival.Card != "" && !touches[keys[i][0]] && !touches[keys[i][1]] {
				continue
			}
			late[i], changed = true, true
			if p.arrival.Card != "" {
				touches[keys[i][0]] = true
			}
			if p.arrival.Household != "" {
				touches[keys[i][1]] = true
			}
		}
	}
	return late
}

// house finds the houses that rows name, by their codes or else by their addresses.
func (t *residentTaker) house(ctx context.Context, all []*residentRow) error {
	var codes []string
	for _, p := range all {
		if p.code != "" {
			codes = append(codes, p.code)
		}
	}
	found := map[*residentRow]int64{}
	var numbers []int64
	placed, err := t.placed(ctx, all)
	if err != nil {
		return err
	}
	for _, p := range all {
		if p.code == "" && p.address != "" {
			id, err := t.byAddress(ctx, p, placed)
			if err != nil {
				return err
			}
			if id != 0 {
				found[p], numbers = id, append(numbers, id)
			}
		}
	}
	return postgres.Snapshot(ctx, t.in.DB, func(tx pgx.Tx) error {
		byCode, err := t.in.Book.Refs(ctx, tx, t.county, codes)
		if err != nil {
			return err
		}
		byNumber := map[int64]register.HouseRef{}
		if len(numbers) > 0 {
			if byNumber, err = t.in.Book.RefsOf(ctx, tx, t.county, numbers); err != nil {
				return err
			}
		}
		for _, p := range all {
			ref, there, field := register.HouseRef{}, false, "house"
			switch {
			case p.code != "":
				if ref, there = byCode[p.code]; !there {
					p.wrong("house", NoHouse, "没有这个编号的房屋；请先导入房屋", "no house has this code: import the houses first")
				}
			case found[p] != 0:
				ref, there = byNumber[found[p]]
				field = "address"
			}
			if there {
				p.arrival.House = ref
				t.where.within(ctx, &p.reading, field, ref.Ground)
			}
		}
		return nil
	})
}

// placed are the houses that somebody said addresses mean, by the folded text.
func (t *residentTaker) placed(ctx context.Context, all []*residentRow) (placed map[string]int64, err error) {
	var texts []string
	for _, p := range all {
		if p.code == "" && p.address != "" {
			texts = append(texts, address.Folded(p.address))
		}
	}
	if len(texts) == 0 || t.given != nil {
		return t.given, nil
	}
	err = postgres.Snapshot(ctx, t.in.DB, func(tx pgx.Tx) error {
		placed, err = t.in.placedBefore(ctx, tx, t.county, t.job.Division, texts)
		return err
	})
	return placed, err
}

// What is said of an address that waits to be placed.
const (
	noHouseZH = "按地址找不到唯一确定的房屋；请在“待定位”中指明一次，或填房屋编号"
	noHouseEN = "the address leads to no one house for sure: place it once under To place, or enter the house's code"
)

// byAddress finds the house that an address leads to for sure, 0 for none: what somebody said of it, or else what it says itself.
func (t *residentTaker) byAddress(ctx context.Context, p *residentRow, placed map[string]int64) (int64, error) {
	folded := address.Folded(p.address)
	if folded == "" { // signs alone: all of them would be one address to place
		p.wrong("address", NoAddress, "不是地址：没有文字或数字", "it is no address: it has neither characters nor figures")
		return 0, nil
	}
	if house := placed[folded]; house != 0 {
		return house, nil
	}
	g, err := t.in.Addresses(ctx, t.county)
	if err != nil {
		return 0, err
	}
	a := g.Match(p.address, address.Options{Within: t.job.Division})
	if c := a.Best; c.Level == address.House && a.Whole && !a.Near && c.Sure >= sureEnough {
		return c.House, nil
	}
	p.unplaced = p.address
	p.wrong("address", NoAddress, noHouseZH, noHouseEN)
	return 0, nil
}

// residentBatch is some people on their way in.
type residentBatch struct {
	taker    *residentTaker
	rows     []*residentRow
	late     []bool // which of them wait for the part before
	prepared *register.Prepared
	bad      *result
}

func (b *residentBatch) parts() (ahead, rest batch) {
	if b.prepared == nil || !slices.Contains(b.late, false) {
		return nil, b
	}
	first, last := &residentBatch{taker: b.taker, bad: b.bad}, &residentBatch{taker: b.taker, bad: &result{}}
	for i, p := range b.rows {
		if b.late[i] {
			last.rows = append(last.rows, p)
		} else {
			first.rows = append(first.rows, p)
		}
	}
	first.prepared, last.prepared = b.prepared.Split(func(i int) bool { return b.late[i] })
	if len(last.rows) == 0 {
		return first, nil
	}
	return first, last
}

func (b *residentBatch) size() int { return len(b.rows) }

func (b *residentBatch) wrong() *result { return b.bad.copy() }

// prepare numbers and seals the people.
func (b *residentBatch) prepare(ctx context.Context) (err error) {
	if len(b.rows) == 0 {
		return nil
	}
	arrivals := make([]register.Arrival, len(b.rows))
	for i, p := range b.rows {
		arrivals[i] = p.arrival
	}
	b.prepared, err = b.taker.in.Book.Prepare(ctx, b.taker.in.DB, b.taker.county, arrivals)
	return err
}

func (b *residentBatch) only(ctx context.Context, i int) (batch, error) {
	one := &residentBatch{taker: b.taker, rows: b.rows[i : i+1], bad: &result{}}
	return one, one.prepare(ctx)
}

func (b *residentBatch) refuse(i int) *result {
	return refused(b.rows[i].reading, "数据库拒收这一行：可能与刚刚由他人登记的内容冲突", "the database refuses this row: it may contradict what somebody else entered just now")
}

func (b *residentBatch) apply(ctx context.Context, tx pgx.Tx) (*result, error) {
	r := b.wrong()
	if len(b.rows) == 0 {
		return r, nil
	}
	if err := b.settleHouses(ctx, tx); err != nil {
		return nil, err
	}
	arrivals := make([]register.Arrival, len(b.rows))
	for i, p := range b.rows {
		arrivals[i] = p.arrival
	}
	present, err := b.taker.in.Book.Present(ctx, tx, b.taker.county, arrivals)
	if err != nil {
		return nil, err
	}
	rest := b
	if n := count(present); n > 0 {
		rest = &residentBatch{taker: b.taker, bad: b.bad}
		for i, p := range b.rows {
			if !present[i] {
				rest.rows = append(rest.rows, p)
			} else {
				r.cameBy(b.taker, p, "same", 0)
			}
		}
		r.Same += n
		if err := rest.prepare(ctx); err != nil || len(rest.rows) == 0 {
			return r, err
		}
	}
	outcomes, acts, err := rest.take(ctx, tx)
	if err != nil {
		return nil, err
	}
	for i, o := range outcomes {
		switch p := rest.rows[i]; o {
		case register.Added:
			r.Accepted++
			r.cameBy(b.taker, p, "accepted", acts[i])
		case register.Same:
			r.Same++
			r.cameBy(b.taker, p, "same", 0)
		default:
			r.Proposed++
			r.cameBy(b.taker, p, "proposed", 0)
			r.proposals = append(r.proposals, proposed{p.row.Line, o, &p.arrival, p.code})
		}
	}
	return r, nil
}

// take takes the people: those whose house somebody has said by acts, so that it can be taken back.
func (b *residentBatch) take(ctx context.Context, tx pgx.Tx) (outcomes []register.Outcome, acts []int64, err error) {
	if b.taker.given != nil {
		return b.taker.in.Book.TakeByHand(ctx, tx, b.prepared)
	}
	outcomes, err = b.taker.in.Book.TakeResidents(ctx, tx, b.prepared)
	return outcomes, make([]int64, len(outcomes)), err
}

// cameBy notes what became of a row that waited for an address.
func (r *result) cameBy(t *residentTaker, p *residentRow, became string, act int64) {
	if t.given != nil {
		r.came = append(r.came, came{int32(p.row.Line), became, act})
	}
}

func count(all []bool) (n int) {
	for _, b := range all {
		if b {
			n++
		}
	}
	return n
}

// settleHouses looks again where the houses are: a publication may have given them other ground since they were looked up, and now waits.
func (b *residentBatch) settleHouses(ctx context.Context, tx pgx.Tx) error {
	t := b.taker
	if err := register.Hold(ctx, tx, t.county); err != nil {
		return err
	}
	numbers := make([]int64, len(b.rows))
	for i, p := range b.rows {
		numbers[i] = p.arrival.House.Number
	}
	refs, err := t.in.Book.RefsOf(ctx, tx, t.county, numbers)
	if err != nil {
		return err
	}
	into := make([]register.HouseRef, len(b.rows))
	for i, p := range b.rows {
		p.arrival.House = refs[p.arrival.House.Number]
		into[i] = p.arrival.House
	}
	b.prepared.Into(into)
	return nil
}
