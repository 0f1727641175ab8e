package city

// movedIn is when a family came into a house: since it was built, and since its head was of age.
func (c *census) movedIn(d *dice, built, head day) day {
	from := min(max(built, head+20*365), today-90)
	return from + day(float64(today-60-from)*d.unit()*d.unit())
}

// dates says since when somebody lives in a house, and until when: a wife since the wedding, a child since birth, a student until the autumn
// after school.
func (c *census) dates(d *dice, r *Resident, m member, since day) {
	since = max(since, m.born)
	if m.part == wife && r.Relation != headOfHousehold {
		wedding := m.born + day(d.between(21, 25)*365)
		since = min(max(since, wedding), today-30)
	}
	r.Since = since.date()
	var left day
	switch m.away {
	case present:
		return
	case studies:
		left = m.born + 6720 // 18.4 years
	default:
		left = today - day(365*7*d.unit()*d.unit()) - 10
	}
	since = min(since, today-31)
	r.Since, r.Until = since.date(), max(since+1, min(left, today-1)).date()
}

// levels of schooling, lowest first.
var schooling = [...]string{"文盲或半文盲", "小学", "初中", "高中", "中专", "大学专科", "大学本科", "研究生"}

// reached is how many in a hundred have each, by the decade of birth from 1920: about what the censuses have for a county of the east.
var reached = [...][8]int{
	{52, 38, 8, 2, 0, 0, 0, 0}, {40, 45, 11, 3, 1, 0, 0, 0}, {22, 50, 20, 6, 1, 1, 0, 0}, {10, 38, 36, 12, 2, 2, 0, 0},
	{3, 20, 52, 16, 4, 4, 1, 0}, {1, 10, 55, 14, 8, 8, 4, 0}, {1, 4, 46, 15, 11, 13, 9, 1}, {0, 2, 28, 16, 14, 20, 18, 2}, {0, 1, 12, 24, 18, 24, 19, 2},
}

// education is by age for who still goes to school; of some tenants nobody knows it.
func education(d *dice, m member, s setting) string {
	age := m.born.age()
	k := int(d.next() % 100)
	switch {
	case age < 6.5 || s.tenant && d.chance(.3):
		return ""
	case m.away == studies:
		return schooling[5+k%2]
	case age < 12.5:
		return "小学"
	case age < 15.5:
		return "初中"
	case age < 18.5:
		return schooling[3+k/70]
	}
	row := reached[min(max(int((float64(m.born)/365.2425-20)/10), 0), len(reached)-1)]
	for i, n := range row {
		if k -= n; k < 0 {
			return schooling[min(i, highest(age))]
		}
	}
	return ""
}

// highest is the last level that somebody can have finished at an age.
func highest(age float64) int {
	switch {
	case age < 21:
		return 4
	case age < 22.5:
		return 5
	case age < 25:
		return 6
	}
	return 7
}
