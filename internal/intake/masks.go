package intake

import (
	"slices"
	"strings"

	"jingwei/internal/mask"
)

// masksOf is how a preview shows the cells of each column of an import: enough to see which column is what. A file may be brought as what it isn't, so a
// column that is called like something about a person in a file of any kind is masked, whatever this one is said to be of.
func masksOf(j *Job) []func(string) string {
	people := holdsPeople(j.Kind, j.Columns)
	out := make([]func(string) string, len(j.Columns))
	for i, column := range j.Columns {
		out[i] = maskOf(j, i, called(column), people)
	}
	return out
}

func maskOf(j *Job, at int, name string, people bool) func(string) string {
	own, mapped := mappedTo(j, at)
	if f, found := fieldCalled(name, FieldsOf(j.Kind)); !found || f.Secret || people {
		for _, k := range Kinds {
			if f, found := fieldCalled(name, FieldsOf(k)); found && f.Secret {
				return maskOfField(f)
			}
		}
	}
	switch {
	case mapped && own.Secret:
		return maskOfField(own)
	case slices.ContainsFunc(personalWords, func(w string) bool { return strings.Contains(name, w) }):
		return hint
	case mapped, j.Kind == Houses, j.Kind == Facilities:
		return mask.Text
	}
	return hint
}

// personalWords are in names of columns that are about a person in whatever way they go on.
var personalWords = []string{"姓名", "人名", "身份证", "证件", "电话", "手机", "业主", "房主", "户主", "产权人", "所有人", "承租", "租客", "联系人", "负责人"}

// holdsPeople tells that a table is of people although it is brought as something else: it has columns that only people have. What may be a person's name or
// the name of something is taken for a person's then.
func holdsPeople(k Kind, columns []string) bool {
	return slices.ContainsFunc(columns, func(c string) bool {
		if _, known := fieldCalled(called(c), FieldsOf(k)); known {
			return false
		}
		f, found := fieldCalled(called(c), residentFields)
		return found && slices.Contains([]string{"card", "sex", "born", "nation", "relation"}, f.Name)
	})
}

func mappedTo(j *Job, column int) (Field, bool) {
	for _, f := range FieldsOf(j.Kind) {
		if at, there := j.Mapping[f.Name]; there && at == column {
			return f, true
		}
	}
	return Field{}, false
}

// fieldCalled finds what a column of a name, as names are compared, is by it.
func fieldCalled(name string, fields []Field) (Field, bool) {
	for _, f := range fields {
		if called(f.ZH) == name || slices.ContainsFunc(f.Called, func(c string) bool { return called(c) == name }) {
			return f, true
		}
	}
	return Field{}, false
}

func maskOfField(f Field) func(string) string {
	switch f.Name {
	case "card":
		return mask.ID
	case "phone":
		return mask.Phone
	}
	return hint
}

// hint is the first character, and how long the rest is.
func hint(s string) string {
	r := []rune(s)
	if len(r) == 0 {
		return ""
	}
	return string(r[:1]) + strings.Repeat("*", min(len(r)-1, 8))
}
