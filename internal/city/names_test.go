package city

import "testing"

func TestChineseNumber(t *testing.T) {
	for n, want := range map[int]string{1: "一", 10: "十", 13: "十三", 20: "二十", 99: "九十九", 100: "一百", 103: "一百零三",
		110: "一百一十", 112: "一百一十二", 240: "二百四十", 1000: "一千", 1002: "一千零二", 2345: "二千三百四十五"} {
		if got := chineseNumber(n); got != want {
			t.Errorf("%d is %s, want %s", n, got, want)
		}
	}
}
