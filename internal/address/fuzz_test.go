package address

import (
	"strings"
	"testing"
)

func FuzzAddress(f *testing.F) {
	for _, s := range pieces {
		f.Add(s)
	}
	w := invent(5, 2000, 40)
	for i := range 40 {
		f.Add(w.written(w.homes[i*len(w.homes)/40], i))
	}
	for _, s := range []string{"山东省泗滨市钟山街道文昌社区文昌路8号明珠小区3号楼2单元501室", "明珠小区3一2一501", "一一一一一", "十百千", "之之之1", "12号之", "甲甲甲1甲", "(((", "3-2-501-3-2-501-3-2-501", "cqlcl3-2-5", "0-0-0", "00000000 A0", "000〸0",
		strings.Repeat("0", 61) + " 0", "楼栋：3；单元：2；房号：501", "户主：赵甲；<小区>明珠小区</小区>", "501室2单元3号楼明珠小区", "二十一十二两百参号", "三杠横杠", "ROOM NO. 5", "2026-11-30 14:20", "房号：", "：：=楼：", "3（栋）#2 #", "5F2U",
		"（1）#3. 第3户：", "Rm 5 3rd Floor No.8 文昌路 Road", "3 Building 2 Unit", "R5 U2 B3", "No.45 大李村", "大李村45号，从文昌路8号门进，小学对面，下午3点来",
		"户籍地大李村45号，现住外地", "赵甲之母，住大李村45号（仰月镇）", "□45?号桥，原住址：", "非东数靠近明珠小区3-2-501（实为502）-A", "号，楼1，室1,楼"} {
		f.Add(s)
	}
	f.Add(strings.Repeat("零第", 2000))
	f.Add(strings.Repeat("大李村期", 300))
	g := small(f)
	f.Fuzz(func(t *testing.T, text string) { answers(t, g, text) })
}
