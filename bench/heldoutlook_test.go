package bench

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// lookedAt are invented dwellings of each kind, with what the county's names have in store: chineseDigits at their end, compounds without a gate, villages
// inside a community, lanes whose numbers have two parts, shops that are numbered in their village.
var lookedAt = []dwelling{
	{kind: flat, town: "钢山街道", community: "泰和社区", street: "锦江街", gate: "195", place: "西苑嘉园二", building: "8", unit: "1", room: "3003", floor: 30},
	{kind: flat, town: "凫山街道", community: "前庙户营社区", place: "龙泉小区", building: "12", unit: "3", room: "101", floor: 1},
	{kind: homestead, town: "太平镇", community: "高营村", gate: "384", floor: 1},
	{kind: homestead, town: "太平镇", community: "西纪沟三村", gate: "100", room: "101", floor: 1},
	{kind: homestead, town: "钢山街道", community: "孟庄社区", place: "后田村", gate: "6", floor: 1},
	{kind: onStreet, town: "凫山街道", community: "后庙户营社区", street: "古塔路", gate: "269", room: "103", floor: 1},
	{kind: onStreet, town: "钢山街道", community: "崇义庄村", street: "东孙家十六街", gate: "3-1", floor: 1},
	{kind: onStreet, town: "中心店镇", community: "中心三村", street: shopfronts, gate: "4", room: "101", floor: 1},
	{kind: inHall, town: "太平镇", community: "中陶城村", street: "井亭街", gate: "136", place: "城东农贸市场", room: "103", floor: 1},
}

// lookedIn is a county of these dwellings, without a database.
func lookedIn() *housing {
	h := &housing{named: map[string]map[string]bool{}, kept: map[keeps]map[string]int{}, meant: map[keeps]map[string]string{}}
	for _, d := range lookedAt {
		d.province, d.prefecture, d.county, d.code = "山东省", "济宁市", "邹城市", "370883000000"
		h.all = append(h.all, d)
		h.note(d.town)
		h.note(d.community)
		h.note(d.place)
	}
	return h
}

// TestHeldOutWays shows how each way looks, one of its moods a dwelling; "" is what nobody writes so.
func TestHeldOutWays(t *testing.T) {
	h := lookedIn()
	for i, w := range heldOut {
		looks, there := heldOutLooks[w.name]
		if !there || len(looks) != len(h.all) {
			t.Errorf("%s: %d texts to compare with, of %d", w.name, len(looks), len(h.all))
			continue
		}
		for k := range h.all {
			if text := w.write(h, &h.all[k], rand.New(rand.NewPCG(uint64(i), uint64(k)))); text != looks[k] {
				t.Errorf("%s writes\n%q, not\n%q", w.name, text, looks[k])
			}
		}
	}
	if len(heldOut) != len(heldOutLooks) {
		t.Errorf("%d ways, %d of them shown", len(heldOut), len(heldOutLooks))
	}
}

// TestHeldOutKeeps changes one part of a dwelling's address that a way is said to keep: nothing that it writes then may be what it writes without.
func TestHeldOutKeeps(t *testing.T) {
	h := lookedIn()
	for _, w := range heldOut {
		for _, d := range h.all {
			before := moods(h, &d, w)
			for what, other := range changed(d, w.keeps) {
				for _, text := range moods(h, &other, w) {
					if slices.Contains(before, text) {
						t.Errorf("%s writes %q whatever the %s is", w.name, text, what)
						break
					}
				}
			}
		}
	}
}

// moods are texts of many throws.
func moods(h *housing, d *dwelling, w otherWay) []string {
	var out []string
	for seed := range uint64(200) {
		if text := w.write(h, d, rand.New(rand.NewPCG(seed, 1))); text != "" {
			out = append(out, text)
		}
	}
	return out
}

