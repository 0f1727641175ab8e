package bench

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
)

// signs are what a hand puts behind numbers, and how it writes the numbers: how many of something, and rooms, which are read digit by digit.
type signs struct {
	gate, building, unit, room string
	before                     string // before a room, which says its floor
	count, digits              func(string) string
}

var plainSigns = signs{gate: "号", building: "号楼", unit: "单元", room: "室"}

// insideOf is what of a dwelling lies behind its gate or its compound's name.
func insideOf(d *dwelling, s signs) string {
	if s.count == nil {
		s.count, s.digits = asItIs, asItIs
	}
	text := ""
	if d.kind == flat {
		text = s.count(d.building) + s.building + s.count(d.unit) + s.unit
	}
	if d.room == "" {
		return text
	}
	return text + s.before + s.digits(d.room) + s.room
}

// gateOf is its number along a street or in a village.
func gateOf(d *dwelling, s signs) string {
	if d.gate == "" {
		return ""
	}
	if s.count == nil {
		return d.gate + s.gate
	}
	return s.count(d.gate) + s.gate
}

// gateName is the street and number of a compound's or a building's gate, where it has one.
func gateName(d *dwelling) string {
	if d.gate == "" {
		return ""
	}
	return d.street + d.gate + "号"
}

// spotName is the least that says where a dwelling is: the name of its compound or building, or its street or village with the number.
func spotName(d *dwelling, s signs) string {
	switch d.kind {
	case homestead:
		return innermost(d) + gateOf(d, s)
	case onStreet:
		return onItsStreet(d) + gateOf(d, s)
	}
	return d.place
}

// innermost is the village of a homestead: the one inside the community, where there is one.
func innermost(d *dwelling) string {
	if d.place != "" {
		return d.place
	}
	return d.community
}

// onItsStreet is a street; what every village has is named with the village.
func onItsStreet(d *dwelling) string {
	if d.street == shopfronts {
		return d.community + d.street
	}
	return d.street
}

// shortVillage leaves 村 away, but not behind a numeral, where the house's number would run into it.
func shortVillage(h *housing, d *dwelling) string {
	if short := h.brief(d.community); !numeralLast(short) {
		return short
	}
	return d.community
}

// plainVillage writes 西纪沟3村 for 西纪沟三村.
func plainVillage(name string) string {
	before, found := strings.CutSuffix(name, "村")
	if name, number := partNumeral(before); found && number > 0 && name != "" {
		return fmt.Sprint(name, number, "村")
	}
	return name
}

// asPhase writes 西苑嘉园二期 or 西苑嘉园2期 for 西苑嘉园二.
func asPhase(place string, plain bool) string {
	name, number := partNumeral(place)
	switch {
	case number == 0:
		return place
	case plain:
		return fmt.Sprint(name, number, "期")
	}
	return place + "期"
}

// sayingKind says 小区 behind names that don't say what they name.
func sayingKind(place string) string {
	if numeralLast(place) {
		return place
	}
	for _, kind := range []string{"小区", "新村", "家属院", "宿舍"} {
		if strings.HasSuffix(place, kind) {
			return place
		}
	}
	return place + "小区"
}

const chineseDigits = "零一二三四五六七八九十"

func numeralLast(s string) bool {
	_, number := partNumeral(s)
	return number > 0
}

// partNumeral takes a numeral below a hundred off a name's end: 西苑嘉园二十一 is 西苑嘉园 and 21.
func partNumeral(s string) (name string, number int) {
	name = strings.TrimRight(s, chineseDigits)
	for n := 1; n < 100; n++ {
		if saidCount(strconv.Itoa(n)) == s[len(name):] {
			return name, n
		}
	}
	return s, 0
}

// numberWith writes each number of 12 or 3-1 with the given digits, the signs of ten and hundred, and what stands for the hyphen; 10 … 19 begin with ten.
func numberWith(s, digits, ten, hundred, hyphen string) string {
	var out words
	for _, part := range strings.Split(s, "-") {
		n, err := strconv.Atoi(part)
		if err != nil || n < 1 || n > 999 {
			return s
		}
		out = append(out, underThousand(n, []rune(digits), ten, hundred))
	}
	return strings.Join(out, hyphen)
}

func underThousand(n int, digit []rune, ten, hundred string) string {
	text := ""
	if n >= 100 {
		text = string(digit[n/100]) + hundred
		if n%100 > 0 && n%100 < 10 {
			text += string(digit[0])
		}
	}
	if tens := n / 10 % 10; tens > 1 || tens == 1 && n > 100 {
		text += string(digit[tens]) + ten
	} else if tens == 1 {
		text += ten
	}
	if n%10 > 0 {
		text += string(digit[n%10])
	}
	return text
}

