package organisation

import (
	"fmt"
	"strings"

	"jingwei/internal/typed"
	"jingwei/internal/vault"
)

// What the blind indexes are made for.
const (
	contactPurpose = "organisation.contact"
	phonePurpose   = "organisation.phone"
)

// about is what a field is sealed about: it opens for its own row only.
func about(purpose string, county int32, id int64) string {
	return fmt.Sprintf("%s:%d:%d", purpose, county, id)
}

// SealedColumns are what is sealed here, for vault.RotateColumns.
func SealedColumns() []vault.Column {
	column := func(table, name, purpose string, form func(string) string) vault.Column {
		return vault.Column{Table: table, Key: []string{"county", "id"}, Sealed: name, Index: name + "_index", Purpose: purpose,
			About: func(key []any) string { return about(purpose, key[0].(int32), key[1].(int64)) },
			Value: func(plain []byte) string { return form(string(plain)) }}
	}
	return []vault.Column{column("organisation", "contact", contactPurpose, nameForm), column("organisation", "phone", phonePurpose, typed.Digits),
		column("vehicle", "plate", platePurpose, func(s string) string { return s }), column("vehicle", "owner", ownerPurpose, nameForm)}
}

// nameForm is a person's name as it is compared.
func nameForm(name string) string { return strings.ToLower(strings.Join(strings.Fields(name), "")) }

// field is something of a row, sealed; nil where there is nothing.
type field struct{ sealed, index []byte }

// seal closes a field of a row. form is what its index is made of.
func (b *Book) seal(purpose string, county int32, id int64, plain, form string) (f field, err error) {
	if plain == "" {
		return f, nil
	}
	if f.sealed, err = b.Vault.Seal([]byte(plain), about(purpose, county, id)); err != nil {
		return f, err
	}
	f.index = b.Vault.Index(purpose, form)
	return f, nil
}

// open gives a field in clear, "" for one that isn't on record. Fault: Unavailable, when a key is missing or the bytes are others.
func (b *Book) open(purpose string, county int32, id int64, sealed []byte) (string, error) {
	if sealed == nil {
		return "", nil
	}
	plain, err := b.Vault.Open(sealed, about(purpose, county, id))
	return string(plain), err
}
