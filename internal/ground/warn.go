package ground

import (
	"fmt"
	"slices"
	"strings"
)

// warnAstride names the buildings of the community that its border runs through: their people are all counted here, where most of
// their ground is.
func (c *community) warnAstride(cut []int) {
	var mine []int
	for _, b := range cut {
		if slices.Contains(c.buildings, b) {
			mine = append(mine, b)
		}
	}
	if len(mine) > 0 {
		c.warn(kindTwoCommunities, "%d 栋楼跨社区边界（%s），占地多在本社区，其居民全部计入本社区",
			"%d building(s) stand across the community's border (%s), with most of their ground here: all of their people are counted here",
			len(mine), listed(c.sources(mine)))
	}
}

// mostListed is how many buildings a warning names.
const mostListed = 5

// listed is the first few names, and how many more there are.
func listed(names []string) string {
	if len(names) <= mostListed {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s, … +%d", strings.Join(names[:mostListed], ", "), len(names)-mostListed)
}

// warnOverlapping names buildings that stand on the ground of larger ones: often one building drawn twice, whose people
// then count twice.
func (c *community) warnOverlapping(under []int) {
	if len(under) == 0 {
		return
	}
	people := 0
	for _, b := range under {
		people += c.people.people[slices.Index(c.buildings, b)]
	}
	c.warn(kindOverlapping, "%d 栋楼（%s）与更大的楼栋重叠，重叠处归大楼，其 %d 人照计；若是同一栋楼重复绘制，请删去一个",
		"%d building(s) (%s) overlap a larger one, which has the ground; their %d people count all the same: if one building was drawn twice, remove one",
		len(under), listed(c.sources(under)), people)
}

// warnEntrances names the buildings whose entrances don't say what the building says.
func (c *community) warnEntrances(standing []*Building) {
	names := func(places []int) string {
		at := make([]int, len(places))
		for i, p := range places {
			at[i] = c.buildings[p]
		}
		return listed(c.sources(at))
	}
	sums := func(places []int) (own, behind int) {
		for _, p := range places {
			n, _ := standing[p].behindEntrances()
			own, behind = own+standing[p].People, behind+n
		}
		return own, behind
	}
	if d := c.people.differ; len(d) > 0 {
		own, behind := sums(d)
		c.warn(kindEntrancesDiffer, "%d 栋楼（%s）登记共 %d 人，其各单元合计 %d 人；以楼栋登记为准，楼栋登记为 0 的以单元为准",
			"%d building(s) (%s) say %d people, their entrances %d: the buildings' own numbers count, those of the entrances where the building says 0",
			len(d), names(d), own, behind)
	}
	if d := c.people.partly; len(d) > 0 {
		_, behind := sums(d)
		c.warn(kindEntrancesUnknown, "%d 栋楼（%s）只有部分单元登记了人数，只计入其 %d 人",
			"in %d building(s) (%s) the people are known behind some entrances only: those %d count", len(d), names(d), behind)
	}
}
