package city

// bell is between a and b, mostly near the middle.
func bell(d *dice, a, b float64) float64 { return a + (b-a)*(d.unit()+d.unit())/2 }

// old is an age from some year on, of which there are ever fewer.
func old(d *dice, from float64) float64 {
	return from + (99-from)*min(d.unit(), d.unit())
}

// husbandOf is his age by hers: a year or two more, as a rule.
func husbandOf(d *dice, hers float64) float64 { return max(hers+bell(d, -3, 7), 22.1) }

// motherOf is a mother's age by a child's: 21 to 34 years more.
func motherOf(d *dice, years float64) float64 { return years + bell(d, 20.5, 34) }

// boy tells what a child is.
func boy(d *dice) bool { return d.chance(.525) }

// oldest is how old somebody may be.
const oldest = 103

// little is the age of a family's youngest: births have become fewer since 2017.
func little(d *dice) float64 {
	years := 17.9 * d.unit()
	if years < 8 && d.chance(.32) {
		years += 8
	}
	return years
}

// grown is the age of a child who still lives with its parents.
func grown(d *dice) float64 { return 16 + 20*min(d.unit(), d.unit()) }

// young is the age of somebody who came to work.
func young(d *dice) float64 { return 18.3 + 34*min(d.unit(), d.unit()) }
