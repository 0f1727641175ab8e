// Package facility knows the kinds of places that serve people (设施): which there are, what they are called, by
// which tags of OpenStreetMap a source names them, and from which zoom on a map has room for them.
package facility

import "strings"

// Kind is one of the closed list below, as tables, tiles and the API call it.
type Kind string

// The kinds.
const (
	Hospital     Kind = "hospital"
	School       Kind = "school"
	College      Kind = "college"
	Police       Kind = "police"
	FireStation  Kind = "fire_station"
	Kindergarten Kind = "kindergarten"
	Clinic       Kind = "clinic"
	Canteen      Kind = "canteen"
	Care         Kind = "care"
	Pharmacy     Kind = "pharmacy"
	Camera       Kind = "camera"
	Hydrant      Kind = "hydrant"
)

// Description is what is known of a kind.
type Description struct {
	Kind   Kind
	ZH, EN string
	Zoom   int // a map shows it from this zoom on
}

// Kinds are all of them, those that most people look for first.
var Kinds = [...]Description{
	{Hospital, "医院", "Hospital", 13},
	{School, "学校", "School", 13},
	{College, "高等院校", "College", 13},
	{Police, "警务室", "Police post", 13},
	{FireStation, "消防站", "Fire station", 13},
	{Kindergarten, "幼儿园", "Kindergarten", 14},
	{Clinic, "卫生室", "Clinic", 14},
	{Canteen, "食堂", "Canteen", 14},
	{Care, "养老助残", "Care home", 14},
	{Pharmacy, "药店", "Pharmacy", 15},
	{Camera, "摄像头", "Camera", 16},
	{Hydrant, "消火栓", "Hydrant", 16},
}

// byTag is what one tag alone says.
var byTag = map[[2]string]Kind{
	{"amenity", "hospital"}: Hospital, {"healthcare", "hospital"}: Hospital,
	{"amenity", "clinic"}: Clinic, {"amenity", "doctors"}: Clinic, {"healthcare", "clinic"}: Clinic,
	{"amenity", "school"}: School, {"amenity", "kindergarten"}: Kindergarten,
	{"amenity", "university"}: College, {"amenity", "college"}: College,
	{"amenity", "police"}: Police, {"amenity", "fire_station"}: FireStation,
	{"amenity", "canteen"}: Canteen, {"amenity", "nursing_home"}: Care,
	{"amenity", "pharmacy"}: Pharmacy, {"healthcare", "pharmacy"}: Pharmacy,
	{"man_made", "surveillance"}: Camera, {"emergency", "fire_hydrant"}: Hydrant,
}

// keys are the keys of byTag, the one that says most about a place first.
var keys = []string{"amenity", "healthcare", "man_made", "emergency"}

// Of gives the kind of a feature by its tags, "" for what is none; get gives a tag's value. A canteen is a social
// facility in OpenStreetMap: one that feeds people, or calls itself so.
func Of(get func(key string) string) Kind {
	for _, key := range keys {
		if kind, ok := byTag[[2]string{key, get(key)}]; ok {
			return kind
		}
	}
	if get("amenity") == "social_facility" {
		name := get("name")
		if get("social_facility") == "soup_kitchen" || strings.Contains(name, "食堂") || strings.Contains(name, "助餐") {
			return Canteen
		}
		return Care
	}
	return ""
}

// synonyms are other words of counties' tables.
var synonyms = map[string]Kind{
	"卫生院": Hospital, "中心卫生院": Hospital, "人民医院": Hospital, "中医院": Hospital,
	"小学": School, "中学": School, "初中": School, "高中": School,
	"大学": College, "学院": College, "高校": College, "职业学院": College,
	"派出所": Police, "公安局": Police, "警务站": Police, "公安派出所": Police,
	"消防队": FireStation, "消防救援站": FireStation, "微型消防站": FireStation,
	"托儿所": Kindergarten, "托幼": Kindergarten,
	"诊所": Clinic, "卫生所": Clinic, "门诊部": Clinic, "社区卫生服务站": Clinic, "社区卫生服务中心": Clinic, "村卫生室": Clinic,
	"社区食堂": Canteen, "老年食堂": Canteen, "助餐点": Canteen, "长者食堂": Canteen,
	"养老院": Care, "敬老院": Care, "日间照料中心": Care, "养老服务中心": Care, "残疾人之家": Care, "福利院": Care,
	"药房": Pharmacy, "大药房": Pharmacy,
	"监控": Camera, "监控摄像头": Camera, "探头": Camera, "摄像机": Camera,
	"消防栓": Hydrant, "消火栓井": Hydrant, "室外消火栓": Hydrant,
}

// Parse reads what a column of another source calls a kind: its own word, its name in Chinese or English, or another word for it.
func Parse(word string) Kind {
	word = strings.TrimSpace(word)
	if kind, ok := synonyms[word]; ok {
		return kind
	}
	for _, d := range Kinds {
		if strings.EqualFold(word, string(d.Kind)) || word == d.ZH || strings.EqualFold(word, d.EN) {
			return d.Kind
		}
	}
	return ""
}

// Names are the kinds' names in Chinese, and their own words, for a message.
func Names() (zh, en string) {
	var zhs, ens []string
	for _, d := range Kinds {
		zhs, ens = append(zhs, d.ZH), append(ens, string(d.Kind))
	}
	return strings.Join(zhs, "、"), strings.Join(ens, ", ")
}

// Shown are the kinds that a map shows at a zoom.
func Shown(zoom int) []string {
	var shown []string
	for _, d := range Kinds {
		if zoom >= d.Zoom {
			shown = append(shown, string(d.Kind))
		}
	}
	return shown
}
