package incident

import (
	"crypto/rand"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"jingwei/internal/access"
	"jingwei/internal/crs"
	"jingwei/internal/fault"
	"jingwei/internal/typed"
)

// What is taken, in characters.
const (
	mostText    = 2000
	mostName    = 40
	mostRequest = 100
	leastReason = 4
	mostReason  = 200
)

// Report is what somebody says has happened.
type Report struct {
	Kind     string
	Severity Severity // 0: the kind's
	Special  string   // the special group that it concerns, "" for none
	Text     string
	Lon, Lat float64
	CRS      string // wgs84, cgcs2000, gcj02 or bd09; "" is wgs84
	Contact  Contact
	Grid     string // near a border: the grid that is meant, by its code, or Nearest
	Request  string // the reporter's own name for the report: the same one twice is one incident; "": it never comes again
}

// Nearest is what Report.Grid says when nobody can be asked: the grid that the position lies in.
const Nearest = "nearest"

// located is a report that was found fit to be filed, with its position in WGS 84.
type located struct {
	Report
	kind     KindDescription
	lon, lat float64
}

// clean checks a report and brings it into one form. Faults: Invalid, saying what is wrong.
func (r Report) clean() (out located, err error) {
	out.Report = r
	if out.kind, err = kindOf(r.Kind); err != nil {
		return out, err
	}
	if out.Severity == 0 {
		out.Severity = out.kind.Severity
	}
	if err := checkSeverity(out.Severity); err != nil {
		return out, err
	}
	if err := out.checkSpecial(); err != nil {
		return out, err
	}
	if out.Text, err = typed.Text("text", "内容", r.Text, 1, mostText); err != nil {
		return out, err
	}
	if err := out.cleanContact(); err != nil {
		return out, err
	}
	if out.Request == "" {
		out.Request = rand.Text()
	}
	if q := out.Request; utf8.RuneCountInString(q) > mostRequest || strings.ContainsFunc(q, unicode.IsControl) || !utf8.ValidString(q) {
		return out, fault.New(fault.Invalid, fmt.Sprintf("request 不对：最多 %d 个字符，不含控制字符", mostRequest),
			fmt.Sprintf("request is wrong: at most %d characters, none of them a control character", mostRequest))
	}
	return out, out.place()
}

func (r *located) checkSpecial() error {
	if r.Special == "" {
		if r.kind.Special {
			return fault.New(fault.Invalid, fmt.Sprintf("“%s”须说明是哪一类特殊人群（special）", r.kind.ZH),
				fmt.Sprintf("an incident of the kind %s has to say which special group it concerns (special)", r.kind.Kind)).At("special")
		}
		return nil
	}
	_, err := access.ParseLabel(r.Special)
	return err
}

// place brings the position into WGS 84.
func (r *located) place() error {
	if r.CRS == "" {
		r.CRS = crs.WGS84.String()
	}
	system, err := crs.Parse(r.CRS)
	if err != nil {
		return err
	}
	r.CRS = system.String()
	if r.lon, r.lat = system.ToWGS84(r.Lon, r.Lat); !crs.Plausible(r.Lon, r.Lat) || !crs.InChina(r.lon, r.lat) {
		return fault.New(fault.Invalid,
			fmt.Sprintf("点（%g，%g）不在中国境内；lon 是经度，lat 是纬度，请检查是否颠倒", r.Lon, r.Lat),
			fmt.Sprintf("the point (%g, %g) isn't in China; lon is the longitude and lat the latitude: have they been swapped?", r.Lon, r.Lat)).At("lon")
	}
	return nil
}

func (r *located) cleanContact() (err error) {
	if r.Contact.Name, err = typed.Text("contact.name", "联系人姓名", r.Contact.Name, 0, mostName); err != nil {
		return err
	}
	r.Contact.Name = strings.Join(strings.Fields(r.Contact.Name), " ")
	r.Contact.Phone, err = typed.Phone("contact.phone", "联系电话", r.Contact.Phone)
	return err
}
