package bench

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// fifthHomes are invented dwellings of every kind. One town is called as one of its communities is, so that neither goes without its kind.
var fifthHomes = map[string]dwelling{
	"flat":                  fifthAt("望河街道", "柳泉社区", dwelling{kind: flat, street: "白杨路", gate: "88", place: "青石花园", building: "12", unit: "2", room: "1503", floor: 15}),
	"flat without a gate":   fifthAt("柳泉镇", "前杨村", dwelling{kind: flat, place: "酒厂宿舍", building: "3", unit: "1", room: "201", floor: 2}),
	"homestead":             fifthAt("望岱镇", "前杨村", dwelling{kind: homestead, gate: "29", floor: 1}),
	"homestead inside":      fifthAt("望岱镇", "大程社区", dwelling{kind: homestead, place: "小程村", gate: "110-2", room: "102", floor: 1}),
	"on a street":           fifthAt("柳泉镇", "柳泉社区", dwelling{kind: onStreet, street: "铁匠巷", gate: "4-2", room: "201", floor: 2}),
	"shop without a street": fifthAt("望岱镇", "前杨村", dwelling{kind: onStreet, street: shopfronts, gate: "3", floor: 1}),
	"hall":                  fifthAt("望河街道", "前杨村", dwelling{kind: inHall, street: "白杨路", gate: "215", place: "振华商城", room: "106", floor: 1}),
}

func fifthAt(town, community string, d dwelling) dwelling {
	d.province, d.prefecture, d.county, d.town, d.community = "山东省", "济宁市", "邹城市", town, community
	return d
}

