package address

import (
	"fmt"
	"math/rand/v2"
	"slices"
)

// world is an invented county: every name in it is made of common words.
type world struct {
	in     Input
	homes  []home // where each house is, in words
	county string
}

// home is a house in words: the town and community as they are said (钟山街道, 文昌社区, 大李村), the street and the number of the compound's gate
// (文昌路, 12), the compound and its section (明珠小区, 二期), then numbers: building 3, entrance 2, room 501 on floor 5. In a village there are only
// town, community and number (45).
type home struct {
	id                                                 int64
	town, community, street, number, compound, section string
	building, entrance, room                           string // numbers: "3", "2", "501"
	floor                                              int
	village                                            bool
}

var (
	firstWords   = []string{"金桂", "锦绣", "阳光", "东方", "富贵", "翠湖", "怡馨", "丽景", "万和", "宏泰", "圣和", "兴隆", "文苑", "明珠", "鑫琦", "龙泉", "碧水", "祥和", "学府", "幸福", "御龙", "仁和", "世纪", "龙城", "康桥", "香榭", "银座", "瑞景", "泰和", "玉泉", "佳和", "紫金", "凤栖", "安泰", "永和", "金水", "锦城", "天和", "福泽", "盛世", "海棠", "翰林", "朗润", "天悦", "和谐", "昌盛", "清河", "望岳", "长乐", "重光"}
	secondWords  = []string{"", "", "名仕", "山水", "新", "国宾", "梧桐", "澜", "观澜", "丹枫", "时代", "春天", "翡翠", "尚", "嘉和"}
	kinds        = []string{"小区", "小区", "花园", "家园", "公寓", "苑", "华府", "新村", "嘉园", "名城", "公馆", "家属院"}
	streetWords  = []string{"文昌", "和平", "新华", "健康", "东风", "胜利", "太平", "崇义", "古塔", "公园", "书院", "文化", "友谊", "光明", "幸福", "富强", "民生", "银河", "明德", "长青", "凤凰", "通达", "祥云", "昌平", "顺河", "迎宾", "科技", "创业", "康复", "育才", "体育", "电力", "振华", "重庆", "五一", "八一"}
	streetKinds  = []string{"路", "街", "大街", "大道", "东路", "西路", "巷", "胡同"}
	surnames     = []string{"李", "王", "张", "刘", "孔", "孟", "颜", "郭", "邵", "孙", "韩", "高", "仇", "谢", "马", "石", "宋", "田", "吕", "程", "朱", "徐", "杜", "魏", "曹"}
	villageEnd   = []string{"庄村", "楼村", "家庄村", "家沟村", "官庄村", "河村", "家岭村", "屯村", "村", "家洼村"}
	villageHead  = []string{"大", "小", "前", "后", "东", "西", "", "", "上", "下"}
	sectionWords = []string{"二期", "东区", "南区", "三期"}
)

// invent makes a county with about so many houses.
//
// compounds is about how many compounds they are in; the smaller, the bigger each.
func invent(seed uint64, houses, compounds int) *world {
	return inventNames(seed, houses, compounds, true)
}

