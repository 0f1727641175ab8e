package intake

import (
	"regexp"
	"slices"
	"strings"

	"jingwei/internal/access"
	"jingwei/internal/idcard"
	"jingwei/internal/register"
	"jingwei/internal/typed"
)

// residentRow is a row of people that has been read, before its house is found.
type residentRow struct {
	reading
	arrival register.Arrival
	code    string // of the house
	address string // where no code is given
}

// readResident reads a row of people.
func readResident(l *columnLayout, row Row) *residentRow {
	p := &residentRow{reading: reading{row: row, layout: l}}
	if !p.sound() {
		return p
	}
	a := &p.arrival
	a.Name = p.needed("name", 50)
	a.Nation, a.Education = p.text("nation", 20), p.text("education", 20)
	a.Household, a.Relation, a.Registered = p.text("household", 60), cut(p.text("relation", 200), 20), p.text("registered", 120)
	p.readPhone()
	p.readWho()
	p.readStay()
	p.readCare()
	p.readTimes()
	if p.code = p.text("house", 60); p.code == "" {
		before := len(p.problems)
		if p.address = p.text("address", 120); p.address == "" && len(p.problems) == before {
			field := "house"
			if _, there := l.at["house"]; !there {
				field = "address"
			}
			p.wrong(field, Missing, "既没有房屋编号，也没有居住地址", "neither the house's code nor the address is there")
		}
	}
	return p
}

func cut(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most])
	}
	return s
}

func (p *residentRow) readPhone() {
	phone, err := typed.Phone("phone", "手机号", p.text("phone", 60))
	if err != nil {
		p.said("phone", BadPhone, err)
	}
	p.arrival.Phone = phone
}

var scientific = regexp.MustCompile(`^[0-9](\.[0-9]+)?[Ee]\+?[0-9]+$`)

// readWho reads ID number, sex and date of birth, which say the same.
func (p *residentRow) readWho() {
	a := &p.arrival
	sex, known := register.ParseSex(p.text("sex", 10))
	if !known {
		p.wrong("sex", BadSex, "性别应为 男 或 女", "the sex is 男 or 女")
	}
	a.Sex, a.Born = sex, p.date("born")
	text := p.text("card", 40)
	switch {
	case text == "":
		return
	case scientific.MatchString(text):
		p.wrong("card", Mangled, "表格软件把号码变成了数字，末几位已丢失；请把这一列设为文本格式后重填", "a spreadsheet made a number of it and lost its last digits: make the column text and enter it again")
		return
	}
	card, err := idcard.Parse(text)
	if err != nil {
		p.wrongCard(text, err)
		return
	}
	a.Card = string(card)
	its := register.Female
	if card.Sex() == idcard.Male {
		its = register.Male
	}
	switch {
	case !known:
	case a.Sex == register.Unknown:
		a.Sex = its
	case a.Sex != its:
		p.wrong("sex", SexDiffers, "性别与身份证号不一致", "the sex isn't the one that the ID number says")
	}
	switch born := card.Born(); {
	case born.After(p.layout.today):
		p.wrong("card", FutureDate, "身份证号中的出生日期还没有到", "the date of birth in the ID number hasn't come yet")
	case a.Born.IsZero():
		a.Born = born
	case !a.Born.Equal(born):
		p.wrong("born", BornDiffers, "出生日期与身份证号不一致", "the date of birth isn't the one that the ID number says")
	}
}

// wrongCard says what is wrong with an ID number, without any of its digits: what idcard says of the last one and of the first six repeats them.
func (p *residentRow) wrongCard(text string, err error) {
	text = strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(halfWidth(text)))
	if len(text) != 18 || strings.Trim(text[:17], "0123456789") != "" {
		p.said("card", BadCard, err)
		return
	}
	if _, ok := parseDate(text[6:14]); !ok {
		p.wrong("card", BadCard, "身份证号第 7 至 14 位不是出生日期", "characters 7 to 14 of the ID number are no date of birth")
	} else if idcard.Check(text[:17]) != text[17] {
		p.wrong("card", BadCard, "身份证号校验码不符，有一位写错了", "the ID number's check character doesn't fit: one of the 18 is wrong")
	} else {
		p.wrong("card", BadCard, "身份证号开头 6 位不是行政区划代码", "the ID number doesn't begin with the code of a division")
	}
}

func (p *residentRow) readStay() {
	stay, known := register.ParseStay(p.text("stay", 20))
	if !known {
		p.wrong("stay", UnknownStay, "不认识的居住类型；可填 户籍在册、人户分离、流动人口", "this kind of residence isn't known; it can be 户籍在册, 人户分离 or 流动人口")
	}
	p.arrival.Stay = stay
	if stay == register.Registered {
		p.arrival.Registered = "" // this house
	}
}

// awayWords are labels of the files that say why somebody lives elsewhere, which the dates say already.
var awayWords = map[string]bool{"在外就学": true, "在外务工": true, "无": true}

func (p *residentRow) readCare() {
	text := p.text("care", 200)
	if text == "" {
		return
	}
	unknown, special := false, false
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("；;、,，/| ", r) }) {
		kind, known := p.layout.careNamed(word)
		switch {
		case known && kind.Special != "", !known && specialGroup(word):
			special = true
		case known && kind.Used:
			p.arrival.Care = append(p.arrival.Care, kind.Kind)
		case awayWords[word]:
		default:
			unknown = true
		}
	}
	if special {
		p.wrong("care", SpecialCare, "特殊人群标签不随居民文件导入", "labels of special groups aren't imported with residents")
	}
	if unknown {
		p.wrong("care", UnknownCare, "有不认识的标签；可填 "+p.layout.careWords()+"，多个以“；”分隔", "a label isn't known; there are "+p.layout.careWords()+", several separated by ；")
	}
}

func specialGroup(word string) bool {
	for _, l := range access.Labels {
		if zh, _ := l.Names(); zh == word {
			return true
		}
	}
	return false
}

// careNamed is a kind of care by its Chinese name.
func (l *columnLayout) careNamed(word string) (register.CareKind, bool) {
	if l.care == nil {
		kind, known := register.ParseCare(word)
		return register.CareKind{Kind: kind, Used: true}, known
	}
	i := slices.IndexFunc(l.care, func(k register.CareKind) bool { return k.ZH == word })
	if i < 0 {
		return register.CareKind{}, false
	}
	return l.care[i], true
}

// careWords are the kinds of care that a file may name.
func (l *columnLayout) careWords() string {
	if l.care == nil {
		return strings.Join(register.CareWords(), "、")
	}
	var words []string
	for _, k := range l.care {
		if k.Used && k.Special == "" {
			words = append(words, k.ZH)
		}
	}
	return strings.Join(words, "、")
}

func (p *residentRow) readTimes() {
	a := &p.arrival
	a.Since, a.Until = p.date("since"), p.date("until")
	if !a.Since.IsZero() && !a.Until.IsZero() && a.Until.Before(a.Since) {
		p.wrong("until", BadOrder, "迁出日期早于入住日期", "moved out before moved in")
	}
	if !a.Since.IsZero() && !a.Born.IsZero() && a.Since.Before(a.Born) {
		p.wrong("since", BadOrder, "入住日期早于出生日期", "moved in before birth")
	}
}
