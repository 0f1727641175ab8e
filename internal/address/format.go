package address

import "strings"

// Form is a way of writing an address.
type Form uint8

const (
	Standard Form = iota // 明珠小区3号楼2单元501室
	Hyphens              // 明珠小区3-2-501
	Hash                 // 明珠小区3#2-501
	Blocks               // 明珠小区3栋2单元501
	Doors                // 明珠小区3幢2门501户
	Han                  // 明珠小区三号楼二单元五〇一室
	Wide                 // 明珠小区３号楼２单元５０１室
	Spaced               // 明珠小区 3号楼 2单元 501室
	forms
)

// Format writes the parts of an address in a form, from left to right. A form that couldn't be read back (3-12 would be an entrance and
// no house) gives way to Standard. Parse reads from it the levels and normal forms that were written.
func Format(a Address, f Form) string {
	if (f == Hyphens || f == Hash) && !shortable(a) {
		f = Standard
	}
	var out strings.Builder
	before := Nothing
	for _, p := range a.Parts {
		text := p.Normal
		if p.Level == Number || p.Level == Section || p.Level >= Building {
			text = numberText(p, f, before)
		}
		if f == Spaced && before != Nothing && p.Level > Town {
			out.WriteByte(' ')
		}
		out.WriteString(text)
		before = p.Level
	}
	return out.String()
}

// shortable says whether building, entrance and room can be written as bare numbers.
func shortable(a Address) bool {
	building, room := a.Get(Building), a.Get(House)
	return a.Get(Compound) != "" && plain(building) && plain(room) && len(room) >= 3 && len(building) < 3 && a.Get(Floor) == "" && (a.Get(Entrance) == "" || plain(a.Get(Entrance)))
}

func plain(num string) bool {
	return num != "" && strings.Trim(num, "0123456789") == ""
}

// unitsOf are the words behind numbers, by form and level.
func unitOf(l Level, f Form, num string) string {
	r := []rune(num)[0]
	switch l {
	case Number:
		return "号"
	case Building:
		switch {
		case numberLen(num) == 0 && letter(r):
			return "座"
		case f == Blocks || numberLen(num) == 0:
			return "栋"
		case f == Doors:
			return "幢"
		}
		return "号楼"
	case Entrance:
		if f == Doors && plain(num) {
			return "门"
		}
		return "单元"
	case Floor:
		return "层"
	}
	switch {
	case f == Doors || numberLen(num) == 0:
		return "户"
	case f == Blocks:
		return ""
	}
	return "室"
}

func numberText(p Part, f Form, before Level) string {
	num := p.Normal
	switch {
	case p.Level == Section:
		return inDigits(num, f)
	case f == Hyphens && p.Level > Building, f == Hash && p.Level > Entrance && before == Entrance:
		return "-" + num
	case f == Hyphens && p.Level == Building, f == Hash && p.Level > Building:
		return num
	case f == Hash && p.Level == Building:
		return num + "#"
	}
	return inDigits(num, f) + unitOf(p.Level, f, num)
}

// inDigits writes the digits of a number in the digits of a form.
func inDigits(num string, f Form) string {
	return strings.Map(func(r rune) rune {
		switch {
		case !digit(r):
			return r
		case f == Wide:
			return r + 0xFEE0
		case f == Han:
			return []rune("〇一二三四五六七八九")[r-'0']
		}
		return r
	}, num)
}