// saidCount is 一百九十五 for 195, 三杠一 for 3-1; formalCount is 壹佰玖拾伍, 叁之壹.
func saidCount(s string) string { return numberWith(s, chineseDigits, "十", "百", "杠") }

func formalCount(s string) string {
	return numberWith(s, "零壹贰叁肆伍陆柒捌玖", "拾", "佰", "之")
}

// saidDigits is 三零零三 for 3003, with one or the other word for 1.
func saidDigits(s, one string) string {
	return strings.NewReplacer("0", "零", "1", one, "2", "二", "3", "三", "4", "四", "5", "五", "6", "六", "7", "七", "8", "八", "9", "九").Replace(s)
}

func asItIs(s string) string { return s }

// paddedTo fills numbers with zeros, as meters' books do; 3-1 stays.
func paddedTo(size int) func(string) string {
	return func(s string) string {
		if len(s) >= size || !isCount(s) {
			return s
		}
		return strings.Repeat("0", size-len(s)) + s
	}
}

// fullWidth writes digits and hyphens as wide as the signs around them.
func fullWidth(s string) string {
	return strings.Map(func(c rune) rune {
		if c >= '0' && c <= '9' || c == '-' {
			return c + '０' - '0'
		}
		return c
	}, s)
}

func hyphen(r *rand.Rand) string { return anyOf(r, "-", "–", "—", "－", "~", "/", "--") }

func anyOf(r *rand.Rand, these ...string) string { return these[r.IntN(len(these))] }

func odds(r *rand.Rand, oneIn int) bool { return r.IntN(oneIn) == 0 }

// traditional writes the signs of the county's names, and those around numbers, as they were before 1956; 里, 谷, 于 and 范 of names stay.
var traditional = strings.NewReplacer(strings.Split(
	"万 萬 业 業 东 東 两 兩 丰 豐 临 臨 丽 麗 义 義 书 書 乱 亂 云 雲 乔 喬 会 會 体 體 关 關 兴 興 军 軍 农 農 冯 馮 凤 鳳 凫 鳧 创 創 刘 劉 区 區 医 醫 "+
		"华 華 单 單 卧 臥 卫 衛 厂 廠 厅 廳 厦 廈 参 參 县 縣 号 號 后 後 吕 呂 吴 吳 园 園 团 團 国 國 图 圖 圣 聖 场 場 坝 壩 墙 牆 复 復 头 頭 夹 夾 孙 孫 "+
		"学 學 宁 寧 宝 寶 宾 賓 将 將 层 層 属 屬 岗 崗 岭 嶺 峄 嶧 巩 鞏 庄 莊 庙 廟 张 張 强 強 当 當 彦 彥 户 戶 护 護 时 時 机 機 来 來 杨 楊 枣 棗 标 標 "+
		"栖 棲 树 樹 桥 橋 楼 樓 横 橫 汉 漢 沟 溝 泽 澤 洼 窪 济 濟 涧 澗 润 潤 渐 漸 渔 漁 湾 灣 滩 灘 炉 爐 烟 煙 烧 燒 爷 爺 环 環 电 電 盘 盤 矿 礦 礼 禮 "+
		"窝 窩 筑 築 粮 糧 红 紅 纪 紀 纺 紡 结 結 绣 繡 绪 緒 罗 羅 联 聯 胜 勝 苇 葦 苏 蘇 荫 蔭 营 營 萧 蕭 蒋 蔣 观 觀 许 許 设 設 谊 誼 谐 諧 谢 謝 贤 賢 "+
		"货 貨 购 購 贵 貴 贸 貿 贾 賈 赵 趙 跃 躍 车 車 边 邊 达 達 进 進 连 連 邓 鄧 邮 郵 邹 鄒 郑 鄭 钓 釣 钟 鐘 钢 鋼 铁 鐵 铺 鋪 银 銀 销 銷 锋 鋒 锦 錦 "+
		"镇 鎮 长 長 门 門 阳 陽 阴 陰 际 際 陈 陳 韩 韓 顾 顧 颜 顏 风 風 馆 館 马 馬 驳 駁 驷 駟 驾 駕 骑 騎 鱼 魚 鲍 鮑 鸿 鴻 鹤 鶴 黄 黃 齐 齊 龙 龍 兰 蘭 俭 儉 欧 歐 猪 豬 独 獨 "+
		"宫 宮 悦 悅 汇 匯", " ")...)
