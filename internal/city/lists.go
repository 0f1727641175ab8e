package city

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"sync"

	recipe "jingwei/geodata/city"
)

// urn is a list to draw from, each entry as often as its weight says.
type urn struct {
	words []string
	slots []uint16
}

// urnSlots is how finely weights are kept.
const urnSlots = 2048

func (u *urn) draw(d *dice) string { return u.words[u.slots[d.next()%urnSlots]] }

// UnmarshalJSON reads ["王 740", …].
func (u *urn) UnmarshalJSON(text []byte) error {
	var entries []string
	if err := json.Unmarshal(text, &entries); err != nil {
		return err
	}
	var weights []float64
	for _, e := range entries {
		word, number, _ := strings.Cut(e, " ")
		w, err := strconv.ParseFloat(number, 64)
		if err != nil {
			return fmt.Errorf("%q: %w", e, err)
		}
		u.words, weights = append(u.words, word), append(weights, w)
	}
	for i, n := range apportion(urnSlots, weights) {
		for range max(n, 0) {
			u.slots = append(u.slots, uint16(i))
		}
	}
	return nil
}

// cohort is what people of some years are called.
type cohort struct {
	Until       int    `json:"until"` // the last year of birth
	Men         urn    `json:"men"`
	Women       urn    `json:"women"`
	FirstMen    string `json:"first_men"`
	SecondMen   string `json:"second_men"`
	FirstWomen  string `json:"first_women"`
	SecondWomen string `json:"second_women"`
	signs       [4][]rune
}

// lists are those of geodata/city/people.json.
type lists struct {
	Surnames  urn      `json:"surnames"`
	Cohorts   []cohort `json:"cohorts"`
	Nations   urn      `json:"nations"`
	Elsewhere []string `json:"elsewhere"`
	Shops     urn      `json:"shops"`
	Colours   urn      `json:"colours"`
}

var readLists = sync.OnceValues(func() (*lists, error) {
	l := &lists{}
	if err := json.Unmarshal(recipe.People, l); err != nil {
		return nil, fmt.Errorf("city: people.json: %w", err)
	}
	for i := range l.Cohorts {
		c := &l.Cohorts[i]
		c.signs = [4][]rune{[]rune(c.FirstWomen), []rune(c.SecondWomen), []rune(c.FirstMen), []rune(c.SecondMen)}
	}
	return l, nil
})

// given is a given name as people of that age have them: one of the commonest, or two signs put together.
func (l *lists) given(d *dice, born day, man bool) string {
	year := 1900 + int(float64(born)/365.2425)
	k := 0
	for k < len(l.Cohorts)-1 && l.Cohorts[k].Until < year {
		k++
	}
	c := &l.Cohorts[k]
	first, second, common := c.signs[0], c.signs[1], &c.Women
	if man {
		first, second, common = c.signs[2], c.signs[3], &c.Men
	}
	if d.chance(.22) {
		return common.draw(d)
	}
	a, b := first[d.upto(len(first))], second[d.upto(len(second))]
	if a == b || d.chance(.08) {
		return string(b)
	}
	return string([]rune{a, b})
}
