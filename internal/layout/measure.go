package layout

import (
	"context"
	"fmt"
	"reflect"
	"slices"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/drawing"
	"jingwei/internal/fault"
)

// Unsaid names what nobody said of the settings of an order. It is as in the live layout, and a default where there is none.
type Unsaid struct {
	Target, Tolerance bool
	Measure           bool // what the target counts
	Special           bool // which ground has grids of its own
}

// settle makes the settings those of the layout that the order belongs to, and gives what that was drawn with (nil when nothing is live). A
// county's layout has one measure: a grid of 600 people beside one of 220 households would be told to be out of band. So an order
// that leaves some communities as they are and says otherwise is refused, and so is another measure with the old one's number.
func (o *Order) settle(ctx context.Context, tx pgx.Tx, live map[int64]bool, wanted []int64) (*Settings, error) {
	if len(live) == 0 {
		return nil, nil
	}
	kept, err := liveSettings(ctx, tx, int32(o.Division.County()))
	if err != nil {
		return nil, err
	}
	if o.Unsaid.Tolerance {
		o.Settings.Tolerance = kept.Tolerance
	}
	if o.Unsaid.Measure {
		o.Settings.Workload = kept.Workload
	}
	if o.Unsaid.Special {
		o.Settings.Special = kept.Special
	}
	counts := reflect.DeepEqual(o.Settings.Workload, kept.Workload)
	if o.Unsaid.Target && counts {
		o.Settings.Target = kept.Target
	}
	for c := range live {
		if !slices.Contains(wanted, c) && !o.Settings.sameMeasure(kept) {
			return nil, o.mixes(kept)
		}
	}
	if o.Unsaid.Target && !counts {
		return nil, fault.New(fault.Invalid,
			fmt.Sprintf("计量由“%s”改为“%s”，请用 --target 说明每格多少", nameOf(kept.Workload, "人"), nameOf(o.Settings.Workload, "人")),
			fmt.Sprintf("grids were measured in %s, and now are to be in %s: say with --target how many a grid", nameOf(kept.Workload, Persons), nameOf(o.Settings.Workload, Persons)))
	}
	return &kept, nil
}

func (s Settings) sameMeasure(t Settings) bool {
	return s.Target == t.Target && s.Tolerance == t.Tolerance && reflect.DeepEqual(s.Workload, t.Workload)
}

// measures says whether grids drawn by the one settings mean the same as by the other, whatever drawing they were looked for with.
func (s Settings) measures(t Settings) bool {
	return s.sameMeasure(t) && s.Divide == t.Divide && slices.Equal(s.Special, t.Special)
}

// mixes is the fault of an order that would have two measures in one county.
func (o *Order) mixes(kept Settings) error {
	zh, en := o.Settings.measureZH(), o.Settings.measure()
	if o.Unsaid.Target && !reflect.DeepEqual(o.Settings.Workload, kept.Workload) { // nobody said how many
		zh, en = "按 "+nameOf(o.Settings.Workload, "人"), nameOf(o.Settings.Workload, Persons)
	}
	if zh == kept.measureZH() {
		zh, en = zh+"，但公式不同", en+" by another formula"
	}
	return fault.New(fault.Conflict,
		fmt.Sprintf("全县的网格按同一标准划分：现为每格 %s，而此次要求 %s。请按现有标准划分，或用新标准重划全县（--division %06d --replace）。", kept.measureZH(), zh, o.Division.County()),
		fmt.Sprintf("the grids of a county have one measure: it is %s a grid, and %s was asked for here. Draw by the present one, or all of the county by the new one (--division %06d --replace).", kept.measure(), en, o.Division.County()))
}

// stays refuses another measure where a community that no blocks could be made for keeps the grids that it has.
func (o *Order) stays(kept *Settings, live map[int64]bool, stopped []int64) error {
	for _, c := range stopped {
		if kept != nil && live[c] && !o.Settings.sameMeasure(*kept) {
			return fault.New(fault.Conflict,
				fmt.Sprintf("社区 %s 无法生成基本单元，只能保留按 %s 划分的网格，而全县须按同一标准划分；请先更正其界线或地面数据", communityName(c), kept.measureZH()),
				fmt.Sprintf("no blocks can be made for community %s, so that it keeps its grids of %s, and a county has one measure: mend its border or its ground first", communityName(c), kept.measure()))
		}
	}
	return nil
}

// Unit is what the target counts: Persons, or the name of a count or a formula.
func (s Settings) Unit() string { return nameOf(s.Workload, Persons) }

func (s Settings) measure() string {
	return fmt.Sprintf("%g ± %g %% %s", s.Target, 100*s.Tolerance, nameOf(s.Workload, "persons"))
}

func (s Settings) measureZH() string {
	return fmt.Sprintf("%g ± %g %%（%s）", s.Target, 100*s.Tolerance, nameOf(s.Workload, "人"))
}

func nameOf(w *drawing.Workload, persons string) string {
	if w == nil {
		return persons
	}
	return w.Name
}
