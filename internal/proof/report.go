package proof

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Report is what was proved, and what wasn't.
type Report struct {
	Division string   `json:"division,omitempty"`
	Anything bool     `json:"anything"` // there is a layout, a block or a grid to prove something of
	Checks   []Result `json:"checks"`
	Seconds  float64  `json:"seconds"`
}

// Result is what one check found.
type Result struct {
	Name     string    `json:"name"`
	ZH       string    `json:"zh"`
	EN       string    `json:"en"`
	Examined int64     `json:"examined"` // rows or edges looked at
	Found    int64     `json:"found"`    // offences, all of them
	Offences []Offence `json:"offences"` // the first hundred
	Seconds  float64   `json:"seconds"`  // with the making of what no check before it needed
}

// Offence names what breaks an invariant.
type Offence struct {
	Community int64  `json:"community,omitempty"` // 12 digits; 0 for what belongs to none
	What      string `json:"what"`                // "block 17", "grid 110108001001003"
	Why       string `json:"why"`
}

// Passed says whether the check looked at something and found nothing.
func (r Result) Passed() bool { return r.Examined > 0 && r.Found == 0 }

// Proved says whether every check passed. Where there is nothing to prove, nothing is.
func (r *Report) Proved() bool {
	for _, c := range r.Checks {
		if !c.Passed() {
			return false
		}
	}
	return r.Anything && len(r.Checks) > 0
}

// MarshalJSON adds the verdict.
func (r *Report) MarshalJSON() ([]byte, error) {
	type plain Report
	return json.Marshal(struct {
		Proved bool `json:"proved"`
		*plain
	}{r.Proved(), (*plain)(r)})
}

// Text is the report for a terminal, a line a check, and below it what offends.
func (r *Report) Text() string {
	var b strings.Builder
	if !r.Anything {
		b.WriteString("没有可证明的内容：还没有发布任何网格布局。\nNothing to prove: no layout has been published yet.\n")
		return b.String()
	}
	for _, c := range r.Checks {
		mark, verdict := "✓", ""
		if c.Found > 0 {
			mark, verdict = "✗", fmt.Sprintf("  发现 %d 处 / %d found", c.Found, c.Found)
		}
		if c.Examined == 0 {
			mark, verdict = "✗", verdict+"  没有可查的行，未能证明 / examined nothing, so nothing is proved"
		}
		fmt.Fprintf(&b, "%s %-14s %10d  %s / %s%s\n", mark, c.Name, c.Examined, c.ZH, c.EN, verdict)
		for _, o := range c.Offences {
			fmt.Fprintf(&b, "    %s %s%s\n", o.What, o.Why, in(o))
		}
		if more := c.Found - int64(len(c.Offences)); more > 0 {
			fmt.Fprintf(&b, "    … 另有 %d 处 / and %d more\n", more, more)
		}
	}
	if r.Proved() {
		fmt.Fprintf(&b, "证明成立 / proved (%.1f s)\n", r.Seconds)
	} else {
		fmt.Fprintf(&b, "证明不成立 / NOT proved (%.1f s)\n", r.Seconds)
	}
	return b.String()
}

func in(o Offence) string {
	if o.Community == 0 || strings.Contains(o.What, fmt.Sprint(o.Community)) {
		return ""
	}
	return fmt.Sprintf(" [%012d]", o.Community)
}
