package incident

import (
	"fmt"
	"slices"
	"strings"

	"jingwei/internal/fault"
)

// Kind is what happened, one of the closed list below, as tables, tiles and the API call it.
type Kind string

// Group is what kinds have in common: who handles them, and how a map shows them.
type Group string

// The groups.
const (
	Safety      Group = "safety"      // 安全隐患
	Facilities  Group = "facilities"  // 公用设施
	Environment Group = "environment" // 市容环境
	Street      Group = "street"      // 街面秩序
	Order       Group = "order"       // 治安纠纷
	Care        Group = "care"        // 民生关爱
)

// Severity is how grave an incident is: 1 is the gravest.
type Severity int

// The severities.
const (
	Critical Severity = 1 // 特急
	Urgent   Severity = 2 // 紧急
	Ordinary Severity = 3 // 一般
	Minor    Severity = 4 // 轻微
)

// KindDescription is what is known of a kind.
type KindDescription struct {
	Kind     Kind
	Group    Group
	ZH, EN   string
	Severity Severity // unless the report says another
	Special  bool     // it concerns a special group of people, and a report has to say which
}

// GroupDescription is what a group is called.
type GroupDescription struct {
	Group  Group
	ZH, EN string
}

// SeverityDescription is what a severity is called.
type SeverityDescription struct {
	Severity Severity
	ZH, EN   string
}

// Kinds are all of them: what grid workers of a county report, after the classes of GB/T 30428.2 (parts and events of urban management) and
// the services of GB/T 34300 (grids of communities).
var Kinds = [...]KindDescription{
	{"fire", Safety, "消防隐患", "Fire hazard", Urgent, false},
	{"gas", Safety, "燃气隐患", "Gas leak", Critical, false},
	{"road", Facilities, "道路破损", "Road damage", Ordinary, false},
	{"streetlight", Facilities, "路灯故障", "Streetlight", Minor, false},
	{"water", Facilities, "给排水故障", "Water or drains", Ordinary, false},
	{"power", Facilities, "供电故障", "Power supply", Urgent, false},
	{"garbage", Environment, "垃圾堆积", "Garbage", Minor, false},
	{"noise", Environment, "噪音扰民", "Noise", Minor, false},
	{"stray-animals", Environment, "流浪动物", "Stray animals", Ordinary, false},
	{"parking", Street, "违规停车", "Illegal parking", Minor, false},
	{"illegal-building", Street, "违法建设", "Illegal building", Ordinary, false},
	{"dispute", Order, "矛盾纠纷", "Dispute", Ordinary, false},
	{"public-order", Order, "治安隐患", "Public order", Urgent, false},
	{"elderly", Care, "老人求助", "Elderly in need", Urgent, false},
	{"medical", Care, "突发疾病", "Medical emergency", Critical, false},
	{"special-group", Care, "特殊人群", "Special group", Urgent, true},
	{"other", Care, "其他", "Other", Ordinary, false},
}

// Groups are all of them, in the order in which they are shown.
var Groups = [...]GroupDescription{
	{Safety, "安全隐患", "Safety"}, {Facilities, "公用设施", "Facilities"}, {Environment, "市容环境", "Environment"},
	{Street, "街面秩序", "Street"}, {Order, "治安纠纷", "Order and disputes"}, {Care, "民生关爱", "Care"},
}

// Severities are all of them, the gravest first.
var Severities = [...]SeverityDescription{
	{Critical, "特急", "Critical"}, {Urgent, "紧急", "Urgent"}, {Ordinary, "一般", "Ordinary"}, {Minor, "轻微", "Minor"},
}

// kindsOf are the kinds of a group, none for what isn't one.
func kindsOf(g Group) (kinds []string) {
	for _, k := range Kinds {
		if k.Group == g {
			kinds = append(kinds, string(k.Kind))
		}
	}
	return kinds
}

// kindOf finds a kind. Fault: Invalid, naming those there are.
func kindOf(code string) (KindDescription, error) {
	if i := slices.IndexFunc(Kinds[:], func(k KindDescription) bool { return string(k.Kind) == code }); i >= 0 {
		return Kinds[i], nil
	}
	names, namesZH := make([]string, len(Kinds)), make([]string, len(Kinds))
	for i, k := range Kinds {
		names[i], namesZH[i] = string(k.Kind), string(k.Kind)+" "+k.ZH
	}
	return KindDescription{}, fault.New(fault.Invalid,
		fmt.Sprintf("没有事件类型 %.40q；可用：%s", code, strings.Join(namesZH, "、")),
		fmt.Sprintf("there is no kind of incident %.40q; there are %s", code, strings.Join(names, ", ")))
}

func checkSeverity(s Severity) error {
	if s >= Critical && s <= Minor {
		return nil
	}
	return fault.New(fault.Invalid, fmt.Sprintf("紧急程度 %d 不对：1 特急、2 紧急、3 一般、4 轻微", s),
		fmt.Sprintf("severity %d is wrong: 1 critical, 2 urgent, 3 ordinary, 4 minor", s))
}
