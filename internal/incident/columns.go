package incident

import (
	"encoding/json"

	"jingwei/internal/vault"
)

// Columns are the sealed columns of incidents, for changing the keys.
func Columns() []vault.Column {
	id := func(key []any) ID { return ID{key[0].(int32), key[1].(int64)} }
	return []vault.Column{
		{Table: "incident", Key: []string{"county", "id"}, Sealed: "details", About: func(key []any) string { return id(key).details() }},
		{Table: "incident", Key: []string{"county", "id"}, Sealed: "contact", Index: "contact_index", Purpose: phonePurpose,
			About: func(key []any) string { return id(key).contact() },
			Value: func(plain []byte) string {
				var c Contact
				if err := json.Unmarshal(plain, &c); err != nil {
					return ""
				}
				return digits(c.Phone)
			}},
	}
}
