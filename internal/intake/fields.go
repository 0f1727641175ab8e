package intake

import (
	"fmt"
	"slices"
	"strings"

	"jingwei/internal/fault"
)

// Kind is what a file has rows of.
type Kind string

// The kinds.
const (
	Houses        Kind = "houses"
	Residents     Kind = "residents"
	Organisations Kind = "organisations"
	Facilities    Kind = "facilities"
	Vehicles      Kind = "vehicles"
)

// Kinds are all of them, in the order in which they are brought.
var Kinds = []Kind{Houses, Residents, Organisations, Facilities, Vehicles}

// Placed tells whether rows of a kind may have positions, so that their system of coordinates matters.
func (k Kind) Placed() bool { return k != Residents && k != Vehicles }

// ParseKind reads a kind. Fault: Invalid.
func ParseKind(s string) (Kind, error) {
	if slices.Contains(Kinds, Kind(s)) {
		return Kind(s), nil
	}
	return "", invalid(fmt.Sprintf("没有导入种类 %.40q；可用：houses（房屋）、residents（居民）、organisations（单位）、facilities（设施）、vehicles（车辆）", s),
		fmt.Sprintf("there is no kind of import %.40q; there are houses, residents, organisations, facilities and vehicles", s)).At("kind")
}

// Field is what a column can be.
type Field struct {
	Name   string // for programs
	ZH, EN string
	Needed bool     // no row is complete without it
	Secret bool     // it is about a person: a preview masks it
	Called []string // what else a column may be called, blanks and case apart
}

// FieldsOf are the fields of a kind, in the order in which they are shown.
func FieldsOf(k Kind) []Field {
	switch k {
	case Houses:
		return houseFields
	case Organisations:
		return organisationFields
	case Facilities:
		return facilityFields
	case Vehicles:
		return vehicleFields
	}
	return residentFields
}

var houseFields = []Field{
	{Name: "code", ZH: "房屋编号", EN: "house code", Needed: true, Called: []string{"房屋编码", "房屋代码", "户室编号", "户室编码", "房屋ID", "房屋标识", "house_code", "house code", "code"}},
	{Name: "community", ZH: "社区编码", EN: "community code", Called: []string{"社区代码", "村社区编码", "村（社区）编码", "村（社区）代码", "所属社区编码", "行政区划代码", "区划代码", "community", "community_code"}},
	{Name: "place", ZH: "小区", EN: "compound", Called: []string{"小区名称", "所属小区", "居民小区", "自然村", "小区/自然村", "小区（村）", "place", "compound"}},
	{Name: "number", ZH: "楼栋", EN: "building", Called: []string{"楼号", "楼栋号", "楼幢", "幢号", "栋号", "楼栋名称", "楼宇", "number"}},
	{Name: "unit", ZH: "单元", EN: "entrance", Called: []string{"单元号", "门栋", "单元名称", "unit"}},
	{Name: "floor", ZH: "楼层", EN: "floor", Called: []string{"层", "所在楼层", "层号", "所在层", "floor"}},
	{Name: "room", ZH: "房号", EN: "room", Called: []string{"房间号", "室号", "户室号", "门牌号", "房屋号", "room"}},
	{Name: "address", ZH: "标准地址", EN: "address", Needed: true, Called: []string{"地址", "房屋地址", "详细地址", "房屋坐落", "坐落", "坐落地址", "address"}},
	{Name: "source", ZH: "楼栋标识", EN: "building id", Called: []string{"楼栋编号", "楼栋编码", "楼栋ID", "建筑标识", "building_id", "building id", "source"}},
	{Name: "entrance", ZH: "单元标识", EN: "entrance id", Called: []string{"单元编号", "单元编码", "单元ID", "entrance_id", "entrance id"}},
	{Name: "use", ZH: "用途", EN: "use", Called: []string{"房屋用途", "房屋使用情况", "使用情况", "房屋状态", "use"}},
	{Name: "area", ZH: "建筑面积", EN: "floor area", Called: []string{"面积", "房屋面积", "建筑面积（平方米）", "建筑面积(m²)", "建筑面积（㎡）", "area"}},
	{Name: "lon", ZH: "经度", EN: "longitude", Called: []string{"lon", "lng", "long", "longitude", "x", "x坐标", "经度（°）"}},
	{Name: "lat", ZH: "纬度", EN: "latitude", Called: []string{"lat", "latitude", "y", "y坐标", "纬度（°）"}},
}

