package audit

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Kind is what is wrong with the trail. The set is closed.
type Kind string

// The kinds of findings.
const (
	EntryChanged     Kind = "entry-changed"     // an entry isn't what was written
	EntryMissing     Kind = "entry-missing"     // a link's entry isn't there
	EntryUnlinked    Kind = "entry-unlinked"    // the chain has passed an entry by: it was put in afterwards, or its link taken out
	EntryWaiting     Kind = "entry-waiting"     // an entry should have been linked long ago: nobody chains
	LinkChanged      Kind = "link-changed"      // a link isn't what was written
	LinkMoved        Kind = "link-moved"        // a link stands in another's place
	LinksMissing     Kind = "links-missing"     // there is a gap in a chain's numbers
	CutOff           Kind = "cut-off"           // a chain ends before what the heads file says
	DayMissing       Kind = "day-missing"       // a whole day isn't there, and no checkpoint of it
	HeadDiffers      Kind = "head-differs"      // a chain isn't the one whose head was kept outside
	CheckpointForged Kind = "checkpoint-forged" // a checkpoint isn't what was written, or doesn't fit the heads
	NotDropped       Kind = "not-dropped"       // rows of a day that was dropped
)

// Finding is one thing that is wrong.
type Finding struct {
	Kind   Kind   `json:"kind"`
	County int    `json:"county"`
	Day    string `json:"day"`
	Seq    int    `json:"seq,omitempty"`   // the link's number in its day
	Entry  int64  `json:"entry,omitempty"` // the entry's number
	ZH     string `json:"zh"`
	EN     string `json:"en"`
}

// Report is what Verify looked at, and what it found.
type Report struct {
	Entries  int64     `json:"entries"`
	Days     int       `json:"days"`          // days of counties that have links or entries
	Dropped  int       `json:"dropped"`       // days of which a checkpoint is left
	Waiting  int64     `json:"waiting"`       // entries that are to be linked in a moment
	Files    []string  `json:"heads_files"`   // of heads, that were read
	Heads    int64     `json:"heads"`         // in those files
	Strange  int       `json:"strange_lines"` // of those files that say nothing
	Found    int64     `json:"found"`         // all of them
	Findings []Finding `json:"findings"`      // the first hundred
	Seconds  float64   `json:"seconds"`
}

// Sound says whether something was looked at and nothing found.
func (r *Report) Sound() bool { return r.Found == 0 && (r.Entries > 0 || r.Dropped > 0) }

// MarshalJSON adds the verdict.
func (r *Report) MarshalJSON() ([]byte, error) {
	type plain Report
	return json.Marshal(struct {
		Sound bool `json:"sound"`
		*plain
	}{r.Sound(), (*plain)(r)})
}

func (r *Report) add(f Finding) {
	r.Found++
	if len(r.Findings) < shown {
		r.Findings = append(r.Findings, f)
	}
}

// shown is how many findings are named at most; all are counted.
const shown = 100

// Text is the report for a terminal.
func (r *Report) Text() string {
	var b strings.Builder
	mark := func(bad bool) string {
		if bad {
			return "✗"
		}
		return "✓"
	}
	fmt.Fprintf(&b, "%s %-10s %10d  审计记录，%d 个日链，%d 天已到期删除 / entries in %d chains of a day, %d days dropped\n",
		mark(!r.Sound()), "entries", r.Entries, r.Days, r.Dropped, r.Days, r.Dropped)
	if r.Waiting > 0 {
		fmt.Fprintf(&b, "  %-10s %10d  刚写入，尚待入链 / just written, to be chained in a moment\n", "waiting", r.Waiting)
	}
	if len(r.Files) == 0 {
		b.WriteString("! heads               没有链头文件：链尾被截断、整天被删除，或有密钥者改写，都查不出来（--audit-heads）\n" +
			"                      no file of heads: an end cut off, a whole day removed or a chain rewritten with the keys can't be found (--audit-heads)\n")
	} else {
		fmt.Fprintf(&b, "  %-10s %10d  数据库之外的链头 / heads from outside the database: %s\n", "heads", r.Heads, strings.Join(r.Files, ", "))
	}
	if r.Strange > 0 {
		fmt.Fprintf(&b, "! %-10s %10d  行读不懂（断电或改动）/ lines of those files can't be read (a power cut, or an edit)\n", "heads", r.Strange)
	}
	for _, f := range r.Findings {
		fmt.Fprintf(&b, "    ✗ %s\n      %s\n", f.ZH, f.EN)
	}
	if more := r.Found - int64(len(r.Findings)); more > 0 {
		fmt.Fprintf(&b, "    … 另有 %d 处 / and %d more\n", more, more)
	}
	switch {
	case r.Sound():
		fmt.Fprintf(&b, "审计记录完整 / the trail is whole (%.1f s)\n", r.Seconds)
	case r.Found == 0:
		fmt.Fprintf(&b, "没有可查的审计记录，未能证明 / there is no entry to examine, so nothing is proved (%.1f s)\n", r.Seconds)
	default:
		fmt.Fprintf(&b, "审计记录不完整：%d 处 / the trail is NOT whole: %d found (%.1f s)\n", r.Found, r.Found, r.Seconds)
	}
	return b.String()
}

// found makes a finding; the messages come after where it is.
func found(kind Kind, k chainOf, seq int, entry int64, zh, en string) Finding {
	whereZH, whereEN := k.String(), k.String()
	if seq > 0 {
		whereZH, whereEN = fmt.Sprintf("%s 第 %d 环", whereZH, seq), fmt.Sprintf("%s link %d", whereEN, seq)
	}
	if entry > 0 {
		whereZH, whereEN = fmt.Sprintf("%s，记录 %d", whereZH, entry), fmt.Sprintf("%s, entry %d", whereEN, entry)
	}
	return Finding{Kind: kind, County: k.county, Day: k.day, Seq: seq, Entry: entry, ZH: whereZH + "：" + zh, EN: whereEN + ": " + en}
}
