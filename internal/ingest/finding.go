package ingest

import (
	"fmt"
	"strings"
)

// From what was mended or refused while a feature was read to the lines of the report.

func (r *reading) refused(source string, n *note) { r.report.Refused.add(r.finding(source, n)) }

// tellFractions reports the counts that had to be rounded.
func (r *reading) tellFractions() {
	if n := r.fractions.rounded(); n != nil {
		r.repaired("", n)
	}
}

// rounded says that numbers of people had to be made whole; nil when none had.
func (s *strays) rounded() *note {
	if s.features == 0 {
		return nil
	}
	return &note{kindFraction,
		fmt.Sprintf("%d features have a number of residents that isn't whole (%s)", s.features, s.named()),
		fmt.Sprintf("%d 个要素的人数不是整数（%s）", s.features, s.named()),
		fmt.Sprintf("each was rounded; together they hold %d", s.people), fmt.Sprintf("逐个四舍五入，合计 %d 人", s.people)}
}

func (r *reading) repaired(source string, n *note) { r.report.Repaired.add(r.finding(source, n)) }

func (r *reading) finding(source string, n *note) Finding {
	file := r.file
	if file == "" {
		file = r.files[source]
	}
	return Finding{File: file, Feature: source, Kind: n.kind, What: n.what, WhatZH: n.whatZH, Done: n.done, DoneZH: n.doneZH}
}

func (d repair) notes() (out []note) {
	if d&repairedSpike != 0 {
		out = append(out, mended(kindSpike, "环上有尖刺或退化的部分", "a ring has a spike or a part without extent", "去掉", "it was dropped"))
	}
	if d&repairedCrossing != 0 {
		out = append(out, mended(kindSelfCrossing, "轮廓自相交或相互重叠", "its outline crosses or touches itself, or its rings overlap",
			"按奇偶规则改成有效多边形", "made valid by the even-odd rule"))
	}
	return out
}

// turnsTold is how many turned areas of one file are named one by one.
const turnsTold = 5

// turnLog collects the areas of a file whose rings ran the wrong way round. Many programs write shells
// clockwise, all or some of them: that is one line for the file, so that it doesn't bury what matters, while a
// few among others are a line each.
type turnLog struct {
	areas, turned int
	features      []string
}

func (l *turnLog) see(feature string, did repair) {
	l.areas++
	if did&repairedTurn == 0 {
		return
	}
	l.turned++
	if len(l.features) < maxFindings {
		l.features = append(l.features, feature)
	}
}

// tell reports them through add.
func (l *turnLog) tell(add func(feature string, n *note)) {
	if l.turned > 2 && l.turned*2 > l.areas {
		n := mended(kindTurned, fmt.Sprintf("%d 个多边形中 %d 个的环方向反了（外环顺时针）", l.areas, l.turned),
			fmt.Sprintf("%d of its %d polygons run the wrong way round (shells clockwise)", l.turned, l.areas), "调转", "turned round")
		add("", &n)
		return
	}
	if l.turned > turnsTold {
		some := strings.Join(l.features[:turnsTold], ", ")
		n := mended(kindTurned, fmt.Sprintf("%d 个多边形中 %d 个的环方向反了（%s 等）", l.areas, l.turned, some),
			fmt.Sprintf("%d of its %d polygons run the wrong way round (%s and others)", l.turned, l.areas, some), "调转", "turned round")
		add("", &n)
		return
	}
	for _, feature := range l.features {
		n := mended(kindTurned, "环的方向反了", "a ring runs the wrong way round", "调转", "turned round")
		add(feature, &n)
	}
}
