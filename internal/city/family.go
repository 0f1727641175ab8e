package city

// part is what somebody is in a family. All stand in relation to the husband: elders are his parents.
type part uint8

const (
	husband part = iota
	wife
	child
	elderMan
	elderWoman
	brother // or sister, unmarried
	other
)

// away is why a member of the family doesn't live with it.
type away uint8

const (
	present away = iota
	studies
	working
)

// member is one of a family, before they have a name.
type member struct {
	part part
	man  bool
	born day
	away away
}

// family is a household on its way to the register.
type family struct {
	members []member
	head    int
}

func (f *family) clear() { f.members, f.head = f.members[:0], 0 }

// add takes somebody in who is so many years old; the day of birth within the year is left to the years' fraction.
func (f *family) add(p part, man bool, years float64, a away) {
	f.members = append(f.members, member{p, man, max(yearsAgo(years), 0), a})
}

// setting is what a family's shape depends on.
type setting struct {
	rural, tenant bool
}

// made fills the family with so many who live at home, and those who are away.
func (f *family) made(d *dice, size int, s setting) {
	f.clear()
	switch {
	case s.tenant:
		f.tenants(d, size)
	case size == 1:
		f.alone(d, s)
	case size == 2:
		f.pair(d, s)
	case size == 3:
		f.three(d, s)
	default:
		f.many(d, size, s)
	}
	f.fillUp(d, size, 40)
	f.choose(d, s)
}

// couple adds wife and husband by her age, and tells his.
func (f *family) couple(d *dice, hers float64) float64 {
	his := husbandOf(d, hers)
	f.add(husband, true, his, present)
	f.add(wife, false, hers, present)
	return his
}

// minors adds so many children of a mother, the youngest by its age, and tells her age.
func (f *family) minors(d *dice, n int, youngest float64) float64 {
	eldest := youngest
	for k := range n {
		if k > 0 {
			eldest += bell(d, 1.4, 6.5)
		}
		f.add(child, boy(d), eldest, present)
	}
	return max(motherOf(d, eldest)-1.5*float64(n-1), eldest+20.2)
}

// elders adds so many parents of somebody of an age, the mother rather than the father.
func (f *family) elders(d *dice, n int, years float64) {
	hers := min(motherOf(d, years), oldest-8)
	if n == 0 || hers < years+17.5 { // nobody that old has a mother
		return
	}
	his := min(max(husbandOf(d, hers), years+18.5), oldest)
	if n == 2 || d.chance(.36) {
		f.add(elderMan, true, his, present)
		if n == 1 {
			return
		}
	}
	f.add(elderWoman, false, hers, present)
}

func (f *family) alone(d *dice, s setting) {
	aged := .12
	if s.rural {
		aged = .31
	}
	switch {
	case d.chance(aged):
		if d.chance(.66) {
			f.add(wife, false, old(d, 65), present)
		} else {
			f.add(husband, true, old(d, 65), present)
		}
	case s.rural && d.chance(.45): // the rest of the family works elsewhere
		hers := bell(d, 34, 64)
		f.add(wife, false, hers, present)
		f.add(husband, true, husbandOf(d, hers), working)
	case d.chance(.6):
		f.add(husband, true, 20+44*d.unit(), present)
	default:
		f.add(wife, false, 20+41*d.unit(), present)
	}
}

func (f *family) pair(d *dice, s setting) {
	k := d.unit()
	if !s.rural {
		k = .12 + .88*k // fewer old couples
	}
	switch {
	case k < .40: // an old couple, often with a grown child who works elsewhere
		hers := old(d, 59)
		f.couple(d, hers)
		if s.rural && d.chance(.3) {
			if years := hers - bell(d, 22, 33); years > 22 {
				f.add(child, true, years, working)
			}
		}
	case k < .62: // a couple whose child studies, or has left
		hers := bell(d, 43, 65)
		f.couple(d, hers)
		f.student(d, hers, .5)
	case k < .78:
		f.couple(d, bell(d, 20.3, 34))
	case k < .90: // a parent with a child; the other one works elsewhere
		hers := f.minors(d, 1, little(d))
		f.add(wife, false, hers, present)
		if d.chance(.6) {
			f.add(husband, true, husbandOf(d, hers), working)
		}
	case k < .95 && s.rural: // a grandparent with a grandchild
		years := bell(d, 3, 15)
		f.add(child, boy(d), years, present)
		hers := motherOf(d, years)
		his := husbandOf(d, hers)
		f.add(elderWoman, false, max(motherOf(d, his), his+18), present)
		f.add(wife, false, hers, working)
		f.add(husband, true, his, working)
	default: // an old parent with a grown child
		years := bell(d, 36, 66)
		f.add(husband, true, years, present)
		f.elders(d, 1, years)
		if len(f.members) < 2 {
			f.add(wife, false, years-1, present)
		}
	}
}

