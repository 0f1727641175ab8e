package ingest

import (
	"fmt"
)

// turnDown refuses a feature, and counts whom it holds.
func (d *divisionImport) turnDown(where string, rec *record, why *note) {
	d.note(&d.report.Refused, where, why)
	s := rec.tags.get(d.PopulationField)
	if d.PopulationField == "" || s == "" {
		return
	}
	n, ok, _ := peopleUpTo(s, maxTotal)
	d.report.count(ofDivisions, refused(n))
	if !ok {
		d.report.count(ofDivisions, Census{Uncounted: 1})
	}
}

// people puts a number of them into a phrase, where it is known.
func people(n int, phrase string) string {
	if n < 0 {
		return ""
	}
	return fmt.Sprintf(phrase, n)
}

// population reads the total of residents. Models give fractions: they are rounded.
func (d *divisionImport) population(f *foundDivision, rec *record) {
	s := rec.tags.get(d.PopulationField)
	if d.PopulationField == "" || s == "" {
		return
	}
	n, ok, exact := peopleUpTo(s, maxTotal)
	if !ok {
		d.report.count(ofDivisions, Census{Uncounted: 1})
		rec.notes = append(rec.notes, mended(kindPopulation, fmt.Sprintf("人口 %.20q 读不懂", s),
			fmt.Sprintf("population %.20q can't be read", s), "当作未知；请更正后重新导入", "taken as not known; correct it and import again"))
		return
	}
	if !exact {
		d.fractions.see(f.Name, n)
	}
	d.report.count(ofDivisions, stored(n))
	f.Residents = n
	f.ResidentsSource = d.PopulationField + " of " + d.file
}
