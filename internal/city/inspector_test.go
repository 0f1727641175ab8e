package city

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"jingwei/internal/creditcode"
	"jingwei/internal/idcard"
	"jingwei/internal/planar"
)

// inspector takes a whole register and reports everything in it that can't be.
type inspector struct {
	t failer

	at         map[string]planar.Point // of each house
	source     map[string]string       // of each house, its building
	addresses  map[string]bool
	households map[string]int // who lives in each
	living     map[string]int // in each building
	behind     map[string]int // each entrance
	persons    map[idcard.Number]person
	phones     map[string]idcard.Number
	plates     map[string]bool
	credits    map[creditcode.Code]bool
	uses       map[string]int
	years      [21]int // how many live there, by fives
	men        int
	rows       int
	people     int
	withOld    int // houses where somebody of 65 or more lives
	oldAlone   int
}

type person struct {
	name, phone  string
	born         time.Time
	lives        bool
	since, until time.Time
	again        int
}

func newInspector(t failer) *inspector {
	return &inspector{t: t, at: map[string]planar.Point{}, source: map[string]string{}, addresses: map[string]bool{}, households: map[string]int{},
		living: map[string]int{}, behind: map[string]int{}, persons: map[idcard.Number]person{}, phones: map[string]idcard.Number{},
		plates: map[string]bool{}, credits: map[creditcode.Code]bool{}, uses: map[string]int{}}
}

func (s *inspector) takers() Takers {
	return Takers{House: s.house, Organisation: s.organisation, Vehicle: s.vehicle}
}

func (s *inspector) house(h House, residents []Resident) error {
	s.t.Helper()
	if s.at[h.Number] != (planar.Point{}) || s.addresses[h.Address] {
		s.t.Errorf("house %s, %s: there already", h.Number, h.Address)
	}
	s.at[h.Number], s.source[h.Number], s.addresses[h.Address] = h.At, h.Source, true
	if !strings.HasPrefix(h.Address, AddressPrefix) || len(h.Community) != 12 || h.Area < 8 || h.Floor < 1 || h.Entrance != "" && (h.Unit == "" || !strings.Contains(h.Address, h.Unit)) {
		s.t.Errorf("house %+v", h)
	}
	living, old := 0, 0
	for i := range residents {
		r := &residents[i]
		s.resident(&h, r)
		if r.Lives() {
			living++
			if years(r.Born, AsOf) >= 65 {
				old++
			}
		}
	}
	for i := range residents {
		r := &residents[i]
		if alone := r.Lives() && living == 1 && old == 1; slices.Contains(r.Labels, LivesAlone) != alone {
			s.t.Errorf("%s in %s, one of %d, is %v", r.Born, h.Number, living, r.Labels)
		}
	}
	for _, of := range byHousehold(residents) {
		s.household(of)
	}
	if (h.Use == OwnHome || h.Use == LetHome) != (living > 0) || h.Use == Trade && len(residents) > 0 {
		s.t.Errorf("%d live in %s, which is %s", living, h.Number, h.Use)
	}
	s.uses[h.Use]++
	s.living[h.Source] += living
	s.behind[h.Entrance] += living
	s.people += living
	if old > 0 {
		s.withOld++
		if living == 1 {
			s.oldAlone++
		}
	}
	return nil
}

// byHousehold are the residents of a house by household.
func byHousehold(all []Resident) map[string][]Resident {
	out := map[string][]Resident{}
	for _, r := range all {
		out[r.Household] = append(out[r.Household], r)
	}
	return out
}

var ownPhone = regexp.MustCompile(`^154\d{8}$`) // on purpose not PhoneSeries