// fifthTexts is all that each hand writes of each dwelling: {a|b} is one or the other, {#} a number from 1 to 40, and nothing stands for what the hand doesn't
// write.
var fifthTexts = []struct {
	hand, home string
	texts      []string
}{
	{"燃气户址", "flat", []string{"望河街道青石花园12幢02单元1503户"}},
	{"燃气户址", "flat without a gate", []string{"柳泉镇酒厂宿舍03幢01单元0201户"}},
	{"燃气户址", "homestead", []string{"望岱镇前杨村029号"}},
	{"燃气户址", "homestead inside", []string{"望岱镇小程村110-2号0102户"}},
	{"燃气户址", "on a street", []string{"柳泉镇铁匠巷004-2号0201户"}},
	{"燃气户址", "shop without a street", []string{"望岱镇前杨村沿街商铺003号"}},
	{"燃气户址", "hall", []string{"望河街道振华商城0106户"}},

	{"警情地址", "flat", []string{"邹城市望河街道{白杨路88号青石花园|青石花园（白杨路88号）}12号楼2单元15楼1503室{家中|门口|}"}},
	{"警情地址", "flat without a gate", []string{"邹城市柳泉镇酒厂宿舍3号楼1单元2楼201室{家中|门口|}"}},
	{"警情地址", "homestead", []string{"邹城市望岱镇前杨村29号{家中|院内|}"}},
	{"警情地址", "homestead inside", []string{"邹城市望岱镇小程村110-2号102室{家中|院内|}"}},
	{"警情地址", "on a street", []string{"邹城市柳泉镇铁匠巷4-2号201室{店内|门前|}"}},
	{"警情地址", "shop without a street", []string{"邹城市望岱镇前杨村沿街商铺3号{店内|门前|}"}},
	{"警情地址", "hall", []string{"邹城市望河街道白杨路215号振华商城106室{店内|门前|}"}},

	{"银行客户资料", "flat", []string{"山东省济宁市邹城市望河街道　白杨路８８号青石花园　{１２号楼２单元１５０３室|１２－２－１５０３}"}},
	{"银行客户资料", "flat without a gate", []string{"山东省济宁市邹城市柳泉镇　酒厂宿舍　{３号楼１单元２０１室|３－１－２０１}"}},
	{"银行客户资料", "homestead", []string{"山东省济宁市邹城市望岱镇　前杨村２９号"}},
	{"银行客户资料", "homestead inside", []string{"山东省济宁市邹城市望岱镇　小程村１１０－２号１０２室"}},
	{"银行客户资料", "on a street", []string{"山东省济宁市邹城市柳泉镇　铁匠巷４－２号２０１室"}},
	{"银行客户资料", "shop without a street", []string{"山东省济宁市邹城市望岱镇　前杨村沿街商铺３号"}},
	{"银行客户资料", "hall", []string{"山东省济宁市邹城市望河街道　白杨路２１５号振华商城　１０６室"}},

	{"群接龙", "flat", []string{"{#}{. |、}青石花园12{-2-|号楼2单元|#2单元}1503"}},
	{"群接龙", "flat without a gate", []string{"{#}{. |、}酒厂宿舍3{-1-|号楼1单元|#1单元}201"}},
	{"群接龙", "homestead", []string{"{#}{. |、}前杨29号"}},
	{"群接龙", "homestead inside", []string{"{#}{. |、}小程110-2号102室"}},
	{"群接龙", "on a street", []string{"{#}{. |、}铁匠巷4-2号201"}},
	{"群接龙", "shop without a street", nil},
	{"群接龙", "hall", nil},

	{"地图选点", "flat", []string{"青石花园12号楼{(山东省济宁市邹城市望河街道白杨路88号)|（山东省济宁市邹城市望河街道白杨路88号）}{2单元1503|2单元1503室|2-1503}"}},
	{"地图选点", "flat without a gate", []string{"酒厂宿舍3号楼{(山东省济宁市邹城市柳泉镇)|（山东省济宁市邹城市柳泉镇）}{1单元201|1单元201室|1-201}"}},
	{"地图选点", "homestead", []string{"前杨村{(山东省济宁市邹城市望岱镇)|（山东省济宁市邹城市望岱镇）}29号"}},
	{"地图选点", "homestead inside", []string{"小程村{(山东省济宁市邹城市望岱镇)|（山东省济宁市邹城市望岱镇）}110-2号102室"}},
	{"地图选点", "on a street", []string{"铁匠巷4-2号{(山东省济宁市邹城市柳泉镇)|（山东省济宁市邹城市柳泉镇）}201"}},
	{"地图选点", "shop without a street", []string{"前杨村沿街商铺3号{(山东省济宁市邹城市望岱镇)|（山东省济宁市邹城市望岱镇）}"}},
	{"地图选点", "hall", []string{"振华商城{(山东省济宁市邹城市望河街道白杨路215号)|（山东省济宁市邹城市望河街道白杨路215号）}106"}},

	{"用电地址", "flat", []string{"山东省济宁市邹城市望河街道办事处柳泉社区居委会青石花园12栋2单元1503室"}},
	{"用电地址", "flat without a gate", []string{"山东省济宁市邹城市柳泉镇前杨村委会酒厂宿舍3栋1单元201室"}},
	{"用电地址", "homestead", []string{"山东省济宁市邹城市望岱镇前杨村委会29号"}},
	{"用电地址", "homestead inside", []string{"山东省济宁市邹城市望岱镇大程社区居委会小程村110-2号102室"}},
	{"用电地址", "on a street", []string{"山东省济宁市邹城市柳泉镇柳泉社区居委会铁匠巷4-2号201室"}},
	{"用电地址", "shop without a street", []string{"山东省济宁市邹城市望岱镇前杨村委会沿街商铺3号"}},
	{"用电地址", "hall", []string{"山东省济宁市邹城市望河街道办事处前杨村委会振华商城106室"}},

	{"裁判文书", "flat", []string{"住山东省邹城市望河街道白杨路88号青石花园12号楼2单元1503室{|。}"}},
	{"裁判文书", "flat without a gate", []string{"住山东省邹城市柳泉镇酒厂宿舍3号楼1单元201室{|。}"}},
	{"裁判文书", "homestead", []string{"住山东省邹城市望岱镇前杨村29号{|。}"}},
	{"裁判文书", "homestead inside", []string{"住山东省邹城市望岱镇小程村110-2号102室{|。}"}},
	{"裁判文书", "on a street", []string{"住所地山东省邹城市柳泉镇铁匠巷4-2号201室{|。}"}},
	{"裁判文书", "shop without a street", []string{"住所地山东省邹城市望岱镇前杨村沿街商铺3号{|。}"}},
	{"裁判文书", "hall", []string{"住所地山东省邹城市望河街道白杨路215号振华商城106室{|。}"}},

	{"老人手写", "flat", []string{"望河青石花园十二号楼二单元{十五楼|}一五{〇|零}三"}},
	{"老人手写", "flat without a gate", []string{"柳泉镇酒厂宿舍三号楼一单元{二楼|}二{〇|零}一"}},
	{"老人手写", "homestead", []string{"望岱镇前杨{村|大队}二十九号"}},
	{"老人手写", "homestead inside", []string{"望岱镇小程{村|大队}一百一十-二号一{〇|零}二室"}},
	{"老人手写", "on a street", []string{"柳泉镇铁匠巷四-二号二{〇|零}一"}},
	{"老人手写", "shop without a street", nil},
	{"老人手写", "hall", nil},

	{"外籍登记", "flat", []string{"{Room|Apt} 1503, Unit 2, {Building|Bldg} 12, 青石花园, No. 88 白杨路, 望河街道, {邹城市|Zoucheng, Shandong|Zoucheng, Shandong, China}"}},
	{"外籍登记", "flat without a gate", []string{"{Room|Apt} 201, Unit 1, {Building|Bldg} 3, 酒厂宿舍, 柳泉镇, {邹城市|Zoucheng, Shandong|Zoucheng, Shandong, China}"}},
	{"外籍登记", "homestead", []string{"No. 29, 前杨村, 望岱镇, {邹城市|Zoucheng, Shandong|Zoucheng, Shandong, China}"}},
	{"外籍登记", "homestead inside", []string{"Room 102, No. 110-2, 小程村, 望岱镇, {邹城市|Zoucheng, Shandong|Zoucheng, Shandong, China}"}},
	{"外籍登记", "on a street", []string{"Room 201, No. 4-2 铁匠巷, 柳泉镇, {邹城市|Zoucheng, Shandong|Zoucheng, Shandong, China}"}},
	{"外籍登记", "shop without a street", nil},
	{"外籍登记", "hall", []string{"Shop 106, 振华商城, No. 215 白杨路, 望河街道, {邹城市|Zoucheng, Shandong|Zoucheng, Shandong, China}"}},

	{"网店导出", "flat", []string{"山东省 济宁市 邹城市 望河街道 {|望河街道|邹城市望河街道|山东省济宁市邹城市望河街道}青石花园{12号楼2单元1503|12-2-1503}{|(000000)| (273500)}"}},
	{"网店导出", "flat without a gate", []string{"山东省 济宁市 邹城市 柳泉镇 {|柳泉镇|邹城市柳泉镇|山东省济宁市邹城市柳泉镇}酒厂宿舍{3号楼1单元201|3-1-201}{|(000000)| (273500)}"}},
	{"网店导出", "homestead", []string{"山东省 济宁市 邹城市 望岱镇 {|望岱镇|邹城市望岱镇|山东省济宁市邹城市望岱镇}前杨村29号{|(000000)| (273500)}"}},
	{"网店导出", "homestead inside", []string{"山东省 济宁市 邹城市 望岱镇 {|望岱镇|邹城市望岱镇|山东省济宁市邹城市望岱镇}小程村110-2号102室{|(000000)| (273500)}"}},
	{"网店导出", "on a street", []string{"山东省 济宁市 邹城市 柳泉镇 {|柳泉镇|邹城市柳泉镇|山东省济宁市邹城市柳泉镇}铁匠巷4-2号201室{|(000000)| (273500)}"}},
	{"网店导出", "shop without a street", []string{"山东省 济宁市 邹城市 望岱镇 {|望岱镇|邹城市望岱镇|山东省济宁市邹城市望岱镇}前杨村沿街商铺3号{|(000000)| (273500)}"}},
	{"网店导出", "hall", []string{"山东省 济宁市 邹城市 望河街道 {|望河街道|邹城市望河街道|山东省济宁市邹城市望河街道}振华商城106室{|(000000)| (273500)}"}},

	{"排查名单", "flat", []string{"{|现住址：}望河街道柳泉社区青石花园12号楼2单元1503室（15层）"}},
	{"排查名单", "flat without a gate", []string{"{|现住址：}柳泉镇前杨村酒厂宿舍3号楼1单元201室（2层）"}},
	{"排查名单", "homestead", []string{"{|现住址：}望岱镇前杨村29号（自建房）"}},
	{"排查名单", "homestead inside", []string{"{|现住址：}望岱镇大程社区小程村110-2号102室（自建房）"}},
	{"排查名单", "on a street", []string{"{|现住址：}柳泉镇柳泉社区铁匠巷4-2号201室（门面房）"}},
	{"排查名单", "shop without a street", []string{"{|现住址：}望岱镇前杨村沿街商铺3号（门面房）"}},
	{"排查名单", "hall", []string{"{|现住址：}望河街道前杨村振华商城106室（商铺）"}},

	{"身份证扫描", "flat", []string{"山东省邹城市白杨路88号{\n| }12号楼2单元1503{号|室}"}},
	{"身份证扫描", "flat without a gate", nil},
	{"身份证扫描", "homestead", []string{"山东省邹城市望岱镇前杨{\n| }村29号"}},
	{"身份证扫描", "homestead inside", []string{"山东省邹城市望岱镇小程{\n| }村110-2号102室"}},
	{"身份证扫描", "on a street", []string{"山东省邹城市柳泉镇铁匠{\n| }巷4-2号201室"}},
	{"身份证扫描", "shop without a street", nil},
	{"身份证扫描", "hall", nil},

	{"问卷导出", "flat", []string{"镇街：望河街道；村居：柳泉社区；小区：青石花园；楼号：12；单元：2；房号：1503", "镇街：望河街道；村居：柳泉社区；小区：青石花园；楼号：12号楼；单元：2单元；房号：1503室"}},
	{"问卷导出", "flat without a gate", []string{"镇街：柳泉镇；村居：前杨村；小区：酒厂宿舍；楼号：3；单元：1；房号：201", "镇街：柳泉镇；村居：前杨村；小区：酒厂宿舍；楼号：3号楼；单元：1单元；房号：201室"}},
	{"问卷导出", "homestead", []string{"镇街：望岱镇；村居：前杨村；门牌：29{|号}"}},
	{"问卷导出", "homestead inside", []string{"镇街：望岱镇；村居：大程社区；自然村：小程村；门牌：110-2；房号：102", "镇街：望岱镇；村居：大程社区；自然村：小程村；门牌：110-2号；房号：102室"}},
	{"问卷导出", "on a street", []string{"镇街：柳泉镇；村居：柳泉社区；道路：铁匠巷；门牌：4-2；房号：201", "镇街：柳泉镇；村居：柳泉社区；道路：铁匠巷；门牌：4-2号；房号：201室"}},
	{"问卷导出", "shop without a street", []string{"镇街：望岱镇；村居：前杨村；门牌：沿街商铺3号"}},
	{"问卷导出", "hall", []string{"镇街：望河街道；村居：前杨村；楼宇：振华商城；房号：106{|室}"}},

	{"装机工单", "flat", []string{"邹城市/望河街道/青石花园/12号楼/2单元/15{F|层}/1503", "邹城市|望河街道|青石花园|12号楼|2单元|15{F|层}|1503"}},
	{"装机工单", "flat without a gate", []string{"邹城市/柳泉镇/酒厂宿舍/3号楼/1单元/2{F|层}/201", "邹城市|柳泉镇|酒厂宿舍|3号楼|1单元|2{F|层}|201"}},
	{"装机工单", "homestead", []string{"邹城市/望岱镇/前杨村/29号", "邹城市|望岱镇|前杨村|29号"}},
	{"装机工单", "homestead inside", []string{"邹城市/望岱镇/小程村/110-2号/102", "邹城市|望岱镇|小程村|110-2号|102"}},
	{"装机工单", "on a street", []string{"邹城市/柳泉镇/铁匠巷/4-2号/2{F|层}/201", "邹城市|柳泉镇|铁匠巷|4-2号|2{F|层}|201"}},
	{"装机工单", "shop without a street", []string{"邹城市/望岱镇/前杨村/沿街商铺/3号", "邹城市|望岱镇|前杨村|沿街商铺|3号"}},
	{"装机工单", "hall", []string{"邹城市/望河街道/振华商城/1{F|层}/106", "邹城市|望河街道|振华商城|1{F|层}|106"}},
}

