package bench

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// sixthTown are invented dwellings of each kind: flats in a town and in the seat, where names end in numbers too, villages alone and inside a community,
// streets, shops without one, and halls on a street and in a village.
var sixthTown = map[string]dwelling{
	"flat": {code: "370883101001", town: "云泗镇", community: "明德社区", street: "文昌路", gate: "12", place: "金桂小区", building: "3", unit: "2", floor: 5, room: "501",
		kind: flat},
	"flat of numbered names": {code: "370883001002", town: "沂南街道", community: "仁和社区", street: "双桥里二十六", gate: "447", place: "丽景嘉园二", building: "16",
		unit: "1", floor: 11, room: "1102", kind: flat},
	"village": {code: "370883101003", town: "云泗镇", community: "前孟村", gate: "128", kind: homestead},
	"village of a community": {code: "370883101004", town: "云泗镇", community: "柳泉社区", place: "东颜庄村", gate: "6-3",
		kind: homestead},
	"street": {code: "370883001005", town: "沂南街道", community: "鼓楼社区", street: "染坊巷", gate: "40", kind: onStreet},
	"shop":   {code: "370883101001", town: "云泗镇", community: "明德社区", street: shopfronts, gate: "7", kind: onStreet},
	"hall": {code: "370883101001", town: "云泗镇", community: "明德社区", street: "酒厂街", gate: "9", place: "综合楼2", floor: 3, room: "304",
		kind: inHall},
	"hall of a village": {code: "370883101003", town: "云泗镇", community: "前孟村", place: "幸福院", floor: 1, room: "108", kind: inHall},
}

