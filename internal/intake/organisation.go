package intake

import (
	"fmt"
	"strings"

	"jingwei/internal/creditcode"
	"jingwei/internal/crs"
	"jingwei/internal/organisation"
	"jingwei/internal/typed"
)

// organisationRow is a row of organisations that has been read. One that names no house has a place of its own, which is found as a house's is.
type organisationRow struct {
	houseRow
	org   organisation.New
	named string // code of the house, "" for none
}

// readOrganisation reads a row of organisations.
func readOrganisation(l *columnLayout, system crs.System, row Row) *organisationRow {
	o := &organisationRow{houseRow: houseRow{reading: reading{row: row, layout: l}}}
	if !o.sound() {
		return o
	}
	n := &o.org
	n.Name, n.Staff = o.needed("name", 80), -1
	n.Address = strings.Join(strings.Fields(o.text("address", 120)), "")
	o.house.Address = n.Address
	o.readCreditCode()
	kind, known := organisation.ParseKind(o.text("kind", 20))
	if n.Kind = kind; !known {
		o.wrong("kind", UnknownKind, "不认识的类别；可填 "+organisationKinds(0)+"等", "this kind isn't known; there are "+organisationKinds(1))
	}
	n.Contact = o.text("contact", 50)
	if phone, err := typed.Phone("phone", "联系电话", o.text("phone", 40)); err != nil {
		o.said("phone", BadPhone, err)
	} else {
		n.Phone = phone
	}
	if staff, given := o.number("staff", "从业人数应为 0 至 1000000 的整数", "how many work there is a whole number from 0 to 1,000,000", 0, 1e6, "人"); given {
		n.Staff = int(staff)
	}
	if o.named = o.text("house", 60); o.named == "" {
		o.source = o.text("source", 80)
		o.readCommunity()
		o.readPosition(system)
		if !o.placed && o.source == "" && n.Address == "" && len(o.problems) == 0 {
			o.wrong("address", Missing, "没有填写：请填地址、房屋编号、楼栋标识或坐标之一", "it is empty: an organisation needs an address, the code of a house, the id of a building or a position")
		}
	}
	return o
}

// readCreditCode reads the 统一社会信用代码. Its characters aren't in the message: a row may hold somebody's ID number there.
func (o *organisationRow) readCreditCode() {
	text := o.text("code", 30)
	if text == "" || text == "无" {
		return
	}
	code, err := creditcode.Parse(text)
	switch {
	case err == nil:
		o.org.Code = string(code)
	case strings.ContainsAny(text, ".+") && strings.ContainsAny(text, "eE"):
		o.wrong("code", Mangled, "被表格软件改成了科学计数，末几位已丢失；请把该列设为文本后重填", "a spreadsheet made a number of it and lost its last digits: make the column text and enter it again")
	default:
		o.wrong("code", BadCredit, "不是统一社会信用代码：应为 18 位，末位及第 17 位是校验码；没有可不填", "it is no unified social credit code: those have 18 characters, of which the 17th and the 18th are checks; leave it empty where there is none")
	}
}

func organisationKinds(language int) string {
	var words []string
	for _, k := range organisation.Kinds {
		words = append(words, [2]string{k.ZH, k.EN}[language])
	}
	return strings.Join(words, [2]string{"、", ", "}[language])
}

// who is what a file may have twice of: the code, or name and place.
func (o *organisationRow) who() string {
	n := &o.org
	switch {
	case n.Code != "":
		return n.Code
	case o.named != "":
		return n.Name + "\x00" + o.named
	default:
		return fmt.Sprintf("%s\x00%s\x00%v\x00%s", n.Name, n.Address, o.house.At, o.source)
	}
}
