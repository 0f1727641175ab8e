package intake

import (
	"fmt"
	"strconv"
	"strings"

	"jingwei/internal/crs"
	"jingwei/internal/planar"
	"jingwei/internal/register"
)

// houseRow is a row of houses that has been read, before it is found on the ground.
type houseRow struct {
	reading
	house     register.NewHouse
	community string // as the file has it, 12 digits or ""
	source    string // of the building, "" for none
	placed    bool   // it has a position
}

// readHouse reads a row of houses.
func readHouse(l *columnLayout, system crs.System, row Row) *houseRow {
	h := &houseRow{reading: reading{row: row, layout: l}}
	if !h.sound() {
		return h
	}
	n := &h.house
	n.Code, n.Address = h.needed("code", 60), strings.Join(strings.Fields(h.needed("address", 120)), "")
	n.Place, n.Number, n.Unit, n.Room = h.text("place", 40), h.text("number", 20), h.text("unit", 20), h.text("room", 20)
	if floor, given := h.number("floor", "楼层应为 -5 至 150 的整数", "a floor is a whole number from -5 to 150", -5, 150, "层", "楼", "F", "f"); given {
		n.Floor = int(floor)
	}
	n.Area, _ = h.number("area", "建筑面积应为大于 0 的数字（平方米）", "an area is a number above 0, in m²", 0.1, 1e6, "平方米", "平米", "㎡", "m²", "m2")
	n.Entrance = h.text("entrance", 60)
	if i := strings.LastIndex(n.Entrance, "/"); i >= 0 {
		n.Entrance = n.Entrance[i+1:]
	}
	h.source = h.text("source", 80)
	h.readUse()
	h.readCommunity()
	h.readPosition(system)
	return h
}

func (h *houseRow) readUse() {
	use := h.text("use", 20)
	kind, occupancy, known := register.ParseUse(use)
	if !known {
		h.wrong("use", UnknownUse, "不认识的用途；可填 自住、出租、空置、商用、办公、住宅、其他", "this use isn't known; it can be 自住, 出租, 空置, 商用, 办公, 住宅 or 其他")
		return
	}
	h.house.Kind, h.house.Occupancy = kind, occupancy
}

func (h *houseRow) readCommunity() {
	code := halfWidth(h.text("community", 20))
	if code == "" {
		return
	}
	if _, err := strconv.ParseInt(code, 10, 64); err != nil || len(code) != 12 {
		h.wrong("community", BadCode, "社区编码应为 12 位数字", "a community's code has 12 digits")
		return
	}
	h.community = code
}

// readPosition reads where the house is, in the file's system of coordinates.
func (h *houseRow) readPosition(system crs.System) {
	before := len(h.problems)
	zh, en := "坐标应为十进制度数，如 116.9995、35.4012", "a position is in decimal degrees, as 116.9995 and 35.4012"
	lon, has1 := h.number("lon", zh, en, -180, 360)
	lat, has2 := h.number("lat", zh, en, -180, 360)
	switch {
	case len(h.problems) > before || !has1 && !has2:
		return
	case has1 != has2:
		missing := "lon"
		if has1 {
			missing = "lat"
		}
		h.wrong(missing, BadPosition, "经度和纬度只填了一个", "of longitude and latitude only one is there")
		return
	case !crs.InChina(lon, lat) && crs.InChina(lat, lon):
		h.wrong("lon", BadPosition, "经度和纬度填反了", "longitude and latitude are exchanged")
		return
	case !crs.InChina(lon, lat):
		h.wrong("lon", BadPosition, fmt.Sprintf("坐标（%.4f，%.4f）不在中国境内", lon, lat), fmt.Sprintf("the position (%.4f, %.4f) isn't in China", lon, lat))
		return
	}
	lon, lat = system.ToWGS84(lon, lat)
	h.house.At, h.placed = planar.FromDegrees(lon, lat), true
}
