package address

// Level is what a part of an address names, from the largest to the smallest.
type Level uint8

const (
	Nothing    Level = iota
	Province         // 省、自治区
	Prefecture       // 市、州 above the county
	County           // 县、区、县级市
	Town             // 镇、乡、街道
	Community        // 社区、居委会、村
	Street           // 路、街、巷、胡同、大道
	Number           // what a street or a village counts by: 12号, 88弄, 12号院
	Compound         // 小区、苑、花园、公寓、新村
	Section          // part of a compound or village: 二期, 东区, 3组, 2排
	Building         // 号楼、栋、幢、座
	Entrance         // 单元、门
	Floor            // 层
	House            // 室、户
)

var levelNames = [...]string{"nothing", "province", "prefecture", "county", "town", "community", "street", "number", "compound", "section",
	"building", "entrance", "floor", "house"}

func (l Level) String() string {
	if int(l) < len(levelNames) {
		return levelNames[l]
	}
	return "unknown"
}

// Part is one level of an address.
type Part struct {
	Level      Level
	Text       string // as it was written
	Normal     string // names: without blanks and in half width; numbers: "12", "12甲", "12-1", "A3"; sections: "2期", "东区"
	Start, End int    // bytes of the text it was read from
}

// RestKind says why a piece of text is no part of the address.
type RestKind uint8

const (
	Unknown  RestKind = iota // not understood
	Filler                   // says nothing: 地址, 家住
	Relation                 // 旁边, 对面: the place meant is near the one named
	Phone                    // a telephone number, a postcode, an ID number, a date
)

var restNames = [...]string{"unknown", "filler", "relation", "phone"}

func (k RestKind) String() string { return restNames[k] }

// Rest is a piece of text that is no part of the address. It is handed back so that nobody has to believe it was used.
type Rest struct {
	Kind       RestKind
	Text       string
	Start, End int
}

// Address is what was read from a text: Parts from left to right, and what is no part. Every character of the text that isn't blank or
// punctuation is in one of them.
type Address struct {
	Parts []Part
	Rest  []Rest
}

// Get is the normal form of a level, empty when the address doesn't have it.
func (a Address) Get(l Level) string {
	for _, p := range a.Parts {
		if p.Level == l {
			return p.Normal
		}
	}
	return ""
}

// Near says whether the text names a place beside the one meant (旁边, 对面).
func (a Address) Near() bool { return a.relations() > 0 }

func (a Address) relations() (n int) {
	for _, r := range a.Rest {
		n += b2i(r.Kind == Relation)
	}
	return n
}