var residentFields = []Field{
	{Name: "name", ZH: "姓名", EN: "name", Needed: true, Secret: true, Called: []string{"居民姓名", "人员姓名", "名字", "name"}},
	{Name: "card", ZH: "身份证号", EN: "ID number", Secret: true, Called: []string{"身份证", "身份证号码", "公民身份号码", "居民身份证号", "身份号码", "证件号码", "证件号", "公民身份证号码", "id_number", "id number", "idcard", "id card"}},
	{Name: "sex", ZH: "性别", EN: "sex", Secret: true, Called: []string{"sex", "gender"}},
	{Name: "born", ZH: "出生日期", EN: "date of birth", Secret: true, Called: []string{"出生年月", "出生年月日", "生日", "born", "birthday", "date of birth"}},
	{Name: "nation", ZH: "民族", EN: "ethnic group", Secret: true, Called: []string{"nation", "ethnicity"}},
	{Name: "phone", ZH: "手机号", EN: "phone", Secret: true, Called: []string{"手机", "手机号码", "联系电话", "联系方式", "电话", "电话号码", "移动电话", "phone", "mobile"}},
	{Name: "house", ZH: "房屋编号", EN: "house code", Called: []string{"房屋编码", "房屋代码", "户室编号", "户室编码", "所住房屋编号", "房屋ID", "house", "house_code", "house code"}},
	{Name: "address", ZH: "居住地址", EN: "address", Called: []string{"现住址", "现住地址", "住址", "居住地", "现居住地址", "现居住地", "家庭住址", "家庭地址", "实际居住地址", "地址", "标准地址", "address"}},
	{Name: "household", ZH: "户号", EN: "household", Called: []string{"户编号", "家庭编号", "户口簿编号", "户口号", "household"}},
	{Name: "relation", ZH: "与户主关系", EN: "relation", Secret: true, Called: []string{"户主关系", "与户主的关系", "关系", "家庭关系", "relation"}},
	{Name: "stay", ZH: "居住类型", EN: "kind of residence", Secret: true, Called: []string{"人口类型", "人员类型", "人员类别", "人口类别", "居住性质", "stay"}},
	{Name: "registered", ZH: "户籍地址", EN: "registered address", Secret: true, Called: []string{"户籍地", "户口所在地", "户籍所在地", "户口地址", "户籍详细地址", "registered"}},
	{Name: "since", ZH: "入住日期", EN: "moved in", Called: []string{"入住时间", "迁入日期", "迁入时间", "居住起始日期", "来本地时间", "since", "moved in"}},
	{Name: "until", ZH: "迁出日期", EN: "moved out", Called: []string{"迁出时间", "搬离日期", "离开日期", "搬出日期", "until", "moved out"}},
	{Name: "education", ZH: "文化程度", EN: "education", Secret: true, Called: []string{"学历", "教育程度", "受教育程度", "education"}},
	{Name: "care", ZH: "标签", EN: "labels", Secret: true, Called: []string{"人员标签", "关爱类型", "特殊情况", "关注类型", "labels"}},
}

// The fields that say where something is.
var (
	addressField   = Field{Name: "address", ZH: "地址", EN: "address", Called: []string{"详细地址", "住所", "经营场所", "注册地址", "单位地址", "所在地址", "位置", "标准地址", "address"}}
	sourceField    = Field{Name: "source", ZH: "楼栋标识", EN: "building id", Called: []string{"楼栋编号", "楼栋编码", "楼栋ID", "建筑标识", "building_id", "building id", "source"}}
	communityField = Field{Name: "community", ZH: "社区编码", EN: "community code", Called: []string{"社区代码", "村社区编码", "村（社区）编码", "村（社区）代码", "所属社区编码", "行政区划代码", "区划代码", "community", "community_code"}}
	lonField       = Field{Name: "lon", ZH: "经度", EN: "longitude", Called: []string{"lon", "lng", "long", "longitude", "x", "x坐标", "经度（°）"}}
	latField       = Field{Name: "lat", ZH: "纬度", EN: "latitude", Called: []string{"lat", "latitude", "y", "y坐标", "纬度（°）"}}
)

var organisationFields = []Field{
	{Name: "name", ZH: "名称", EN: "name", Needed: true, Called: []string{"单位名称", "机构名称", "企业名称", "法人名称", "商户名称", "店铺名称", "字号", "name"}},
	{Name: "code", ZH: "统一社会信用代码", EN: "credit code", Called: []string{"社会信用代码", "信用代码", "统一信用代码", "统一代码", "营业执照号", "credit_code", "credit code", "uscc", "code"}},
	{Name: "kind", ZH: "类别", EN: "kind", Called: []string{"单位类别", "单位类型", "机构类型", "机构类别", "企业类型", "主体类型", "类型", "kind", "type"}},
	addressField,
	{Name: "house", ZH: "房屋编号", EN: "house code", Called: []string{"房屋编码", "房屋代码", "户室编号", "房屋ID", "house", "house_code", "house code"}},
	sourceField, communityField,
	{Name: "contact", ZH: "联系人", EN: "contact", Secret: true, Called: []string{"法定代表人", "法人代表", "法人", "负责人", "经营者", "单位负责人", "contact", "legal person"}},
	{Name: "phone", ZH: "联系电话", EN: "phone", Secret: true, Called: []string{"电话", "手机号", "手机", "联系方式", "电话号码", "负责人电话", "法人电话", "phone", "telephone"}},
	{Name: "staff", ZH: "从业人数", EN: "staff", Called: []string{"从业人员数", "职工人数", "员工人数", "人数", "staff", "employees"}},
	lonField, latField,
}

