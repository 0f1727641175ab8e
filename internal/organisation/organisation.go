package organisation

import (
	"slices"

	"jingwei/internal/audit"
	"jingwei/internal/planar"
	"jingwei/internal/register"
	"jingwei/internal/vault"
)

// Book is the register's organisations and vehicles, with what it needs to open and to note things.
type Book struct {
	Vault *vault.Vault
	Trail *audit.Trail
}

// Kind is what an organisation is.
type Kind string

// The kinds.
const (
	Company    Kind = "company"
	Trader     Kind = "trader"     // 个体工商户
	Government Kind = "government" // 机关事业单位
	School     Kind = "school"
	Hospital   Kind = "hospital"
	Society    Kind = "society"   // 社会组织: associations, foundations, private non-enterprise units
	Committee  Kind = "committee" // 居委会, 村委会 and what belongs to them
	Other      Kind = "other"
)

// Kinds are all of them, in the order in which they are shown.
var Kinds = []struct {
	Kind   Kind
	ZH, EN string
}{
	{Company, "企业", "company"}, {Trader, "个体工商户", "sole trader"}, {Government, "机关事业单位", "public authority"}, {School, "学校", "school"},
	{Hospital, "医疗机构", "medical institution"}, {Society, "社会组织", "association"}, {Committee, "社区组织", "community body"}, {Other, "其他", "other"},
}

// synonyms are other words of counties' tables.
var synonyms = map[string]Kind{
	"": Other, "其它": Other, "个体": Trader, "个体户": Trader, "商户": Trader, "公司": Company, "有限责任公司": Company, "股份有限公司": Company, "个人独资企业": Company, "合伙企业": Company,
	"农民专业合作社": Company, "住宿业": Company, "交通运输": Company, "机关": Government, "事业单位": Government, "党政机关": Government, "行政机关": Government, "国家机关": Government,
	"医院": Hospital, "医疗": Hospital, "医疗卫生机构": Hospital, "诊所": Hospital, "卫生院": Hospital, "幼儿园": School, "教育": School, "教育机构": School, "学校幼儿园": School,
	"社会团体": Society, "民办非企业": Society, "民办非企业单位": Society, "社会服务机构": Society, "基金会": Society, "协会": Society,
	"居委会": Committee, "村委会": Committee, "基层组织": Committee, "村（社区）组织": Committee,
}

// ParseKind reads what a file calls a kind; false for a word that isn't known. Nothing is other.
func ParseKind(s string) (Kind, bool) {
	if k, known := synonyms[s]; known {
		return k, true
	}
	i := slices.IndexFunc(Kinds, func(k struct {
		Kind   Kind
		ZH, EN string
	}) bool {
		return k.ZH == s || string(k.Kind) == s
	})
	if i < 0 {
		return "", false
	}
	return Kinds[i].Kind, true
}

// New is an organisation as an import brings it, found on the ground by its caller: in a house, or at a place of its own.
type New struct {
	Code    string // 统一社会信用代码, "" where none is on record
	Name    string
	Kind    Kind
	Address string
	Staff   int    // -1: not known
	Contact string // the legal person, or whom to ask for; "" for none on record
	Phone   string

	House     register.HouseRef // zero: it has a place of its own
	Building  int64             // 0: on no footprint
	At        planar.Point
	Block     int64
	Community int64 // 12 digits, of the block
}

// Organisation is one on record.
type Organisation struct {
	ID        register.ID
	Code      string
	Name      string
	Kind      Kind
	Address   string
	Staff     int         // -1: not known
	Contact   string      // masked, "" for none on record
	Phone     string      // likewise
	House     register.ID // zero: it has a place of its own
	Building  int64       // 0: on no footprint
	Lon, Lat  float64
	Grid      int64  // 0: in none
	Community string // its name
}