// resident checks one row by itself and against the others of that person.
func (s *inspector) resident(h *House, r *Resident) {
	s.t.Helper()
	s.rows++
	n, err := idcard.Parse(string(r.ID))
	if err != nil || n[:2] != "79" || !n.Invented() || !n.Born().Equal(r.Born) || n.Sex() != r.Sex {
		s.t.Errorf("ID %s of somebody %s born on %s: %v", r.ID, r.Sex, r.Born, err)
	}
	if r.Phone != "" && !ownPhone.MatchString(r.Phone) {
		s.t.Errorf("telephone %s", r.Phone)
	}
	if owner, used := s.phones[r.Phone]; used && r.Phone != "" && owner != r.ID {
		s.t.Errorf("telephone %s is two people's", r.Phone)
	}
	s.phones[r.Phone] = r.ID
	if r.Born.After(AsOf) || r.Since.Before(r.Born) || r.Since.After(AsOf) || !r.Lives() && (!r.Until.After(r.Since) || r.Until.After(AsOf)) || years(r.Born, AsOf) > 105 {
		s.t.Errorf("born %s, since %s, until %s", r.Born, r.Since, r.Until)
	}
	if len([]rune(r.Name)) < 2 || r.House != h.Number || !strings.HasPrefix(r.Household, h.Number+"-") || r.Nation == "" {
		s.t.Errorf("%+v in %s", r, h.Number)
	}
	if here := r.Registered == h.Address; here != (r.Stay == Registered) || (r.Stay == Floating) != strings.Contains(r.Registered, "示例村") {
		s.t.Errorf("%s, registered in %s, in %s", r.Stay, r.Registered, h.Address)
	}
	p, known := s.persons[r.ID]
	if known {
		overlap := r.Since.Before(p.until) && p.since.Before(r.Until) || r.Lives() && r.Since.Before(p.until)
		if p.name != r.Name || p.phone != r.Phone || p.lives && r.Lives() || overlap || p.again > 6 {
			s.t.Errorf("%s is %s (%s to %s) and %s (%s to %s)", r.ID, p.name, p.since, p.until, r.Name, r.Since, r.Until)
		}
	}
	s.persons[r.ID] = person{r.Name, r.Phone, r.Born, r.Lives() || p.lives, r.Since, r.Until, p.again + 1}
	if r.Lives() {
		s.years[years(r.Born, AsOf)/5]++
		s.households[r.Household]++
		if r.Sex == idcard.Male {
			s.men++
		}
	}
}

// years is somebody's age, counted apart from the program's own way.
func years(born, on time.Time) int {
	n := on.Year() - born.Year()
	if born.AddDate(n, 0, 0).After(on) {
		n--
	}
	return n
}

// gaps are how many years older than the head somebody is, from and to; a spouse is of age besides.
var gaps = map[string][2]float64{"配偶": {-12, 12}, "子": {-55, -16}, "女": {-55, -16}, "儿媳": {-55, -12}, "父亲": {16, 60}, "母亲": {16, 50},
	"公公": {8, 60}, "婆婆": {8, 60}, "孙子": {-85, -32}, "孙女": {-85, -32}, "兄弟": {-35, 35}, "姐妹": {-35, 35}, "其他": {-90, 90}, "户主": {0, 0}}

var manly = map[string]idcard.Sex{"子": idcard.Male, "女": idcard.Female, "儿媳": idcard.Female, "父亲": idcard.Male, "母亲": idcard.Female, "公公": idcard.Male,
	"婆婆": idcard.Female, "孙子": idcard.Male, "孙女": idcard.Female, "兄弟": idcard.Male, "姐妹": idcard.Female}

func (s *inspector) household(all []Resident) {
	s.t.Helper()
	var head *Resident
	spouses := 0
	for i := range all {
		switch all[i].Relation {
		case "户主":
			if head != nil {
				s.t.Errorf("%s has two heads", all[i].Household)
			}
			head = &all[i]
		case "配偶":
			spouses++
		}
	}
	if head == nil || spouses > 1 {
		s.t.Errorf("%s has no head, or %d spouses: %+v", all[0].Household, spouses, all)
		return
	}
	if years(head.Born, AsOf) < 18 {
		s.t.Errorf("the head of %s is a child", head.Household)
	}
	for _, r := range all {
		gap := head.Born.Sub(r.Born).Hours() / 24 / 365.2425
		bound, known := gaps[r.Relation]
		if !known || gap < bound[0] || gap > bound[1] || manly[r.Relation] != "" && manly[r.Relation] != r.Sex {
			s.t.Errorf("%s: %s (%s, %s) of the head (%s)", r.Household, r.Relation, r.Sex, r.Born.Format(time.DateOnly), head.Born.Format(time.DateOnly))
		}
		if r.Relation == "配偶" && (r.Sex == head.Sex || years(r.Born, AsOf) < 20) {
			s.t.Errorf("%s: a spouse of %s, %s", r.Household, r.Sex, r.Born)
		}
	}
}

func (s *inspector) organisation(o Organisation) error {
	s.t.Helper()
	_, known := s.at[o.House]
	if o.Name == "" || o.Kind == "" || o.Source == "" || o.Contact == "" || o.Employees < 1 || o.House != "" && !known || !ownPhone.MatchString(o.Phone) {
		s.t.Errorf("%+v", o)
	}
	if c, err := creditcode.Parse(string(o.Code)); err != nil || c != o.Code || !c.Invented() || s.credits[c] || !strings.HasSuffix(o.Name, InventedName) {
		s.t.Errorf("%s is called %s: %v, invented %t, used before %t", o.Code, o.Name, err, c.Invented(), s.credits[o.Code])
	}
	s.credits[o.Code] = true
	if _, used := s.phones[o.Phone]; used {
		s.t.Errorf("telephone %s of %s is somebody's", o.Phone, o.Name)
	}
	s.phones[o.Phone] = "an organisation"
	return nil
}

