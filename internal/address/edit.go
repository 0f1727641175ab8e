package address

// edit is the one difference between two rows of characters: the places in each, and how it is put.
type edit struct {
	kind editKind
	a, b rune // what stands in each at the place; 0 where nothing does
}

type editKind uint8

const (
	same editKind = iota
	wrong
	missing // b has one more
	extra   // a has one more
	swapped // two neighbours have changed places
	far     // more than one difference
)

// difference compares what was typed with a name.
func difference(a, b []rune) edit {
	i, j := 0, 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	for j < len(a)-i && j < len(b)-i && a[len(a)-1-j] == b[len(b)-1-j] {
		j++
	}
	restA, restB := len(a)-i-j, len(b)-i-j
	switch {
	case restA == 0 && restB == 0:
		return edit{kind: same}
	case restA == 1 && restB == 1:
		return edit{wrong, a[i], b[i]}
	case restA == 0 && restB == 1:
		return edit{missing, 0, b[i]}
	case restA == 1 && restB == 0:
		return edit{extra, a[i], 0}
	case restA == 2 && restB == 2 && a[i] == b[i+1] && a[i+1] == b[i]:
		return edit{swapped, a[i], b[i]}
	}
	return edit{kind: far}
}

// telling are characters that tell neighbours apart: 东庄 is not 西庄 misspelt.
const telling = "东西南北中前后左右上下大小新老内外甲乙丙丁戊期区第"

func (e edit) number() bool {
	return digit(e.a) || digit(e.b) || letter(e.a) || letter(e.b)
}

// forgivable says whether the difference can be a slip, and not another name.
func (e edit) forgivable() bool {
	switch {
	case e.kind == same:
		return true
	case e.kind == far || e.number():
		return false
	case e.kind == wrong:
		return !has(telling, e.a) || !has(telling, e.b)
	case e.kind == swapped:
		return true
	}
	return e.a != 0 && !has(telling, e.a) || e.b != 0 && !has(telling, e.b)
}
