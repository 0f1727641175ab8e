package bench

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// fourthHouses are invented ones: a flat; one in a compound that is the second of its name and on no street; a house of a village inside its community;
// a room of one whose village is its community; one in a lane; one in a named building; a shop without a street's number.
var fourthHouses = []dwelling{
	{province: "东山省", prefecture: "泗滨市", county: "云泗市", town: "清泗街道", community: "槐荫社区", street: "双桥里", gate: "447", place: "金桂花园", building: "12", unit: "2", room: "1502", floor: 15, kind: flat},
	{province: "东山省", prefecture: "泗滨市", county: "云泗市", town: "清泗街道", community: "槐荫社区", place: "金桂花园二", building: "3", unit: "1", room: "201", floor: 2, kind: flat},
	{province: "东山省", prefecture: "泗滨市", county: "云泗市", town: "文沂镇", community: "柳行村", place: "大仇村", gate: "6-3", floor: 1, kind: homestead},
	{province: "东山省", prefecture: "泗滨市", county: "云泗市", town: "文沂镇", community: "柳行村", gate: "12", room: "101", floor: 1, kind: homestead},
	{province: "东山省", prefecture: "泗滨市", county: "云泗市", town: "清泗街道", community: "槐荫社区", street: "铁匠巷", gate: "12", room: "101", floor: 1, kind: onStreet},
	{province: "东山省", prefecture: "泗滨市", county: "云泗市", town: "清泗街道", community: "槐荫社区", street: "建设路", gate: "8", place: "商务大厦", room: "103", floor: 1, kind: inHall},
	{province: "东山省", prefecture: "泗滨市", county: "云泗市", town: "文沂镇", community: "柳行村", street: shopfronts, gate: "3", floor: 1, kind: onStreet},
}