var ownPlate = regexp.MustCompile(`^鲁ID?[0-9A-HJ-NP-Z]{5}$`)

func (s *inspector) vehicle(v Vehicle) error {
	s.t.Helper()
	if !ownPlate.MatchString(v.Plate) || s.plates[v.Plate] || v.Owner == "" || s.households[v.Household] == 0 || !strings.HasPrefix(v.Household, v.House+"-") {
		s.t.Errorf("%+v, %d in the household", v, s.households[v.Household])
	}
	s.plates[v.Plate] = true
	return nil
}

// finish compares the sums with the buildings and entrances of the files, and the people with a census.
func (s *inspector) finish(dir string, people int) {
	s.t.Helper()
	if s.people != people {
		s.t.Errorf("%d live there, want %d", s.people, people)
	}
	outline := map[string]planar.Ring{}
	for _, b := range load(s.t, dir, "buildings.geojson") {
		outline[b.id] = b.rings[0]
		if s.living[b.id] != b.number("residents") {
			s.t.Errorf("%d live in %s, want %d", s.living[b.id], b.id, b.number("residents"))
		}
		delete(s.living, b.id)
	}
	if len(s.living) > 0 {
		s.t.Errorf("houses in buildings that aren't there: %v", s.living)
	}
	delete(s.behind, "")
	for _, e := range load(s.t, dir, "entrances.geojson") {
		if s.behind[e.id] != e.number("residents") {
			s.t.Errorf("%d live behind %s, want %d", s.behind[e.id], e.id, e.number("residents"))
		}
		delete(s.behind, e.id)
	}
	if len(s.behind) > 0 {
		s.t.Errorf("houses behind entrances that aren't there: %v", s.behind)
	}
	for house, at := range s.at {
		if !insideRing(outline[s.source[house]], at) {
			s.t.Errorf("house %s stands outside of %s", house, s.source[house])
		}
	}
	for _, use := range []string{OwnHome, LetHome, Vacant, Trade} {
		if s.uses[use] == 0 {
			s.t.Errorf("no house is %s", use)
		}
	}
	if s.plates == nil || len(s.plates) < people/20 || s.rows < people*101/100 {
		s.t.Errorf("%d vehicles and %d rows for %d people", len(s.plates), s.rows, people)
	}
}

// census compares the ages with those of a county of the east in 2020, widely.
func (s *inspector) census() {
	s.t.Helper()
	share := func(from, to int) float64 {
		n := 0
		for _, k := range s.years[from/5 : to/5] {
			n += k
		}
		return 100 * float64(n) / float64(s.people)
	}
	for _, want := range []struct {
		from, to    int
		least, most float64
	}{{0, 15, 14, 22}, {15, 30, 13, 22}, {30, 45, 20, 33}, {45, 60, 15, 28}, {60, 105, 15, 25}, {65, 105, 11, 19}, {80, 105, 1.5, 4.5}} {
		if got := share(want.from, want.to); got < want.least || got > want.most {
			s.t.Errorf("%.1f %% are from %d to %d, want %g to %g", got, want.from, want.to, want.least, want.most)
		}
	}
	if men := 100 * float64(s.men) / float64(s.people); men < 48 || men > 53 {
		s.t.Errorf("%.1f %% are men", men)
	}
	if alone := 100 * float64(s.oldAlone) / float64(s.withOld); alone < 8 || alone > 12 {
		s.t.Errorf("in %.1f %% of the houses of old people one lives alone, want 8 to 12", alone)
	}
}

// insideRing is the even-odd rule on the lattice; on the border counts.
func insideRing(ring planar.Ring, p planar.Point) bool {
	in := false
	for i, a := range ring {
		b := ring[(i+1)%len(ring)]
		cross := int64(b.X-a.X)*int64(p.Y-a.Y) - int64(b.Y-a.Y)*int64(p.X-a.X)
		if cross == 0 && min(a.X, b.X) <= p.X && p.X <= max(a.X, b.X) && min(a.Y, b.Y) <= p.Y && p.Y <= max(a.Y, b.Y) {
			return true
		}
		if (a.Y > p.Y) != (b.Y > p.Y) && (cross > 0) == (b.Y > a.Y) {
			in = !in
		}
	}
	return in
}
