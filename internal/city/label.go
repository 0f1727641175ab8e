package city

import "jingwei/internal/idcard"

// What a county wants to know of people in particular (标签).
const (
	LivesAlone  = "独居老人" // 65 or older, nobody else in the house
	EmptyNest   = "空巢老人" // with others, all 65 or older
	VeryOld     = "高龄"   // 80 or older
	Disabled    = "残疾"
	LowIncome   = "低保"
	Destitute   = "特困"
	LeftBehind  = "留守儿童" // under 16, the parents work elsewhere
	Veteran     = "退役军人"
	AwayToStudy = "在外就学"
	AwayToWork  = "在外务工"
)

// The ages in the definitions above.
const (
	oldFrom     = 65
	veryOldFrom = 80
	childUntil  = 16
)

// note is what labels need to know of a resident besides.
type note struct {
	away   away
	behind bool // no parent is at home
}

// label says what is particular about those in a house.
func (c *census) label(d *dice, rural bool) {
	living, old := 0, 0
	for i := range c.residents {
		if r := &c.residents[i]; r.Lives() {
			living++
			if fullYears(r) >= oldFrom {
				old++
			}
		}
	}
	poor := d.chance(.008)
	if rural {
		poor = d.chance(.035)
	}
	c.labels = c.labels[:0]
	for i := range c.residents {
		r, n, from, years := &c.residents[i], c.notes[i], len(c.labels), fullYears(&c.residents[i])
		for _, l := range [...]struct {
			is   bool
			name string
		}{
			{r.Lives() && living == 1 && old == 1, LivesAlone},
			{r.Lives() && living > 1 && old == living, EmptyNest},
			{years >= veryOldFrom, VeryOld},
			{d.chance(.012 + .0006*float64(years)), Disabled},
			{poor && r.Lives(), LowIncome},
			{!poor && rural && living == 1 && old == 1 && d.chance(.05), Destitute},
			{n.behind && r.Lives() && years < childUntil, LeftBehind},
			{r.Sex == idcard.Male && years > 20 && d.chance(.03), Veteran},
			{n.away == studies, AwayToStudy},
			{n.away == working && years >= childUntil, AwayToWork},
		} {
			if l.is {
				c.labels = append(c.labels, l.name)
			}
		}
		r.Labels = c.labels[from:len(c.labels):len(c.labels)]
	}
}

// fullYears is somebody's age.
func fullYears(r *Resident) int {
	n := AsOf.Year() - r.Born.Year()
	if _, m, d := r.Born.Date(); m > AsOf.Month() || m == AsOf.Month() && d > AsOf.Day() {
		n--
	}
	return n
}
