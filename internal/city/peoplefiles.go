package city

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// What the files of people are called, and their columns. docs/people-files.md says what stands in each.
const (
	HousesFile        = "houses.csv"
	ResidentsFile     = "residents.csv"
	OrganisationsFile = "organisations.csv"
	VehiclesFile      = "vehicles.csv"
)

var (
	houseColumns = []string{"房屋编号", "社区编码", "小区", "楼栋", "单元", "楼层", "房号", "标准地址", "楼栋标识", "单元标识", "用途", "建筑面积", "经度", "纬度"}

	residentColumns = []string{"姓名", "性别", "民族", "出生日期", "身份证号", "手机号", "房屋编号", "户号", "与户主关系", "居住类型", "户籍地址", "入住日期", "迁出日期", "文化程度", "标签"}

	organisationColumns = []string{"名称", "统一社会信用代码", "类别", "地址", "房屋编号", "楼栋标识", "联系人", "联系电话", "从业人数"}

	vehicleColumns = []string{"号牌号码", "车辆类型", "颜色", "车主", "户号", "房屋编号"}
)

// sheet is a CSV file that rows are added to.
type sheet struct {
	name string
	file *os.File
	out  *bufio.Writer
	line []byte
	rows int
}

func newSheet(dir, name string, columns []string) (*sheet, error) {
	file, err := os.Create(filepath.Join(dir, name))
	if err != nil {
		return nil, fmt.Errorf("city: %w", err)
	}
	s := &sheet{name: name, file: file, out: bufio.NewWriterSize(file, 1<<18)}
	for _, c := range columns {
		s.text(c)
	}
	s.end()
	s.rows = 0
	return s, nil
}

// text adds a field to the line, in quotation marks where it needs them (RFC 4180).
func (s *sheet) text(field string) {
	if needsQuotes(field) {
		field = `"` + strings.ReplaceAll(field, `"`, `""`) + `"`
	}
	s.line = append(append(s.line, field...), ',')
}

func needsQuotes(field string) bool {
	for i := range len(field) {
		switch field[i] {
		case ',', '"', '\r', '\n':
			return true
		}
	}
	return false
}

func (s *sheet) number(n int) { s.line = append(strconv.AppendInt(s.line, int64(n), 10), ',') }

// date adds one, or nothing for the zero time.
func (s *sheet) date(t time.Time) {
	if !t.IsZero() {
		s.line = t.AppendFormat(s.line, time.DateOnly)
	}
	s.line = append(s.line, ',')
}

// end writes the line; an error stays with the writer and is given back, as it is at close.
func (s *sheet) end() error {
	s.line[len(s.line)-1] = '\n'
	_, err := s.out.Write(s.line)
	s.line = s.line[:0]
	s.rows++
	return err
}

func (s *sheet) close() error {
	if err := s.out.Flush(); err != nil {
		s.file.Close()
		return fmt.Errorf("city: %s: %w", s.name, err)
	}
	if err := s.file.Close(); err != nil {
		return fmt.Errorf("city: %s: %w", s.name, err)
	}
	return nil
}

// peopleFiles are the four of them.
type peopleFiles struct{ houses, residents, organisations, vehicles *sheet }

func newPeopleFiles(dir string) (*peopleFiles, error) {
	f := &peopleFiles{}
	for _, x := range []struct {
		to      **sheet
		name    string
		columns []string
	}{{&f.houses, HousesFile, houseColumns}, {&f.residents, ResidentsFile, residentColumns},
		{&f.organisations, OrganisationsFile, organisationColumns}, {&f.vehicles, VehiclesFile, vehicleColumns}} {
		var err error
		if *x.to, err = newSheet(dir, x.name, x.columns); err != nil {
			return nil, err
		}
	}
	return f, nil
}

func (f *peopleFiles) all() []*sheet {
	return []*sheet{f.houses, f.residents, f.organisations, f.vehicles}
}

// close closes all files and says how many rows each has.
func (f *peopleFiles) close() ([]ManifestFile, error) {
	var out []ManifestFile
	var first error
	for _, s := range f.all() {
		if err := s.close(); err != nil && first == nil {
			first = err
		}
		out = append(out, ManifestFile{s.name, s.rows})
	}
	return out, first
}

// takers write what they are handed, and hand it on.
func (f *peopleFiles) takers(next Takers) Takers {
	return Takers{
		House: func(h House, residents []Resident) error {
			if err := f.house(&h); err != nil {
				return err
			}
			for i := range residents {
				if err := f.resident(&residents[i]); err != nil {
					return err
				}
			}
			if next.House == nil {
				return nil
			}
			return next.House(h, residents)
		},
		Organisation: func(o Organisation) error {
			if err := f.organisation(&o); err != nil || next.Organisation == nil {
				return err
			}
			return next.Organisation(o)
		},
		Vehicle: func(v Vehicle) error {
			if err := f.vehicle(&v); err != nil || next.Vehicle == nil {
				return err
			}
			return next.Vehicle(v)
		},
	}
}

func (f *peopleFiles) house(h *House) error {
	s := f.houses
	for _, x := range [...]string{h.Number, h.Community, h.Place, h.Building, h.Unit} {
		s.text(x)
	}
	s.number(h.Floor)
	for _, x := range [...]string{h.Room, h.Address, h.Source, h.Entrance, h.Use} {
		s.text(x)
	}
	s.line = append(strconv.AppendFloat(s.line, h.Area, 'f', 1, 64), ',')
	s.line = append(appendDegrees(s.line, h.At.X), ',')
	s.line = append(appendDegrees(s.line, h.At.Y), ',')
	return s.end()
}

func (f *peopleFiles) resident(r *Resident) error {
	s := f.residents
	s.text(r.Name)
	s.text(string(r.Sex))
	s.text(r.Nation)
	s.date(r.Born)
	for _, x := range [...]string{string(r.ID), r.Phone, r.House, r.Household, r.Relation, r.Stay, r.Registered} {
		s.text(x)
	}
	s.date(r.Since)
	s.date(r.Until)
	s.text(r.Education)
	for i, l := range r.Labels {
		if i > 0 {
			s.line = append(s.line, "；"...)
		}
		s.line = append(s.line, l...)
	}
	s.line = append(s.line, ',')
	return s.end()
}

func (f *peopleFiles) organisation(o *Organisation) error {
	s := f.organisations
	for _, x := range [...]string{o.Name, string(o.Code), o.Kind, o.Address, o.House, o.Source, o.Contact, o.Phone} {
		s.text(x)
	}
	s.number(o.Employees)
	return s.end()
}

func (f *peopleFiles) vehicle(v *Vehicle) error {
	s := f.vehicles
	for _, x := range [...]string{v.Plate, v.Kind, v.Colour, v.Owner, v.Household, v.House} {
		s.text(x)
	}
	return s.end()
}
