package incident

import (
	"time"

	"jingwei/internal/audit"
	"jingwei/internal/fault"
	"jingwei/internal/layout"
	"jingwei/internal/vault"
)

// Desk is where incidents are reported and looked at. Any number of goroutines may use it.
type Desk struct {
	Ground *layout.Locators // the live ground in memory
	Vault  *vault.Vault     // seals what was said and whom to call; nil: there are no keys
	Trail  *audit.Trail     // nil: there is none
}

// Incident is what somebody has to handle, as it may be shown: numbers in its text and the contact are masked.
type Incident struct {
	ID         ID
	Kind       Kind
	Severity   Severity
	Special    string // the special group that it concerns, "" for none
	State      string
	GivenX     float64 // the position as it came, in GivenCRS
	GivenY     float64
	GivenCRS   string
	Lon, Lat   float64 // in WGS 84, on the lattice
	Grid       layout.Code
	GridName   string
	FiledGrid  layout.Code
	Block      int64
	Building   *Building // the nearest within 50 m, if there is one
	Place      string    // in words: town, community, building
	Text       string
	Contact    *Contact // nil when nobody left one
	ReportedAt time.Time
	ReportedBy string // as others call the reporter
	NearBorder bool   // at a border of two grids the neighbour was chosen
}

// Building is one near an incident.
type Building struct {
	ID      int64
	Name    string
	Address string
	Metres  float64 // 0: the incident is in it
}

// ready says that there is what reports and looks need. Fault: Unavailable.
func (d *Desk) ready() error {
	if d.Vault != nil && d.Trail != nil {
		return nil
	}
	return fault.New(fault.Unavailable, "没有密钥，事件功能不可用；请管理员用 --keys 指定密钥文件后重新启动",
		"there are no keys, so incidents can be neither taken nor shown; the administrator has to name the key file (--keys) and start again")
}
