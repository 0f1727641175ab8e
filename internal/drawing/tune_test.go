package drawing

import ("os";"strconv")

func init() {
	for name, v := range map[string]*float64{"STEP":&outStep,"SLOPE":&outSlope,"SOFT":&softest,"PF":&pressFrom,"PT":&pressTo} {
		if x, err := strconv.ParseFloat(os.Getenv(name), 64); err == nil { *v = x }
	}
	w := presets["balanced"]
	for name, v := range map[string]*float64{"OPEN":&w.Open,"BAR":&w.Barrier,"BEND":&w.Bend} {
		if x, err := strconv.ParseFloat(os.Getenv(name), 64); err == nil { *v = x }
	}
	presets["balanced"] = w
}