// inventNames lets compounds of different communities have the same name when names aren't unique.
func inventNames(seed uint64, houses, compounds int, unique bool) *world {
	r := rand.New(rand.NewPCG(seed, 6))
	w := &world{county: "泗滨市"}
	w.in.Divisions = append(w.in.Divisions, DivisionEntry{Code: "379983", Name: w.county})
	used := map[string]bool{}
	once := func(make func() string) string {
		for {
			if s := make(); !used[s] || !unique {
				used[s] = true
				return s
			}
		}
	}
	any := func(list []string) string { return list[r.IntN(len(list))] }
	towns := []string{"钟山街道", "云泗街道", "文沂街道", "清泗镇", "仁和镇", "永泗镇", "宁沂镇", "泗泉镇", "望云镇", "柳泉镇", "青石镇", "白水镇", "石墙镇", "太平镇", "香山镇", "田黄镇"}
	communities, perCommunity := 12, max(houses/(16*12), 20)
	perCompound := max(houses*71/192/compounds, 1) // 71 of the 192 communities are built up
	var id int64
	next := func() int64 { id++; return id }
	for t, town := range towns {
		code := fmt.Sprintf("379983%03d", t+1)
		w.in.Divisions = append(w.in.Divisions, DivisionEntry{Code: code, Name: town})
		var streets []StreetEntry
		for range 14 {
			s := StreetEntry{ID: next(), Division: code, Name: once(func() string {
				return any(streetWords) + any(append([]string{""}, "兴", "安", "中")) + any(streetKinds)
			})}
			streets = append(streets, s)
			w.in.Streets = append(w.in.Streets, s)
		}
		for c := range communities {
			cc := fmt.Sprintf("%s%03d", code, c+1)
			if t < 5 || c == 0 {
				name := once(func() string { return any(firstWords) + any([]string{"", "里", "门", "苑"}) + "社区" })
				w.in.Divisions = append(w.in.Divisions, DivisionEntry{Code: cc, Name: name + any([]string{"", "居委会"})})
				for left := perCommunity; left > 0; {
					left -= w.compound(r, min(perCompound, left), town, name, cc, once(func() string { return any(firstWords) + any(secondWords) + any(kinds) }), streets, next)
				}
				continue
			}
			villages := map[bool]func(func() string) string{true: once, false: onceInTown(town, used)}
			name := villages[unique](func() string { return any(villageHead) + any(surnames) + any(villageEnd) })
			full := name
			if r.IntN(2) == 0 {
				full = name + "民委员会"
			}
			w.in.Divisions = append(w.in.Divisions, DivisionEntry{Code: cc, Name: full})
			for n := range perCommunity {
				b := BuildingEntry{ID: next(), Community: cc, Number: fmt.Sprintf("%d号", n+1)}
				h := HouseEntry{ID: next(), Building: b.ID}
				w.in.Buildings, w.in.Houses = append(w.in.Buildings, b), append(w.in.Houses, h)
				w.homes = append(w.homes, home{id: h.ID, town: town, community: name, number: fmt.Sprint(n + 1), village: true})
			}
		}
	}
	return w
}

// onceInTown keeps names apart within a town.
func onceInTown(town string, used map[string]bool) func(func() string) string {
	return func(make func() string) string {
		for {
			if s := make(); !used[town+s] {
				used[town+s] = true
				return s
			}
		}
	}
}

func (w *world) compound(r *rand.Rand, about int, town, community, code, name string, streets []StreetEntry, next func() int64) (made int) {
	s := streets[r.IntN(len(streets))]
	c := CompoundEntry{ID: next(), Name: name, Community: code, Street: s.ID, Number: fmt.Sprintf("%d号", 1+r.IntN(200))}
	w.in.Compounds = append(w.in.Compounds, c)
	sections := []string{""}
	if r.IntN(6) == 0 {
		sections = []string{"一期", sectionWords[r.IntN(len(sectionWords))]}
		if slices.Contains([]string{"东区", "南区"}, sections[1]) {
			sections[0] = "北区"
		}
	}
	for k, section := range sections {
		for b := 0; made < about*(k+1)/len(sections) || b < 1; b++ {
			bld := BuildingEntry{ID: next(), Compound: c.ID, Section: section, Name: fmt.Sprintf("%d号楼", b+1)}
			w.in.Buildings = append(w.in.Buildings, bld)
			floors := []int{5, 6, 11, 18}[r.IntN(4)]
			if about < 60 {
				floors = 2
			}
			for e := range 1 + r.IntN(4) {
				en := EntranceEntry{ID: next(), Building: bld.ID, Name: fmt.Sprintf("%d单元", e+1)}
				w.in.Entrances = append(w.in.Entrances, en)
				for f := range floors {
					for d := range 2 {
						h := HouseEntry{ID: next(), Building: bld.ID, Entrance: en.ID, Room: fmt.Sprintf("%d%02d", f+1, d+1)}
						w.in.Houses = append(w.in.Houses, h)
						w.homes = append(w.homes, home{h.ID, town, community, s.Name, c.Number[:len(c.Number)-3], name, section, fmt.Sprint(b + 1), fmt.Sprint(e + 1), h.Room, f + 1, false})
						made++
					}
				}
			}
		}
	}
	return made
}