// fourthTexts are those houses in each way, in their order; where a hand varies, {} with all it may write there.
var fourthTexts = map[string][]string{
	"police": {
		"东山省云泗市双桥里447号12号楼2单元1502号",
		"",
		"东山省云泗市文沂镇柳行村大仇村6-3号",
		"东山省云泗市文沂镇柳行村12号101室",
		"东山省云泗市铁匠巷12号101室",
		"",
		"",
	},
	"housing bureau": {
		"云泗市清泗街道双桥里447号（金桂花园）12幢2单元15层1502",
		"云泗市清泗街道金桂花园二3幢1单元2层201",
		"云泗市文沂镇柳行村大仇村6-3号",
		"云泗市文沂镇柳行村12号1层101",
		"云泗市清泗街道铁匠巷12号1层101",
		"云泗市清泗街道建设路8号（商务大厦）1层103",
		"",
	},
	"electricity": {
		"东山省泗滨市云泗市清泗街道办事处槐荫社区居委会金桂花园012栋02单元1502",
		"东山省泗滨市云泗市清泗街道办事处槐荫社区居委会金桂花园二003栋01单元0201",
		"东山省泗滨市云泗市文沂镇柳行村委会大仇村006-3号",
		"东山省泗滨市云泗市文沂镇柳行村委会012号0101",
		"东山省泗滨市云泗市清泗街道办事处槐荫社区居委会铁匠巷012号0101",
		"东山省泗滨市云泗市清泗街道办事处槐荫社区居委会商务大厦0103",
		"东山省泗滨市云泗市文沂镇柳行村委会沿街商铺003号",
	},
	"courier": {
		"东山省 泗滨市 云泗市 清泗街道 金桂花园(双桥里447号)12号楼2单元1502{| 放门口|（送货上门）}",
		"东山省 泗滨市 云泗市 清泗街道 金桂花园二3号楼1单元201{| 放门口|（送货上门）}",
		"东山省 泗滨市 云泗市 文沂镇 柳行村大仇村6-3号{| 放门口|（送货上门）}",
		"东山省 泗滨市 云泗市 文沂镇 柳行村12号101室{| 放门口|（送货上门）}",
		"东山省 泗滨市 云泗市 清泗街道 铁匠巷12号101室{| 放门口|（送货上门）}",
		"东山省 泗滨市 云泗市 清泗街道 商务大厦(建设路8号)103{| 放门口|（送货上门）}",
		"",
	},
	"school": {
		"云泗市清泗街道金桂花园小区十二号楼二单元{1502|一五〇二}室",
		"云泗市清泗街道金桂花园二3号楼一单元{201|二〇一}室",
		"云泗市文沂镇柳行村大仇村6-3号",
		"云泗市文沂镇柳行村十二号{101|一〇一}室",
		"云泗市清泗街道铁匠巷十二号{101|一〇一}室",
		"云泗市清泗街道建设路八号商务大厦{103|一〇三}室",
		"",
	},
	"hospital": {
		"东山泗滨云泗清泗街道槐荫社区金桂花园12-2-1502 邮编273500",
		"东山泗滨云泗清泗街道槐荫社区金桂花园二3-1-201 邮编273500",
		"东山泗滨云泗文沂镇柳行村大仇村6-3号 邮编273500",
		"东山泗滨云泗文沂镇柳行村12号-101 邮编273500",
		"东山泗滨云泗清泗街道槐荫社区铁匠巷12号-101 邮编273500",
		"东山泗滨云泗清泗街道槐荫社区建设路8号商务大厦103 邮编273500",
		"东山泗滨云泗文沂镇柳行村沿街商铺3号 邮编273500",
	},
	"property company": {
		"云泗市金桂花园12#楼2单元1502户（{业主|租户}）",
		"云泗市金桂花园二3#楼1单元201户（{业主|租户}）",
		"",
		"",
		"",
		"云泗市商务大厦103铺（{业主|租户}）",
		"",
	},
	"voters": {
		"云泗市清泗办事处槐荫居金桂花园12楼2单元1502",
		"云泗市清泗办事处槐荫居金桂花园二3楼1单元201",
		"云泗市文沂镇柳行村大仇6-3号",
		"云泗市文沂镇柳行村12号101",
		"云泗市清泗办事处槐荫居铁匠巷12号101",
		"云泗市清泗办事处槐荫居建设路8号商务大厦103",
		"云泗市文沂镇柳行村沿街3号商铺",
	},
	"resettlement": {
		"东山省/泗滨市/云泗市/清泗街道/槐荫社区/双桥里/447号/金桂花园/12号楼/2单元/1502室",
		"东山省/泗滨市/云泗市/清泗街道/槐荫社区///金桂花园二/3号楼/1单元/201室",
		"东山省/泗滨市/云泗市/文沂镇/柳行村///大仇村/6-3号",
		"东山省/泗滨市/云泗市/文沂镇/柳行村////12号//101室",
		"东山省/泗滨市/云泗市/清泗街道/槐荫社区/铁匠巷/12号////101室",
		"东山省/泗滨市/云泗市/清泗街道/槐荫社区/建设路/8号/商务大厦///103室",
		"东山省/泗滨市/云泗市/文沂镇/柳行村/沿街商铺/3号",
	},
	"pension": {
		"东山省云泗市清泗街道槐荫社区{|　}双桥里４４７号金桂花园１２号楼２单元１５０２室",
		"东山省云泗市清泗街道槐荫社区{|　}金桂花园二３号楼１单元２０１室",
		"东山省云泗市文沂镇柳行村{|　}大仇村６－３号",
		"东山省云泗市文沂镇柳行村{|　}１２号１０１室",
		"东山省云泗市清泗街道槐荫社区{|　}铁匠巷１２号１０１室",
		"东山省云泗市清泗街道槐荫社区{|　}建设路８号商务大厦１０３室",
		"东山省云泗市文沂镇柳行村{|　}沿街商铺３号",
	},
	"civil affairs": {
		"清泗街道槐荫社区金桂花园12号楼2单元15楼1502{|（独居）|（与子女同住）}",
		"清泗街道槐荫社区金桂花园二3号楼1单元2楼201{|（独居）|（与子女同住）}",
		"文沂镇柳行村（大仇村）6-3号{|（独居）|（与子女同住）}",
		"文沂镇柳行村12号院101{|（独居）|（与子女同住）}",
		"清泗街道槐荫社区铁匠巷12号院101{|（独居）|（与子女同住）}",
		"",
		"",
	},
	"medical insurance": {
		"东山省泗滨市云泗市清泗街道{东山省云泗市|云泗市|}清泗街道槐荫社区金桂花园12号楼2单元1502室",
		"东山省泗滨市云泗市清泗街道{东山省云泗市|云泗市|}清泗街道槐荫社区金桂花园二3号楼1单元201室",
		"东山省泗滨市云泗市文沂镇{东山省云泗市|云泗市|}文沂镇柳行村大仇村6-3号",
		"东山省泗滨市云泗市文沂镇{东山省云泗市|云泗市|}文沂镇柳行村12号101室",
		"东山省泗滨市云泗市清泗街道{东山省云泗市|云泗市|}清泗街道槐荫社区铁匠巷12号101室",
		"东山省泗滨市云泗市清泗街道{东山省云泗市|云泗市|}清泗街道槐荫社区建设路8号商务大厦103室",
		"东山省泗滨市云泗市文沂镇{东山省云泗市|云泗市|}文沂镇柳行村沿街商铺3号",
	},
}

// fourthVariants spells out what {a|b} stands for.
func fourthVariants(text string) []string {
	before, rest, varies := strings.Cut(text, "{")
	if !varies {
		return []string{text}
	}
	choice, behind, _ := strings.Cut(rest, "}")
	var out []string
	for _, one := range strings.Split(choice, "|") {
		out = append(out, before+one+behind)
	}
	slices.Sort(out)
	return out
}

func TestFourthHand(t *testing.T) {
	if len(fourthHand) != 12 || len(fourthTexts) != 12 {
		t.Fatalf("%d ways and texts of %d, want 12 of each", len(fourthHand), len(fourthTexts))
	}
	h := &housing{}
	for _, way := range fourthHand {
		texts := fourthTexts[way.name]
		if len(texts) != len(fourthHouses) {
			t.Fatalf("%s: %d texts for %d houses", way.name, len(texts), len(fourthHouses))
		}
		for i := range fourthHouses {
			var got []string
			r := rand.New(rand.NewPCG(4, uint64(i)))
			for range 100 { // that each variant is written at least once
				got = append(got, way.write(h, &fourthHouses[i], r))
			}
			slices.Sort(got)
			if got, want := slices.Compact(got), fourthVariants(texts[i]); !slices.Equal(got, want) {
				t.Errorf("%s, house %d:\n%q, want\n%q", way.name, i, got, want)
			}
		}
	}
	for number, want := range map[string]string{"1": "一", "10": "十", "11": "十一", "20": "二十", "35": "三十五", "99": "九十九", "100": "100", "6-3": "6-3"} {
		if got := fourthSmall("铁匠巷", number); got != want {
			t.Errorf("%s is %s, want %s", number, got, want)
		}
	}
}
