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

// Unsaid names what nobody said of the settings of an order. It is as in the live layout when something of that stays, and a default
// otherwise.
type Unsaid struct {
	Target, Tolerance bool
	Measure           bool // what the target counts
}

// settle makes the settings those of the layout that the order belongs to. A county's layout has one measure: a grid of 600 people
// beside one of 220 households would be told to be out of band. So an order that leaves some communities as they are and says
// otherwise is refused.
func (o *Order) settle(ctx context.Context, tx pgx.Tx, live map[int64]bool, wanted []int64) error {
	stays := o.Redraw
	others := false
	for c := range live {
		others = others || !slices.Contains(wanted, c)
	}
	if stays = stays || others; !stays || len(live) == 0 {
		return nil
	}
	kept, err := liveSettings(ctx, tx, int32(o.Division.County()))
	if err != nil {
		return err
	}
	if o.Unsaid.Target {
		o.Settings.Target = kept.Target
	}
	if o.Unsaid.Tolerance {
		o.Settings.Tolerance = kept.Tolerance
	}
	if o.Unsaid.Measure {
		o.Settings.Workload = kept.Workload
	}
	s := o.Settings
	if !others || s.Target == kept.Target && s.Tolerance == kept.Tolerance && reflect.DeepEqual(s.Workload, kept.Workload) {
		return nil
	}
	return fault.New(fault.Conflict,
		fmt.Sprintf("全县的网格按同一标准划分：现为每格 %s，而此次要求 %s。请按现有标准划分，或用新标准重划全县（--division %06d --replace）。", kept.measureZH(), s.measureZH(), o.Division.County()),
		fmt.Sprintf("the grids of a county have one measure: it is %s a grid, and %s was asked for here. Draw by the present one, or all of the county by the new one (--division %06d --replace).", kept.measure(), s.measure(), o.Division.County()))
}

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