var sixthTexts = map[string]map[string][]string{
	"a bank's core system, which knows only wide signs": {
		"flat":                   {"山东省济宁市邹城市云泗镇文昌路１２号金桂小区３号楼２单元５０１室"},
		"flat of numbered names": {"山东省济宁市邹城市沂南街道双桥里二十六４４７号丽景嘉园二１６号楼１单元１１０２室"},
		"village":                {"山东省济宁市邹城市云泗镇前孟村１２８号"},
		"village of a community": {"山东省济宁市邹城市云泗镇东颜庄村６－３号"},
		"street":                 {"山东省济宁市邹城市沂南街道染坊巷４０号"},
		"shop":                   {"山东省济宁市邹城市云泗镇明德社区沿街商铺７号"},
		"hall":                   {"山东省济宁市邹城市云泗镇酒厂街９号综合楼２ ３０４室"},
		"hall of a village":      {"山东省济宁市邹城市云泗镇前孟村幸福院１０８室"},
	},
	"a telephone company's levels with strokes between": {
		"flat":                   {"山东省/济宁市/邹城市/云泗镇/明德社区/文昌路/12号/金桂小区/3号楼/2单元/5层/501室"},
		"flat of numbered names": {"山东省/济宁市/邹城市/沂南街道/仁和社区/双桥里二十六/447号/丽景嘉园二/16号楼/1单元/11层/1102室"},
		"village":                {"山东省/济宁市/邹城市/云泗镇/前孟村/128号"},
		"village of a community": {"山东省/济宁市/邹城市/云泗镇/柳泉社区/东颜庄村/6-3号"},
		"street":                 {"山东省/济宁市/邹城市/沂南街道/鼓楼社区/染坊巷/40号"},
		"shop":                   {"山东省/济宁市/邹城市/云泗镇/明德社区/沿街商铺/7号"},
		"hall":                   {"山东省/济宁市/邹城市/云泗镇/明德社区/酒厂街/9号/综合楼2/3层/304室"},
		"hall of a village":      {"山东省/济宁市/邹城市/云泗镇/前孟村/幸福院/1层/108室"},
	},
	"a buyer who chose the town in a list and types it again": {
		"flat": {
			"山东省 济宁市 邹城市 云泗镇 金桂小区3-2-501", "山东省 济宁市 邹城市 云泗镇 金桂小区3号楼2单元501",
			"山东省 济宁市 邹城市 云泗镇 邹城市云泗镇金桂小区3-2-501", "山东省 济宁市 邹城市 云泗镇 邹城市云泗镇金桂小区3号楼2单元501",
			"山东省 济宁市 邹城市 云泗镇 山东邹城云泗金桂小区3-2-501", "山东省 济宁市 邹城市 云泗镇 山东邹城云泗金桂小区3号楼2单元501",
		},
		"village": {"山东省 济宁市 邹城市 云泗镇 前孟村128号", "山东省 济宁市 邹城市 云泗镇 邹城市云泗镇前孟村128号", "山东省 济宁市 邹城市 云泗镇 山东邹城云泗前孟村128号"},
		"village of a community": {"山东省 济宁市 邹城市 云泗镇 东颜庄村6-3号", "山东省 济宁市 邹城市 云泗镇 邹城市云泗镇东颜庄村6-3号",
			"山东省 济宁市 邹城市 云泗镇 山东邹城云泗东颜庄村6-3号"},
		// 沂南 is a village's name too
		"street": {"山东省 济宁市 邹城市 沂南街道 染坊巷40号", "山东省 济宁市 邹城市 沂南街道 邹城市沂南街道染坊巷40号", "山东省 济宁市 邹城市 沂南街道 山东邹城沂南街道染坊巷40号"},
		"shop": {"山东省 济宁市 邹城市 云泗镇 明德社区沿街商铺7号", "山东省 济宁市 邹城市 云泗镇 邹城市云泗镇明德社区沿街商铺7号",
			"山东省 济宁市 邹城市 云泗镇 山东邹城云泗明德社区沿街商铺7号"},
		"hall": {"山东省 济宁市 邹城市 云泗镇 酒厂街9号综合楼2 304", "山东省 济宁市 邹城市 云泗镇 邹城市云泗镇酒厂街9号综合楼2 304",
			"山东省 济宁市 邹城市 云泗镇 山东邹城云泗酒厂街9号综合楼2 304"},
		"hall of a village": {"山东省 济宁市 邹城市 云泗镇 前孟村幸福院108", "山东省 济宁市 邹城市 云泗镇 邹城市云泗镇前孟村幸福院108",
			"山东省 济宁市 邹城市 云泗镇 山东邹城云泗前孟村幸福院108"},
	},
	"an identity card, without prefecture and compound": {
		"flat":                   {"山东省邹城市云泗镇文昌路12号3号楼2单元501号", "山东省邹城市云泗镇文昌路12号院3号楼2单元501号"},
		"flat of numbered names": {"山东省邹城市双桥里二十六447号16号楼1单元1102号", "山东省邹城市双桥里二十六447号院16号楼1单元1102号"},
		"village":                {"山东省邹城市云泗镇前孟村128号"},
		"village of a community": {"山东省邹城市云泗镇东颜庄村6-3号"},
		"street":                 {"山东省邹城市染坊巷40号"},
		"shop":                   {"山东省邹城市云泗镇明德社区沿街商铺7号"},
		"hall":                   {"山东省邹城市云泗镇酒厂街9号综合楼2 304号"},
		"hall of a village":      {"山东省邹城市云泗镇前孟村幸福院108号"},
	},
	"a title deed": {
		"flat": {"邹城市云泗镇金桂小区3幢2单元501号", "邹城市云泗镇金桂小区3幢2单元5层501号", "邹城市云泗镇文昌路12号金桂小区3幢2单元501号",
			"邹城市云泗镇文昌路12号金桂小区3幢2单元5层501号"},
		"village":                {"邹城市云泗镇前孟村128号"},
		"village of a community": {"邹城市云泗镇柳泉社区东颜庄村6-3号"},
		"street":                 {"邹城市沂南街道染坊巷40号"},
		"shop":                   {"邹城市云泗镇明德社区沿街商铺7号"},
		"hall":                   {"邹城市云泗镇酒厂街9号综合楼2 3层304号"},
		"hall of a village":      {"邹城市云泗镇前孟村幸福院1层108号"},
	},
	"a heating company's list of arrears": {
		"flat":                   {"明德社区 金桂小区 3#-2-501", "明德社区金桂小区3#楼2单元501"},
		"flat of numbered names": {"仁和社区 丽景嘉园二 16#-1-1102", "仁和社区丽景嘉园二16#楼1单元1102"},
		"village":                {""},
		"village of a community": {""},
		"street":                 {""},
		"shop":                   {""},
		"hall":                   {"明德社区酒厂街9号综合楼2 304"},
		"hall of a village":      {"前孟村幸福院 108"},
	},
	"a clinic's vaccination register, with a help in brackets": {
		"flat":                   {"明德社区居委会金桂小区3号楼2单元501（文昌路12号）"},
		"flat of numbered names": {"仁和社区居委会丽景嘉园二16号楼1单元1102（双桥里二十六447号）"},
		"village":                {"前孟村委会128号（云泗镇）"},
		"village of a community": {"柳泉社区居委会东颜庄村6-3号（云泗镇）"},
		"street":                 {"染坊巷40号（鼓楼社区居委会）"},
		"shop":                   {"明德社区居委会沿街商铺7号（云泗镇）"},
		"hall":                   {"明德社区居委会综合楼2 304（酒厂街9号）"},
		"hall of a village":      {"前孟村委会幸福院108（云泗镇）"},
	},
	"a retired teacher's envelope": {
		"flat":                   {"273500 山东省邹城市云泗镇文昌路十二号金桂小区三号楼二单元五〇一室"},
		"flat of numbered names": {"273500 山东省邹城市沂南街道双桥里二十六447号丽景嘉园二16号楼一单元一一〇二室"},
		"village":                {"273500 山东省邹城市云泗镇前孟村一百二十八号"},
		"village of a community": {"273500 山东省邹城市云泗镇东颜庄村6-3号"},
		"street":                 {"273500 山东省邹城市沂南街道染坊巷四十号"},
		"shop":                   {"273500 山东省邹城市云泗镇明德社区沿街商铺七号"},
		"hall":                   {"273500 山东省邹城市云泗镇酒厂街九号综合楼2三〇四室"},
		"hall of a village":      {"273500 山东省邹城市云泗镇前孟村幸福院一〇八室"},
	},
	"a school's sign-up form as it is exported": {
		"flat": {"镇街：云泗镇，村居：明德社区，小区：金桂小区，楼号：3，单元：2，房号：501",
			"镇街：云泗镇，村居：明德社区，小区：金桂小区，楼号：3号楼，单元：2单元，房号：501室"},
		"village":                {"镇街：云泗镇，村居：前孟村，门牌号：128", "镇街：云泗镇，村居：前孟村，门牌号：128号"},
		"village of a community": {"镇街：云泗镇，村居：柳泉社区，自然村：东颜庄村，门牌号：6-3", "镇街：云泗镇，村居：柳泉社区，自然村：东颜庄村，门牌号：6-3号"},
		"street":                 {"镇街：沂南街道，村居：鼓楼社区，路名：染坊巷，门牌号：40", "镇街：沂南街道，村居：鼓楼社区，路名：染坊巷，门牌号：40号"},
		"shop":                   {"镇街：云泗镇，村居：明德社区，路名：沿街商铺，门牌号：7", "镇街：云泗镇，村居：明德社区，路名：沿街商铺，门牌号：7号"},
		"hall": {"镇街：云泗镇，村居：明德社区，路名：酒厂街，门牌号：9，楼名：综合楼2，房号：304",
			"镇街：云泗镇，村居：明德社区，路名：酒厂街，门牌号：9号，楼名：综合楼2，房号：304室"},
		"hall of a village": {"镇街：云泗镇，村居：前孟村，楼名：幸福院，房号：108", "镇街：云泗镇，村居：前孟村，楼名：幸福院，房号：108室"},
	},
	"a meal ordered to a place of the map": {
		"flat":                   {"金桂小区（文昌路12号）3号楼2单元501室", "金桂小区（文昌路12号）3栋2单元5楼501"},
		"flat of numbered names": {"丽景嘉园二（双桥里二十六447号）16号楼1单元1102室", "丽景嘉园二（双桥里二十六447号）16栋1单元11楼1102"},
		"village":                {"前孟村（云泗镇）128号"},
		"village of a community": {"东颜庄村（云泗镇）6-3号"},
		"street":                 {"染坊巷40号（沂南街道）"},
		"shop":                   {"明德社区沿街商铺7号（云泗镇）"},
		"hall":                   {"综合楼2（酒厂街9号）3楼304"},
		"hall of a village":      {"幸福院（前孟村）1楼108"},
	},
	"a business licence of a trader at home": {
		"flat": {"山东省济宁市邹城市云泗镇文昌路12号金桂小区3号楼2单元501室", "山东省济宁市邹城市云泗镇文昌路12号金桂小区3号楼2-501室",
			"山东省济宁市邹城市云泗镇文昌路12号金桂小区3号楼2单元501室（住所自主申报）", "山东省济宁市邹城市云泗镇文昌路12号金桂小区3号楼2-501室（住所自主申报）"},
		"village":                {"山东省济宁市邹城市云泗镇前孟村128号", "山东省济宁市邹城市云泗镇前孟村128号（住所自主申报）"},
		"village of a community": {"山东省济宁市邹城市云泗镇柳泉社区东颜庄村6-3号", "山东省济宁市邹城市云泗镇柳泉社区东颜庄村6-3号（住所自主申报）"},
		"street":                 {"山东省济宁市邹城市沂南街道染坊巷40号", "山东省济宁市邹城市沂南街道染坊巷40号（住所自主申报）"},
		"shop":                   {"山东省济宁市邹城市云泗镇明德社区沿街商铺7号", "山东省济宁市邹城市云泗镇明德社区沿街商铺7号（住所自主申报）"},
		"hall":                   {"山东省济宁市邹城市云泗镇酒厂街9号综合楼2 304室", "山东省济宁市邹城市云泗镇酒厂街9号综合楼2 304室（住所自主申报）"},
		"hall of a village":      {"山东省济宁市邹城市云泗镇前孟村幸福院108室", "山东省济宁市邹城市云泗镇前孟村幸福院108室（住所自主申报）"},
	},
	"an electricity company's meters, filled up with noughts": {
		"flat":                   {"邹城市云泗镇明德社区居民委员会文昌路金桂小区03栋02单元0501"},
		"flat of numbered names": {"邹城市沂南街道办事处仁和社区居民委员会双桥里二十六丽景嘉园二16栋01单元1102"},
		"village":                {"邹城市云泗镇前孟村村民委员会128号"},
		"village of a community": {"邹城市云泗镇柳泉社区居民委员会东颜庄村6-3号"},
		"street":                 {"邹城市沂南街道办事处鼓楼社区居民委员会染坊巷040号"},
		"shop":                   {"邹城市云泗镇明德社区居民委员会沿街商铺007号"},
		"hall":                   {"邹城市云泗镇明德社区居民委员会酒厂街009号综合楼2 0304"},
		"hall of a village":      {"邹城市云泗镇前孟村村民委员会幸福院0108"},
	},
}

