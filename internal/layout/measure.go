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

// settle makes the settings those of the layout that the order belongs to. A county's layout has one measure: a grid of 600 people
// beside one of 220 households would be told to be out of band. So an order that leaves some communities as they are and says
// otherwise is refused, and so is another measure with the old one's number.
func (o *Order) settle(ctx context.Context, tx pgx.Tx, live map[int64]bool, wanted []int64) error {
	if len(live) == 0 {
		return nil
	}
	kept, err := liveSettings(ctx, tx, int32(o.Division.County()))
	if err != nil {
		return err
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
	same := reflect.DeepEqual(o.Settings.Workload, kept.Workload)
	if o.Unsaid.Target && same {
		o.Settings.Target = kept.Target
	}
	s := o.Settings
	others := false
	for c := range live {
		others = others || !slices.Contains(wanted, c)
	}
	if others && !(same && s.Target == kept.Target && s.Tolerance == kept.Tolerance) {
		return fault.New(fault.Conflict,
			fmt.Sprintf("全县的网格按同一标准划分：现为每格 %s，而此次要求 %s。请按现有标准划分，或用新标准重划全县（--division %06d --replace）。", kept.measureZH(), s.measureZH(), o.Division.County()),
			fmt.Sprintf("the grids of a county have one measure: it is %s a grid, and %s was asked for here. Draw by the present one, or all of the county by the new one (--division %06d --replace).", kept.measure(), s.measure(), o.Division.County()))
	}
	if o.Unsaid.Target && !same {
		was, is := nameOf(kept.Workload, "persons"), nameOf(s.Workload, "persons")
		return fault.New(fault.Invalid,
			fmt.Sprintf("计量由“%s”改为“%s”，请用 --target 说明每格多少", nameOf(kept.Workload, "人"), nameOf(s.Workload, "人")),
			fmt.Sprintf("grids were measured in %s, and now are to be in %s: say with --target how many a grid", was, is))
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