// changed is a dwelling with something else for each part that counts in where and inside.
func changed(d dwelling, k keeps) map[string]dwelling {
	out := map[string]dwelling{}
	part := func(what string, counts bool, of func(*dwelling) *string, value string) {
		other := d
		if p := of(&other); counts && *p != "" {
			*p = value
			out[what] = other
		}
	}
	numbered := d.kind == homestead || d.kind == onStreet
	part("town", k&keepsTown != 0, func(d *dwelling) *string { return &d.town }, "石墙镇")
	part("community", k&keepsCommunity != 0 || d.kind == homestead && d.place == "", func(d *dwelling) *string { return &d.community }, "羊石山村")
	part("street", d.kind == onStreet || k&keepsGate != 0, func(d *dwelling) *string { return &d.street }, "康复路")
	part("gate", numbered || k&keepsGate != 0, func(d *dwelling) *string { return &d.gate }, "17")
	part("place", d.kind == homestead || k&keepsPlace != 0, func(d *dwelling) *string { return &d.place }, "丽景悦府")
	part("building", true, func(d *dwelling) *string { return &d.building }, "5")
	part("unit", k&keepsUnit != 0, func(d *dwelling) *string { return &d.unit }, "2")
	part("room", true, func(d *dwelling) *string { return &d.room }, "902")
	return out
}