// written are the forms in which a house's address is written here. Other authors add theirs to writers.
func (w *world) written(h home, form int) string {
	if h.village {
		zh := hanNumber(atoi(h.number))
		switch form % 12 {
		case 0:
			return "山东省济宁市" + w.county + h.town + h.community + h.number + "号"
		case 1:
			return h.town + h.community + h.number + "号"
		case 2:
			return h.community + h.number + "号"
		case 3:
			return w.county + h.town + h.community + zh + "号"
		case 4:
			return h.town + " " + h.community + " " + wide(h.number) + "号"
		case 5:
			return h.community + "村委会" + h.number + "号"
		case 6:
			return h.town + h.community + "第" + h.number + "号"
		case 7:
			return h.community + h.number
		case 8:
			return "地址：" + h.town + "，" + h.community + h.number + "号，电话13900000000"
		case 9:
			return h.town + h.community + h.number + "#"
		case 10:
			return w.county + h.community + "三组" + h.number + "号"
		}
		return "家住" + h.community + h.number + "号 张三"
	}
	place := h.compound + h.section
	full := h.building + "号楼" + h.entrance + "单元" + h.room + "室"
	hyphen := h.building + "-" + h.entrance + "-" + h.room
	switch form % 16 {
	case 0:
		return "山东省济宁市" + w.county + h.town + h.community + h.street + h.number + "号" + place + full
	case 1:
		return place + hyphen
	case 2:
		return place + wide(hyphen)
	case 3:
		return h.town + place + hanNumber(atoi(h.building)) + "号楼" + hanNumber(atoi(h.entrance)) + "单元" + hanDigits(h.room) + "室"
	case 4:
		return place + h.building + "#" + h.entrance + "-" + h.room
	case 5:
		return w.county + h.street + h.number + "号" + place + h.building + "栋" + h.entrance + "单元" + h.room
	case 6:
		return place + h.building + "幢" + h.entrance + "门" + h.room + "号"
	case 7:
		return h.community + " " + place + " " + h.building + " " + h.entrance + " " + h.room
	case 8:
		return "地址：" + h.town + "，" + h.compound + "（" + h.section + "）" + full + "，电话13900000000"
	case 9:
		return place + h.building + "号楼" + h.entrance + "单元" + fmt.Sprint(h.floor) + "楼" + h.room
	case 10:
		return place + h.building + "号楼" + h.entrance + "-" + h.room
	case 11:
		return h.town + h.community + place + h.building + "座" + h.entrance + "单元" + h.room + "户"
	case 12:
		return place + h.building + "#楼" + h.entrance + "单元" + h.room + "室"
	case 13:
		return place + h.building + "号楼" + h.entrance + "单元" + fmt.Sprint(h.floor) + "层" + h.room[len(h.room)-1:] + "号"
	case 14:
		return h.street + h.number + "号" + "(" + place + ")" + full
	}
	return place + h.building + "号" + h.entrance + "单元" + h.room
}

func atoi(s string) (n int) {
	for _, r := range s {
		n = n*10 + int(r-'0')
	}
	return n
}

func wide(s string) string {
	out := []rune(s)
	for i, r := range out {
		out[i] = r + 0xFEE0
	}
	return string(out)
}

func hanDigits(s string) string {
	out := []rune(s)
	for i, r := range out {
		out[i] = []rune("〇一二三四五六七八九")[r-'0']
	}
	return string(out)
}

// hanNumber writes 1 … 999 with tens and hundreds.
func hanNumber(n int) string {
	d := []rune("零一二三四五六七八九")
	switch {
	case n >= 1000:
		return string(d[n/1000]) + "千" + map[bool]string{true: "零"}[n%1000 < 100] + map[bool]string{true: "一"}[n%1000 >= 10 && n%1000 < 20] + trimZero(hanNumber(n%1000))
	case n < 10:
		return string(d[n])
	case n < 20:
		return "十" + trimZero(string(d[n%10]))
	case n < 100:
		return string(d[n/10]) + "十" + trimZero(string(d[n%10]))
	case n%100 == 0:
		return string(d[n/100]) + "百"
	case n%100 < 10:
		return string(d[n/100]) + "百零" + string(d[n%10])
	case n%100 < 20:
		return string(d[n/100]) + "百一" + hanNumber(n%100)
	}
	return string(d[n/100]) + "百" + hanNumber(n%100)
}

func trimZero(s string) string {
	if s == "零" {
		return ""
	}
	return s
}
