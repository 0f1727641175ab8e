package mask

import "strings"

// isMobile: eleven digits, 13 to 19 in front.
func isMobile(n string) bool {
	return len(n) == 11 && n[0] == '1' && n[1] >= '3'
}

// isPrefix says whether a number dialled before a mobile's means the same telephone.
func isPrefix(n string) bool { return n == "" || n == "86" || n == "0086" || n == "0" }

// prefixed says whether the number is a mobile's with a prefix.
func prefixed(n string) bool {
	return len(n) > 11 && isMobile(n[len(n)-11:]) && isPrefix(n[:len(n)-11])
}

// areaCode is the length of a landline number's area code, 0 when it is no such number: 010 and 02x before eight
// digits (seven until lately), 03xx to 09xx before seven or eight.
func areaCode(n string) int {
	area := 4
	switch {
	case len(n) < 10 || n[0] != '0' || n[1] == '0':
		return 0
	case n[1] == '1' && n[2] == '0', n[1] == '2':
		area = 3
	case n[1] < '3':
		return 0
	}
	if local := len(n) - area; local < 7 || local > 8 || n[area] < '1' {
		return 0
	}
	return area
}

// isService: 400 and 800 and seven digits.
func isService(n string) bool {
	return len(n) == 10 && (n[:3] == "400" || n[:3] == "800")
}

// isDay says whether two digits of month and two of day can be a date.
func isDay(n string) bool {
	return n[:2] >= "01" && n[:2] <= "12" && n[2:4] >= "01" && n[2:4] <= "31"
}

// isDate: yyyymmdd of the last and of this century.
func isDate(n string) bool {
	return len(n) == 8 && (n[:2] == "19" || n[:2] == "20") && isDay(n[4:])
}

// provinces are the first two digits of division codes, GB/T 2260, and 83 and 91 of residence permits.
const provinces = "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83 91"

func isProvince(n string) bool { return strings.Contains(provinces, n[:2]) }

// isCode says whether the number is a division's or a grid's (12 or 15 digits) as GB/T 2260 makes them: a province, a
// city of it (01 to 70, 90), a county of that.
func isCode(n string) bool {
	return (len(n) == 12 || len(n) == 15) && isProvince(n) &&
		(n[2:4] >= "01" && n[2:4] <= "70" || n[2:4] == "90") && n[4:6] != "00"
}

// isOldID: the 15-digit ID number, given out until 1999: division 6, yymmdd 6, sequence 3.
//
// A grid's code has 15 digits, too: county 6, town 3, community 3, sequence 3. Where an ID has its birthday a code has
// town and community. What can't be a birthday, or would be one before 1910, is a code: that leaves all codes of
// streets (towns 001 to 099) alone, and most of the others. What may be both is masked: a grid can be looked up.
func isOldID(n string) bool {
	return len(n) == 15 && isProvince(n) && n[6:8] >= "10" && isDay(n[8:12])
}

// isID: 17 digits and a check character, which is given apart as it may be an X. Unless it was written in one piece,
// the province and the century have to be right.
func isID(n string, whole bool) bool {
	return len(n) == 18 && (whole || isProvince(n) && (n[6:8] == "18" || n[6:8] == "19" || n[6:8] == "20"))
}

// holdsMobile says whether a mobile's number is somewhere in a longer one.
func holdsMobile(n string) bool {
	for i := 0; i+11 <= len(n); i++ {
		if isMobile(n[i : i+11]) {
			return true
		}
	}
	return false
}

// isUnit says whether what follows a number makes it an amount, or a number of something.
func isUnit(after string) bool {
	for _, unit := range []string{"元", "块", "万", "亿", "千", "百", "圆", "￥", "人", "户", "米", "平", "㎡", "亩", "公", "吨", "个", "件", "号", "年",
		"月", "日", "%", "％", "m", "k", "RMB", "rmb"} {
		if strings.HasPrefix(after, unit) {
			return true
		}
	}
	return false
}