func sixthHousing() *housing {
	h := &housing{named: map[string]map[string]bool{}}
	h.note("沂南村")
	for _, d := range sixthTown {
		for _, name := range []string{d.town, d.community, d.place} {
			h.note(name)
		}
	}
	return h
}

// sixthAll is everything that a way writes of a dwelling.
func sixthAll(h *housing, way otherWay, d dwelling) []string {
	d.province, d.prefecture, d.county = "山东省", "济宁市", "邹城市"
	r := rand.New(rand.NewPCG(6, 6))
	var all []string
	for range 400 {
		all = append(all, way.write(h, &d, r))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func TestSixthHandWritesWhatItSays(t *testing.T) {
	h := sixthHousing()
	if len(sixthTexts) != len(sixthHand) {
		t.Errorf("texts of %d ways are given, there are %d", len(sixthTexts), len(sixthHand))
	}
	for _, way := range sixthHand {
		wanted := sixthTexts[way.name]
		if len(wanted) < len(sixthTown)-1 {
			t.Errorf("%s: texts of only %d dwellings are given", way.name, len(wanted))
		}
		for which, texts := range wanted {
			d, there := sixthTown[which]
			if !there {
				t.Errorf("%s: no dwelling %q", way.name, which)
			}
			slices.Sort(texts)
			if got := sixthAll(h, way, d); !slices.Equal(got, texts) {
				t.Errorf("%s, %s: wrote\n%s\nwanted\n%s", way.name, which, strings.Join(got, "\n"), strings.Join(texts, "\n"))
			}
		}
	}
}

// What a way says to keep must be in each of its texts, or houses are asked that it doesn't tell apart.
func TestSixthHandKeepsWhatItSays(t *testing.T) {
	h := sixthHousing()
	for _, way := range sixthHand {
		for which, d := range sixthTown {
			kept := map[string]bool{
				stem(d.town):      way.keeps&keepsTown != 0,
				stem(d.community): way.keeps&keepsCommunity != 0 || d.kind == homestead && d.place == "",
				d.street:          way.keeps&keepsGate != 0 || d.kind == onStreet,
				stem(d.place):     way.keeps&keepsPlace != 0 || d.kind == homestead,
			}
			for _, text := range sixthAll(h, way, d) {
				plain := strings.ReplaceAll(text, "２", "2")
				for name, must := range kept {
					if must && text != "" && !strings.Contains(plain, name) {
						t.Errorf("%s, %s: %s without %s", way.name, which, text, name)
					}
				}
			}
		}
	}
}

func TestSixthNumbersAreSaidAsPeopleCount(t *testing.T) {
	for n, wanted := range map[int]string{0: "〇", 3: "三", 10: "十", 18: "十八", 20: "二十", 99: "九十九", 100: "一百", 205: "二百零五", 110: "一百一十", 447: "四百四十七", 1036: "一〇三六"} {
		if got := sixthSaid(n); got != wanted {
			t.Errorf("%d is said %s, wanted %s", n, got, wanted)
		}
	}
}
