package address

// Input is what a gazetteer is built from. Ids are the caller's and are handed back; 0 is no id. What refers to something that isn't there
// is refused by New, with the id.
type Input struct {
	Divisions []DivisionEntry
	Streets   []StreetEntry
	Compounds []CompoundEntry
	Buildings []BuildingEntry
	Entrances []EntranceEntry
	Houses    []HouseEntry
	Aliases   []Alias
}

// Point is a position in degrees, WGS 84.
type Point struct{ Lon, Lat float64 }

// DivisionEntry is a province (2 digits), prefecture (4), county (6), town (9) or community (12). Those above the county may be left out; where
// they are given, a text that names another is refused.
type DivisionEntry struct {
	Code, Name string
	At         Point
}

// StreetEntry lies in a division: the smallest that holds all of it, a county where it is long.
type StreetEntry struct {
	ID             int64
	Name, Division string
	At             Point
}

// CompoundEntry is a 小区 or another named piece of ground with buildings, also a natural village. Street and Number are those of its gate.
type CompoundEntry struct {
	ID              int64
	Name, Community string // Community is the division's code, of a town where the community isn't known
	Street          int64
	Number          string // "12号"
	At              Point
}

// BuildingEntry stands in a compound under its name (3号楼, A座, 综合楼), on a street under its number (12号), or in a village, with neither, under
// its number (45号). Section is the part of the compound or village that counts by itself: 二期, 东区, 3组.
type BuildingEntry struct {
	ID            int64
	Name, Section string
	Compound      int64
	Street        int64
	Number        string
	Community     string
	At            Point
}

// EntranceEntry is an entrance (单元) of a building.
type EntranceEntry struct {
	ID, Building int64
	Name         string // "2单元"
	At           Point
}

// HouseEntry is a house: one dwelling of a building. Room is empty where the building is one house.
type HouseEntry struct {
	ID, Building, Entrance int64
	Room                   string // "501"
}

// Alias is another name of a place, or a whole address that somebody placed once.
type Alias struct {
	Text string
	Of   Ref
}

// Ref names a place: a division by its code, everything else by its level and id.
type Ref struct {
	Level Level
	ID    int64
	Code  string
}