func TestFifthHandWritesWhatItShould(t *testing.T) {
	h := &housing{named: map[string]map[string]bool{}}
	for _, d := range fifthHomes {
		for _, name := range []string{d.town, d.community, d.place} {
			h.note(name)
		}
	}
	looked := map[string]bool{}
	for _, c := range fifthTexts {
		w := fifthNamed(t, c.hand)
		d := fifthHomes[c.home]
		looked[w.name+c.home] = true
		want := map[string]bool{}
		for _, text := range c.texts {
			fifthEach(text, func(s string) { want[s] = true })
		}
		got := map[string]bool{}
		r := rand.New(rand.NewPCG(5, 5))
		for range 200 + 40*len(want) { // none of what a hand may write has a chance that it would miss in so many
			if text := w.write(h, &d, r); text != "" {
				got[text] = true
			}
		}
		for text := range got {
			if !want[text] {
				t.Errorf("%s, %s: it writes %q", c.hand, c.home, text)
			}
		}
		for text := range want {
			if !got[text] {
				t.Errorf("%s, %s: it never writes %q", c.hand, c.home, text)
			}
		}
	}
	for _, w := range fifthHand {
		for home := range fifthHomes {
			if !looked[w.name+home] {
				t.Errorf("%s: nobody has looked at what it writes of %s", w.name, home)
			}
		}
	}
}