// heldOutLooks are texts of the ways, by their names, in the order of lookedAt.
var heldOutLooks = map[string][]string{
	"快递面单 courier's label": {
		"收件地址: 山东省 济宁市 邹城市 钢山街道 西苑嘉园二8号楼1单元3003 到了先打电话",
		"收货地址：山东省 济宁市 邹城市 凫山街道 龙泉小区12号楼3单元101",
		"山东省 济宁市 邹城市 太平镇 高营村384号 到了先打电话",
		"收货地址：山东省 济宁市 邹城市 太平镇 西纪沟三村100号101室 到了先打电话",
		"山东省 济宁市 邹城市 钢山街道 后田村6号 到了先打电话",
		"山东省 济宁市 邹城市 凫山街道 古塔路269号103 到了先打电话",
		"山东省 济宁市 邹城市 钢山街道 东孙家十六街3-1号，电话请打两遍",
		"收件地址: 山东省 济宁市 邹城市 中心店镇 中心三村沿街商铺4号101室",
		"收货地址：山东省 济宁市 邹城市 太平镇 城东农贸市场103",
	},
	"外卖地址 delivery of meals": {
		"西苑嘉园二(邹城市锦江街195号)8号楼1单元3003",
		"龙泉小区(邹城市凫山街道)12栋3单元101室",
		"高营村(邹城市太平镇) 384号",
		"西纪沟三村(邹城市太平镇) 100号101室",
		"后田村(邹城市钢山街道) 6号",
		"古塔路269号103室(邹城市凫山街道)",
		"东孙家十六街3-1号(邹城市钢山街道)",
		"中心三村沿街商铺4号  101室(邹城市中心店镇)",
		"城东农贸市场(邹城市井亭街136号)  103",
	},
	"物业房号 property company's sheet": {
		"8~1~3003\t西苑嘉园二",
		"12-03-101\t龙泉小区",
		"",
		"",
		"",
		"",
		"",
		"",
		"103铺 城东农贸市场",
	},
	"户籍底册 police household list": {
		"山东省邹城市钢山街道办事处泰和社区居委会锦江街195号院8幢1单元3003室",
		"",
		"邹城市太平镇高营村村委会384号",
		"山东省邹城市太平镇西纪沟三村村民委员会100号101室",
		"邹城市钢山街道办事处孟庄社区居委会后田村6号",
		"山东省邹城市凫山街道办事处后庙户营社区居委会古塔路269号103室",
		"山东省邹城市钢山街道办事处崇义庄村委会东孙家十六街3-1号",
		"山东省邹城市中心店镇中心三村村民委员会沿街商铺4号101室",
		"山东省邹城市太平镇中陶城村民委员会井亭街136号103室",
	},
	"入院登记 hospital's form": {
		"山东邹城钢山西苑嘉园二8号楼1单元30层3003",
		"现住邹城凫山龙泉小区12号楼3单元1层101",
		"住址:济宁邹城太平高营384号",
		"现住邹城太平西纪沟三村100号1层101",
		"邹城钢山后田村6号",
		"现住山东邹城凫山古塔路269号1楼103",
		"邹城钢山东孙家十六街3-1号",
		"住址:济宁邹城中心店中心三村沿街商铺4号1层101",
		"现住邹城太平城东农贸市场1楼103",
	},
	"语音转写 dictated note": {
		"我家在邹城市钢山街道，西苑嘉园二，八号楼一单元三零零三。",
		"地址是凫山街道那个龙泉小区，十二号楼三单元幺零幺",
		"地址是太平镇那个高营村三百八十四号。",
		"我家在太平镇，西纪沟三村一百号一零一",
		"地址是钢山街道，后田村，六号",
		"就是邹城市凫山街道，古塔路，二百六十九号一零三",
		"地址是邹城市钢山街道的东孙家十六街，三杠一号",
		"就是中心店镇的中心三村沿街商铺四号幺零幺",
		"我家在邹城市太平镇那个城东农贸市场，一零三",
	},
	"村级花名册 village cadre's list": {
		"",
		"",
		"太平镇—高营村—384号",
		"太平镇 西纪沟3村 100号 101",
		"钢山街道、孟庄社区、后田村、6号院",
		"",
		"",
		"",
		"",
	},
	"入学报名表 school enrolment": {
		"家庭住址：邹城市钢山街道\n泰和社区西苑嘉园二\n8号楼1单元3003室",
		"邹城市凫山街道\r\n前庙户营社区龙泉小区\r\n12号楼3单元101室",
		"邹城市太平镇\r\n高营村\r\n384号",
		"邹城市太平镇 \n西纪沟三村 \n100号101室",
		"家庭住址：邹城市钢山街道 \n孟庄社区后田村 \n6号",
		"现居住地：\n邹城市凫山街道 \n后庙户营社区古塔路 \n269号103室",
		"现居住地：\n邹城市钢山街道 \n崇义庄村东孙家十六街 \n3-1号",
		"家庭住址：邹城市中心店镇 \n中心三村沿街商铺 \n4号101室",
		"现居住地：\n邹城市太平镇\r\n中陶城村\r\n城东农贸市场103室",
	},
	"水电费单 utility bill": {
		"用水地址:邹城市钢山街道锦江街１９５号西苑嘉园二０８幢０１单元３００３",
		"用电地址：邹城市凫山街道龙泉小区１２幢０３单元１０１",
		"邹城市太平镇高营村３８４号",
		"用水地址:邹城市太平镇西纪沟三村１００号１０１",
		"用电地址：邹城市钢山街道后田村００６号",
		"用电地址：邹城市凫山街道古塔路２６９号１０３",
		"用水地址:邹城市钢山街道东孙家十六街３－１号",
		"用水地址:邹城市中心店镇中心三村沿街商铺４号１０１",
		"用电地址：邹城市太平镇井亭街１３６号城东农贸市场１０３",
	},
	"微信消息 resident's message": {
		"西苑嘉园二期8栋一单元3003室，麻烦师傅了",
		"龙泉小区12号楼三单元101室～",
		"高营村384号（门铃坏了请敲门）",
		"西纪沟三村100号101室，在家",
		"后田村6号，在家",
		"古塔路269号103",
		"东孙家十六街3-1号～",
		"中心三村沿街商铺4号101",
		"城东农贸市场103（门铃坏了请敲门）",
	},
	"消防巡查 fire inspection's log": {
		"泰和社区|西苑嘉园二|8#楼|1U|30F|3003",
		"前庙户营社区/龙泉小区/12#楼/3u/1F/101",
		"高营村/384#",
		"西纪沟三村_100#_1F_101",
		"孟庄社区_后田村_6#",
		"后庙户营社区/古塔路269#/1f/103",
		"崇义庄村 东孙家十六街3-1#",
		"中心三村 沿街商铺4# 1f 101",
		"中陶城村 城东农贸市场 1F 103",
	},
	"房屋契约 deed": {
		"坐落：山东省邹城市钢山街道泰和社区锦江街195号西苑嘉园二捌号楼壹单元叁拾层3003号",
		"座落:山东省邹城市凫山街道前庙户营社区龙泉小区拾贰号楼叁单元壹层101室",
		"座落:山东省邹城市太平镇高营村叁佰捌拾肆号",
		"座落:山东省邹城市太平镇西纪沟三村壹佰号壹层101号",
		"房屋坐落于山东省邹城市钢山街道孟庄社区后田村陆号",
		"坐落：山东省邹城市凫山街道后庙户营社区古塔路贰佰陆拾玖号壹层103室",
		"座落:山东省邹城市钢山街道崇义庄村东孙家十六街叁之壹号",
		"房屋坐落于山东省邹城市中心店镇中心三村沿街商铺肆号壹层101室",
		"坐落：山东省邹城市太平镇中陶城村井亭街136号城东农贸市场壹层103室",
	},
	"繁体家书 traditional characters": {
		"山東省濟寧市鄒城市鋼山街道泰和社區西苑嘉園二8號樓1單元3003室",
		"山東省鄒城市鳧山街道前廟戶營社區龍泉小區12號樓3單元101室",
		"山東省鄒城市太平鎮高營村384號",
		"山東省鄒城市太平鎮西紀溝三村100號101室",
		"山東省濟寧市鄒城市鋼山街道孟莊社區後田村6號",
		"山東省濟寧市鄒城市鳧山街道後廟戶營社區古塔路269號103室",
		"山東省濟寧市鄒城市鋼山街道崇義莊村東孫家十六街3-1號",
		"山東省鄒城市中心店鎮中心三村沿街商鋪4號101室",
		"山東省鄒城市太平鎮中陶城村城東農貿市場103室",
	},
	"接警单 dispatcher's slip": {
		"泰和 西苑嘉园二8—1—3003",
		"前庙户营 龙泉小区12-3-101",
		"高营384号",
		"西纪沟三村100号101",
		"孟庄 后田村6号",
		"后庙户营 古塔路269—103",
		"崇义庄东孙家十六街3-1号",
		"中心三村沿街商铺4-101",
		"中陶城城东农贸市场 103",
	},
	"由小到大 smallest first": {
		"3003, 1单元, 8号楼, 西苑嘉园二, 锦江街195号, 钢山街道, 邹城市, 济宁市, 山东省",
		"101 3单元 12号楼 龙泉小区 凫山街道 邹城市 济宁市 山东省",
		"384号 高营村 太平镇 邹城市 济宁市 山东省",
		"101 100号 西纪沟三村 太平镇 邹城市 济宁市 山东省",
		"6号, 后田村, 孟庄社区, 钢山街道, 邹城市, 济宁市, 山东省",
		"103，古塔路269号，凫山街道，邹城市，济宁市，山东省",
		"东孙家十六街3-1号，钢山街道，邹城市，济宁市，山东省",
		"101 中心三村沿街商铺4号 中心店镇 邹城市 济宁市 山东省",
		"103 城东农贸市场 井亭街136号 太平镇 邹城市 济宁市 山东省",
	},
	"邮政编码 postcode, no unit": {
		"（273500）山东省邹城市钢山街道锦江街195号西苑嘉园二8号楼3003室",
		"273500 山东省邹城市凫山街道龙泉小区12号楼101室",
		"邮编273500，山东省邹城市太平镇高营村384号",
		"（273500）山东省邹城市太平镇西纪沟三村100号101室",
		"（273500）山东省邹城市钢山街道后田村6号",
		"邮编273500，山东省邹城市凫山街道古塔路269号103室",
		"（273500）山东省邹城市钢山街道东孙家十六街3-1号",
		"273500 山东省邹城市中心店镇中心三村沿街商铺4号101室",
		"273500 山东省邹城市太平镇井亭街136号城东农贸市场103室",
	},
	"系统导出 labelled fields": {
		"县市区：邹城市|镇街：钢山街道|村居：泰和社区|小区：西苑嘉园二|楼栋：8|单元：1|房号：3003",
		"县市区=邹城市|镇街=凫山街道|村居=前庙户营社区|小区=龙泉小区|楼栋=12|单元=3|房号=101",
		"县市区:邹城市；镇街:太平镇；村居:高营村；门牌号:384",
		"县市区:邹城市;镇街:太平镇;村居:西纪沟三村;门牌号:100;房号:101",
		"县市区:邹城市, 镇街:钢山街道, 村居:孟庄社区, 自然村:后田村, 门牌号:6",
		"县市区：邹城市|镇街：凫山街道|村居：后庙户营社区|街路巷：古塔路|门牌号：269|房号：103",
		"县市区=邹城市|镇街=钢山街道|村居=崇义庄村|街路巷=东孙家十六街|门牌号=3-1",
		"县市区:邹城市, 镇街:中心店镇, 村居:中心三村, 街路巷:沿街商铺, 门牌号:4, 房号:101",
		"县市区:邹城市；镇街:太平镇；村居:中陶城村；建筑物:城东农贸市场；房号:103",
	},
	"表格拼接 columns run together": {
		"邹城市邹城市钢山街道钢山街道泰和社区泰和社区锦江街195号西苑嘉园二8号楼1单元3003室",
		"邹城市邹城市凫山街道凫山街道前庙户营社区龙泉小区龙泉小区12号楼3单元101室",
		"邹城市邹城市太平镇高营村384号",
		"邹城市邹城市太平镇西纪沟三村西纪沟三村100号101室",
		"山东省济宁市邹城市邹城市钢山街道钢山街道孟庄社区孟庄社区后田村后田村6号",
		"邹城市邹城市凫山街道凫山街道后庙户营社区后庙户营社区古塔路269号103室",
		"山东省济宁市邹城市邹城市钢山街道崇义庄村东孙家十六街3-1号",
		"邹城市邹城市中心店镇中心店镇中心三村沿街商铺沿街商铺4号101室",
		"邹城市邹城市太平镇中陶城村井亭街136号城东农贸市场103室",
	},
	"扫描识别 scanned, spaces anywhere": {
		"邹城市钢山\u3000街道西苑嘉\u3000园二8号 楼1单元3003 室",
		"山 东省邹城市凫山街 道 龙泉小区12号楼3单元101室",
		"山东省邹城市太平 镇高营村384号",
		"邹城市太 平镇\u3000西\u3000纪\u3000沟三村100号101室",
		"邹城 市钢\u3000山街道 后田村 6号",
		"邹城市凫山街 道 古塔路269号\u3000103室",
		"邹\u3000城\u3000市钢山街道东孙家十六街3-1 号",
		"山东省\u3000邹 城市中心店 镇中心三\u3000村沿 街商铺4\u3000号101室",
		"山\u3000东 省邹城市太\u3000平镇\u3000城东农贸市场103室",
	},
	"网格员速记 grid worker's shorthand": {
		"【泰和】西苑嘉园二8座1门3003户",
		"【前庙户营】龙泉小区12栋3门101户",
		"【高营村】384号",
		"【西纪沟三村】100号101",
		"【孟庄】后田村6号",
		"【后庙户营】古塔路269号103",
		"【崇义庄】东孙家十六街3-1号",
		"【中心三村】沿街商铺4号101",
		"【中陶城】城东农贸市场103",
	},
}
