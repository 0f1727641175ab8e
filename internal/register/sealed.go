package register

import (
	"fmt"
	"strings"

	"jingwei/internal/typed"
	"jingwei/internal/vault"
)

// What the blind indexes are made for. One of a name gives away which residents bear the same one, to who has the database and not the keys.
const (
	namePurpose  = "resident.name"
	cardPurpose  = "resident.card"
	phonePurpose = "resident.phone"
)

// about is what a field of a resident is sealed about: it opens for its own resident only.
func about(purpose string, county int32, id int64) string {
	return fmt.Sprintf("%s:%d:%d", purpose, county, id)
}

// SealedColumns are what of residents is sealed, for vault.RotateColumns.
func SealedColumns() []vault.Column {
	column := func(name, purpose string, form func(string) string) vault.Column {
		return vault.Column{Table: "resident", Key: []string{"county", "id"}, Sealed: name, Index: name + "_index", Purpose: purpose,
			About: func(key []any) string { return about(purpose, key[0].(int32), key[1].(int64)) },
			Value: func(plain []byte) string { return form(string(plain)) }}
	}
	note := vault.Column{Table: "visit", Key: []string{"county", "id"}, Sealed: "note",
		About: func(key []any) string { return about(notePurpose, key[0].(int32), key[1].(int64)) }}
	return []vault.Column{note, column("name", namePurpose, nameForm), column("card", cardPurpose, cardForm), column("phone", phonePurpose, typed.Digits)}
}

// nameForm is a name as it is looked up: without what separates its parts, letters small.
func nameForm(name string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if strings.ContainsRune(" 　·•・.-", r) {
			return -1
		}
		return r
	}, name))
}

// cardForm is an ID number as it is looked up.
func cardForm(card string) string { return strings.ToUpper(strings.TrimSpace(card)) }

// sealed is a person's fields, closed; nil for what isn't on record.
type sealed struct {
	name, nameIndex, card, cardIndex, phone, phoneIndex []byte
}

func (b *Book) seal(county int32, id int64, name, card, phone string) (s sealed, err error) {
	for _, f := range []struct {
		plain, form, purpose string
		sealed, index        *[]byte
	}{
		{name, nameForm(name), namePurpose, &s.name, &s.nameIndex},
		{card, cardForm(card), cardPurpose, &s.card, &s.cardIndex},
		{phone, typed.Digits(phone), phonePurpose, &s.phone, &s.phoneIndex},
	} {
		if f.plain == "" {
			continue
		}
		if *f.sealed, err = b.Vault.Seal([]byte(f.plain), about(f.purpose, county, id)); err != nil {
			return s, err
		}
		*f.index = b.Vault.Index(f.purpose, f.form)
	}
	return s, nil
}

// open gives a field in clear, "" for one that isn't on record. Fault: Unavailable, when a key is missing or the bytes are others.
func (b *Book) open(county int32, id int64, purpose string, sealed []byte) (string, error) {
	if sealed == nil {
		return "", nil
	}
	plain, err := b.Vault.Open(sealed, about(purpose, county, id))
	return string(plain), err
}
