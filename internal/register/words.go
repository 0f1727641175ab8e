package register

// The words that files of houses and residents have, in the form that counties use, and what they are here.

var occupancyWords = map[string]struct {
	kind      HouseKind
	occupancy Occupancy
}{
	"自住": {Home, OwnerLives}, "出租": {Home, Rented}, "空置": {Home, Vacant}, "商用": {Shop, ""}, "商业": {Shop, ""}, "商铺": {Shop, ""}, "办公": {Office, ""}, "住宅": {Home, ""},
	"其他": {Other, ""},
}

// ParseUse reads what a house is used for (用途); false for a word that isn't known. Nothing is a home.
func ParseUse(s string) (HouseKind, Occupancy, bool) {
	if s == "" {
		return Home, "", true
	}
	u, known := occupancyWords[s]
	return u.kind, u.occupancy, known
}

var stayWords = map[string]Stay{"户籍在册": Registered, "常住": Registered, "户籍": Registered, "人户分离": Separated, "流动人口": Floating, "流动": Floating, "外来": Floating}

// ParseStay reads how somebody lives in a house (居住类型); false for a word that isn't known. Nothing is registered there.
func ParseStay(s string) (Stay, bool) {
	if s == "" {
		return Registered, true
	}
	stay, known := stayWords[s]
	return stay, known
}

// careWords are the kinds of care that every county has, as files call them: those of county 0 in the table care_kind, which has the rest.
var careWords = []struct{ kind, zh string }{
	{"alone", "独居老人"}, {"empty-nest", "空巢老人"}, {"aged", "高龄"}, {"disabled", "残疾"}, {"destitute", "特困"}, {"low-income", "低保"}, {"left-behind", "留守儿童"}, {"veteran", "退役军人"},
}

// CareWords are the Chinese names of the kinds of care that every county has.
func CareWords() []string {
	words := make([]string, len(careWords))
	for i, k := range careWords {
		words[i] = k.zh
	}
	return words
}

// ParseCare reads why somebody is looked after, by its Chinese name; false for a word that isn't known.
func ParseCare(s string) (string, bool) {
	for _, k := range careWords {
		if k.zh == s {
			return k.kind, true
		}
	}
	return "", false
}

// ParseSex reads a sex; false for a word that isn't known.
func ParseSex(s string) (Sex, bool) {
	switch s {
	case "男", "男性", "M", "male":
		return Male, true
	case "女", "女性", "F", "female":
		return Female, true
	case "", "未知", "未说明":
		return Unknown, true
	}
	return "", false
}
