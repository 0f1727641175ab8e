package intake

import (
	"strings"

	"jingwei/internal/crs"
	"jingwei/internal/facility"
)

// facilityRow is a row of facilities that has been read. Its place is found as a house's is.
type facilityRow struct {
	houseRow
	facility facility.New
}

// readFacility reads a row of facilities.
func readFacility(l *columnLayout, system crs.System, row Row) *facilityRow {
	f := &facilityRow{houseRow: houseRow{reading: reading{row: row, layout: l}}}
	if !f.sound() {
		return f
	}
	word := f.needed("kind", 20)
	if f.facility.Kind = facility.Parse(word); f.facility.Kind == "" && word != "" {
		zh, en := facility.Names()
		f.wrong("kind", UnknownKind, "不认识的设施类型；可填 "+zh, "this kind of facility isn't known; there are "+en)
	}
	f.facility.Name, f.facility.Code = f.text("name", 80), f.text("code", 60)
	f.house.Address = strings.Join(strings.Fields(f.text("address", 120)), "")
	f.source = f.text("source", 80)
	f.readCommunity()
	f.readPosition(system)
	if !f.placed && f.source == "" && f.house.Address == "" && len(f.problems) == 0 {
		f.wrong("lon", Missing, "没有填写：请填坐标、楼栋标识或地址之一", "it is empty: a facility needs a position, the id of a building or an address")
	}
	return f
}