var facilityFields = []Field{
	{Name: "kind", ZH: "类型", EN: "kind", Needed: true, Called: []string{"设施类型", "设施类别", "类别", "种类", "kind", "type"}},
	{Name: "name", ZH: "名称", EN: "name", Called: []string{"设施名称", "部件名称", "name"}},
	{Name: "code", ZH: "编号", EN: "code", Called: []string{"设施编号", "设施编码", "部件编码", "标识码", "编码", "id", "code"}},
	addressField, sourceField, communityField, lonField, latField,
}

var vehicleFields = []Field{
	{Name: "plate", ZH: "号牌号码", EN: "plate", Needed: true, Secret: true, Called: []string{"车牌号", "车牌", "车牌号码", "号牌", "车号", "plate"}},
	{Name: "kind", ZH: "车辆类型", EN: "kind", Called: []string{"车型", "类型", "车辆种类", "kind", "type"}},
	{Name: "colour", ZH: "颜色", EN: "colour", Called: []string{"车身颜色", "车辆颜色", "colour", "color"}},
	{Name: "owner", ZH: "车主", EN: "owner", Secret: true, Called: []string{"所有人", "机动车所有人", "车主姓名", "使用人", "owner"}},
	{Name: "house", ZH: "房屋编号", EN: "house code", Needed: true, Called: []string{"房屋编码", "房屋代码", "户室编号", "户室编码", "房屋ID", "house", "house_code", "house code"}},
}

// The columns that a file of rejected rows has besides its own: when it is sent again they are nobody's.
const (
	problemColumn = "错误说明"
	whereColumn   = "错误所在列"
	lineColumn    = "原文件行号"
)

// called is a column's name as names are compared.
func called(s string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune(" \t　*＊:：_-", r):
			return -1
		case r == '(':
			return '（'
		case r == ')':
			return '）'
		}
		return r
	}, tidy(s)))
}

// Guess finds which column is what by their names: field → place of its column.
func Guess(k Kind, columns []string) map[string]int {
	out := map[string]int{}
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = called(c)
	}
	taken := make([]bool, len(columns))
	find := func(f Field, some ...string) {
		for _, name := range some {
			if _, there := out[f.Name]; there {
				return
			}
			if i := slices.Index(names, called(name)); i >= 0 && !taken[i] {
				out[f.Name], taken[i] = i, true
			}
		}
	}
	// What is called exactly so comes before what may be called so: 地址 is the address only where no other column is.
	for _, f := range FieldsOf(k) {
		find(f, f.ZH)
	}
	for _, f := range FieldsOf(k) {
		find(f, f.Called...)
	}
	return out
}

// CheckMapping finds a mapping complete and its columns there. Faults: Invalid.
func CheckMapping(k Kind, columns []string, mapping map[string]int) error {
	if err := checkPlaces(k, columns, mapping); err != nil {
		return err
	}
	used := map[int]bool{}
	for _, at := range mapping {
		if used[at] {
			return invalid(fmt.Sprintf("列“%s”被用了两次", columns[at]), fmt.Sprintf("the column %q is used twice", columns[at])).At("mapping")
		}
		used[at] = true
	}
	var zh, en []string
	for _, f := range FieldsOf(k) {
		if _, there := mapping[f.Name]; f.Needed && !there {
			zh, en = append(zh, f.ZH), append(en, f.EN)
		}
	}
	if len(zh) > 0 {
		return fault.New(fault.Invalid, "请指明哪一列是"+strings.Join(zh, "、"), "say which column is the "+strings.Join(en, ", the ")).At("mapping")
	}
	is := func(field string) bool { _, there := mapping[field]; return there }
	switch {
	case k == Residents && !is("house") && !is("address"):
		return invalid("请指明哪一列是房屋编号，或者居住地址", "say which column is the house code, or the address").At("mapping")
	case (k == Organisations || k == Facilities) && !is("house") && !is("address") && !is("source") && !(is("lon") && is("lat")):
		return invalid("请指明哪些列说明位置：地址、楼栋标识，或经度和纬度（单位也可用房屋编号）", "say which columns tell the place: an address, a building's id, or longitude and latitude (for organisations a house code will do)").At("mapping")
	}
	return nil
}

// checkPlaces refuses a mapping of fields that there aren't, or onto columns that the file hasn't: no row could be looked at by it.
func checkPlaces(k Kind, columns []string, mapping map[string]int) error {
	for name, at := range mapping {
		i := slices.IndexFunc(FieldsOf(k), func(f Field) bool { return f.Name == name })
		switch {
		case i < 0:
			return invalid(fmt.Sprintf("没有字段 %.40q", name), fmt.Sprintf("there is no field %.40q", name)).At("mapping")
		case at < 0 || at >= len(columns):
			return invalid(fmt.Sprintf("%s 所指的列不存在", FieldsOf(k)[i].ZH), fmt.Sprintf("the column for %s isn't there", FieldsOf(k)[i].EN)).At("mapping")
		}
	}
	return nil
}