func TestFifthHandCounts(t *testing.T) {
	for number, want := range map[string]string{"1": "一", "10": "十", "19": "十九", "20": "二十", "47": "四十七", "100": "一百", "105": "一百零五", "110": "一百一十", "215": "二百一十五",
		"999": "九百九十九", "1020": "一零二零", "6-3": "六-三"} {
		if got := fifthCount(number); got != want {
			t.Errorf("%s is written %s, not %s", number, got, want)
		}
	}
}

func TestFifthHandBreaksLinesAsACardDoes(t *testing.T) {
	for text, want := range map[string]string{
		"山东省邹城市望岱镇前1029号":               "山东省邹城市望岱镇前/1029号",
		"山东省邹城市望岱镇前29号":                 "山东省邹城市望岱镇前29/号",
		"山东省邹城市护城河路406号12号楼2单元1503室白杨路": "山东省邹城市护城河路/406号12号楼2单元1503室/白杨路",
		"前杨村": "前杨村",
	} {
		if got := fifthWrapped(text, "/"); got != want {
			t.Errorf("%s is broken as %s, not %s", text, got, want)
		}
	}
}

func fifthNamed(t *testing.T, chinese string) otherWay {
	t.Helper()
	at := slices.IndexFunc(fifthHand, func(w otherWay) bool { return strings.HasPrefix(w.name, chinese+" ") })
	if at < 0 {
		t.Fatalf("no hand is called %s", chinese)
	}
	return fifthHand[at]
}

// fifthEach gives each text that a template stands for.
func fifthEach(template string, f func(string)) {
	before, rest, found := strings.Cut(template, "{")
	if !found {
		f(template)
		return
	}
	of, behind, _ := strings.Cut(rest, "}")
	choices := strings.Split(of, "|")
	if of == "#" {
		choices = nil
		for n := range 40 {
			choices = append(choices, fmt.Sprint(n+1))
		}
	}
	for _, one := range choices {
		fifthEach(before+one+behind, f)
	}
}
