package address

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// plainly writes a house as it is usually written, or as who learnt English does.
func plainly(h home, form int) string {
	switch {
	case h.village && form%2 == 0:
		return h.town + h.community + h.number + "号"
	case h.village:
		return "No." + h.number + " " + h.community + ", " + h.town
	case form%4 == 0:
		return "Rm " + h.room + ", Unit " + h.entrance + ", Bldg " + h.building + ", " + h.compound + h.section + ", No." + h.number + " " + h.street + ", " + h.town
	case form%4 == 1:
		return h.town + "，" + h.compound + h.section + "，" + hanNumber(atoi(h.building)) + "号楼" + hanNumber(atoi(h.entrance)) + "单元，上" + hanNumber(h.floor) + "楼，" + hanDigits(h.room)
	case form%4 == 2:
		return h.town + h.compound + h.section + h.building + "-" + h.entrance + "-" + h.room
	}
	return h.community + h.compound + h.section + h.building + "号楼" + h.entrance + "单元" + h.room + "室"
}

// besides are what people write in front of an address and behind it that says nothing of which house it is; %d is a number, %s another place.
var (
	inFront = []string{"", "%d. ", "%d、", "%d．", "%d)", "（%d）", "[%d] ", "第%d户：", "第%d家 ", "No.%d: ", "序号%d：", "• ", "①", "⑦ "}
	behind  = []string{"", "，从%s8号门进", "，走南门", "，由%s进", " 从北门进", "（从%s进）", "，%s对面", "，靠近%s", "，在%s旁边", "，离%s不远", "，路口有人接", "，到了打电话", "，下午3点来，带上工具", "，1楼有人等", "，超市对面"}
)

// besides writes an address with something in front and behind.
func besides(text, other string, front, back, number int) string {
	if f := inFront[front]; strings.Contains(f, "%d") {
		text = fmt.Sprintf(f, number) + text
	} else {
		text = f + text
	}
	if b := behind[back]; strings.Contains(b, "%s") {
		return text + fmt.Sprintf(b, other)
	}
	return text + behind[back]
}

// Whatever is said besides an address that is whole without it: it is the same house.
func TestWhatIsSaidBesidesAnAddressSaysNothingElse(t *testing.T) {
	w := invent(25, 20000, 150)
	g, err := New(w.in)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		h := w.homes[rapid.IntRange(0, len(w.homes)-1).Draw(t, "house")]
		other := w.homes[rapid.IntRange(0, len(w.homes)-1).Draw(t, "another")]
		street := other.street
		if other.village {
			street = "文化大街"
		}
		text := besides(plainly(h, rapid.IntRange(0, 3).Draw(t, "form")), street, rapid.IntRange(0, len(inFront)-1).Draw(t, "front"), rapid.IntRange(0, len(behind)-1).Draw(t, "behind"), rapid.IntRange(1, 60).Draw(t, "number"))
		a := g.Match(text, Options{})
		if strings.Contains(text, "：No.") || strings.Contains(text, " No.") && strings.Contains(text, ": No.") { // a number and another
			return
		}
		if a.Best.House != h.id || !certain(a) {
			t.Fatalf("%s: %s sure %.2f whole %v near %v, want %+v", text, a.Best.Label, a.Best.Sure, a.Whole, a.Near, h)
		}
		covered(t, text, a.Read)
	})
}

// What is left out never makes another house a sure answer: not where many places have one name, nor where a number is another, is missing, or stands in front alone.
func TestWhatIsLeftOutIsNeverAnothers(t *testing.T) {
	w := inventNames(26, 60000, 900, false)
	g, err := New(w.in)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(27, 6))
	careful(t, g, certain, func() (string, int64, any) {
		h, o := w.homes[r.IntN(len(w.homes))], w.homes[r.IntN(len(w.homes))]
		said, none := h, r.IntN(3) == 0
		text := ""
		switch {
		case none && h.village && r.IntN(2) == 0: // the number is the gate's
			text = h.number + []string{"、", ". ", "）", " "}[r.IntN(4)] + h.town + h.community
		case none && h.village:
			said.number = "998"
		case none && r.IntN(2) == 0: // the number is the building's
			text = h.building + []string{"、", ". ", "）", " "}[r.IntN(4)] + h.town + h.compound + h.section + h.entrance + "单元" + h.room
			none = false
		case none:
			said.room = []string{"9901", h.room + "1"}[r.IntN(2)]
		}
		if text == "" {
			text = plainly(said, r.IntN(4))
		}
		place := []string{o.community, o.compound, o.street, plainly(o, 3), o.number + "号"}[r.IntN(5)]
		text = besides(text, place, r.IntN(len(inFront)), r.IntN(len(behind)), 1+r.IntN(60))
		if none {
			return text, 0, said
		}
		return text, h.id, said
	})
}