// student adds a child who studies elsewhere, if a mother of that age has one.
func (f *family) student(d *dice, hers, chance float64) {
	years := bell(d, 18, 23)
	if gap := hers - years; gap > 20.5 && gap < 40 && d.chance(chance) {
		f.add(child, boy(d), years, studies)
	}
}

func (f *family) three(d *dice, s setting) {
	switch k := d.unit(); {
	case k < .36:
		f.couple(d, f.minors(d, 1, little(d)))
	case k < .72: // the child is grown
		years := grown(d)
		f.add(child, boy(d), years, present)
		f.couple(d, motherOf(d, years))
	case k < .84:
		hers := bell(d, 38, 66)
		his := f.couple(d, hers)
		f.elders(d, 1, his)
		f.student(d, hers, .5)
		if f.living() < 3 {
			f.add(brother, true, his-1, present)
		}
	case k < .93 && s.rural: // grandparents with a grandchild
		years := bell(d, 1, 15)
		f.add(child, boy(d), years, present)
		hers := motherOf(d, years)
		his := husbandOf(d, hers)
		f.add(wife, false, hers, working)
		f.add(husband, true, his, working)
		f.elders(d, 2, his)
	default: // a mother with two children
		hers := f.minors(d, 2, little(d)*.7)
		f.add(wife, false, hers, present)
		if d.chance(.8) {
			f.add(husband, true, husbandOf(d, hers), working)
		}
	}
}

// many is a family of four and more.
func (f *family) many(d *dice, size int, s setting) {
	children, elders := 2, 0
	if size > 4 {
		elders = size - 4
	}
	switch k := d.unit(); {
	case size == 4 && k < .30:
		children, elders = 1, 1
	case size == 4 && k < .42:
		children, elders = 0, 2
	case size == 5 && k < .35:
		children, elders = 1, 2
	case size == 5 && k < .55:
		children, elders = 3, 0
	case size == 6 && k < .3:
		children, elders = 3, 1
	case size > 6:
		children, elders = 3, 2
	}
	hers := bell(d, 27, 55)
	if children > 0 {
		hers = f.minors(d, children, little(d))
	}
	his := f.couple(d, hers)
	f.elders(d, min(elders, 2), his)
	if children < 2 {
		f.student(d, hers, .45)
	}
	f.fillUp(d, size, his)
}

// fillUp adds unmarried brothers and sisters of the husband, then lodgers, until so many live at home.
func (f *family) fillUp(d *dice, size int, his float64) {
	for n := 0; f.living() < size; n++ {
		if n < 2 {
			f.add(brother, d.chance(.7), max(his-bell(d, 1, 9), 18.5), present)
		} else {
			f.add(other, d.chance(.6), bell(d, 18.5, 58), present)
		}
	}
}

// tenants are a family, or one person.
func (f *family) tenants(d *dice, size int) {
	switch {
	case size == 1 && d.chance(.6):
		f.add(husband, true, young(d)+.5, present)
	case size == 1:
		f.add(wife, false, young(d), present)
	case size == 2 && d.chance(.25):
		f.add(wife, false, f.minors(d, 1, little(d)), present)
	case size == 2:
		f.couple(d, 20.4+26*min(d.unit(), d.unit()))
	default:
		his := f.couple(d, f.minors(d, min(size-2, 2), little(d)))
		f.fillUp(d, size, his)
	}
}

// living is how many are at home.
func (f *family) living() int {
	n := 0
	for _, m := range f.members {
		if m.away == present {
			n++
		}
	}
	return n
}

// choose names the head: who comes first of those at home, and in villages often the grandfather.
func (f *family) choose(d *dice, s setting) {
	rank := [...]int{husband: 1, wife: 2, elderMan: 3, elderWoman: 4, brother: 5, other: 6, child: 7}
	if s.rural && d.chance(.4) {
		rank[elderMan], rank[elderWoman] = -1, 0
	}
	if d.chance(.12) {
		rank[wife] = 0
	}
	for i, m := range f.members {
		if h := f.members[f.head]; m.away == present && (h.away != present || rank[m.part] < rank[h.part]) {
			f.head = i
		}
	}
}
