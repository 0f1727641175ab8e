package city

// site is what a plan is told about the place it is made for. The zero value with a globe is a town that
// stands alone, with villages of its own.
type site struct {
	globe       globe
	at          vec    // in the globe's plane: where the middle of the plan lies
	name        string // of the town; "" takes one of the word list
	river       string
	railway     string
	communities int    // how many to form; 0 for one to about 4,300 residents
	inCounty    bool   // a part of a county: what lies around it isn't its own
	roadOnly    bool   // the railway passes elsewhere
	dry         bool   // no river runs through
	prefix      string // of its buildings' ids, so that they differ from other places'
}
