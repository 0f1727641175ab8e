package ingest

import (
	"fmt"

	"jingwei/internal/fault"
)

// useless is the fault of a file with features of which none could be taken: it isn't what it was taken for.
func useless(r *Report) error {
	switch {
	case r.Total != (Tally{}) || r.Outside > 0 || r.Read == 0 && r.Unused == 0:
		return nil
	case r.Refused.Count == 0 && r.Repaired.Kinds[kindDuplicate] > 0: // another file has them all
		return nil
	case r.Read == 0:
		return fault.New(fault.Invalid,
			fmt.Sprintf("%s 的 %d 个要素都没有说明自己是什么（道路、楼栋、水面……）；若全是同一类，请用 --layer 指明", r.Files[0], r.Unused),
			fmt.Sprintf("none of the %d features of %s says what it is (a street, a building, water …); if all are of one kind, name it with --layer", r.Unused, r.Files[0]))
	}
	return nothingTaken(r)
}

// nothingTaken says why the first of a file's features was refused, as all of them were.
func nothingTaken(r *Report) error {
	why := Finding{What: "look at its features", WhatZH: "请检查其要素"}
	if len(r.Refused.Listed) > 0 {
		why = r.Refused.Listed[0]
	}
	return fault.New(fault.Invalid,
		fmt.Sprintf("%s 中没有一个要素可以入库；第一个的原因：%s", r.Files[0], why.WhatZH),
		fmt.Sprintf("no feature of %s could be taken; the first, because: %s", r.Files[0], why.What))
}
