package incident

import (
	"encoding/json"
	"errors"
	"fmt"

	"jingwei/internal/fault"
	"jingwei/internal/mask"
	"jingwei/internal/typed"
	"jingwei/internal/vault"
)

// Contact is whom to call about an incident.
type Contact struct {
	Name  string `json:"name,omitempty"`
	Phone string `json:"phone,omitempty"`
}

// phonePurpose is what the blind index of phone numbers is made for.
const phonePurpose = "incident.contact"

// A sealed field opens for its own incident and its own column only.
func (id ID) details() string { return fmt.Sprintf("incident.details:%d:%d", id.County, id.Number) }
func (id ID) contact() string { return fmt.Sprintf("incident.contact:%d:%d", id.County, id.Number) }

// SealedColumns are what of incidents is sealed, for vault.RotateColumns.
func SealedColumns() []vault.Column {
	id := func(key []any) ID { return ID{key[0].(int32), key[1].(int64)} }
	return []vault.Column{
		{Table: "incident", Key: []string{"county", "id"}, Sealed: "details", About: func(key []any) string { return id(key).details() }},
		{Table: "incident", Key: []string{"county", "id"}, Sealed: "contact", Index: "contact_index", Purpose: phonePurpose,
			About: func(key []any) string { return id(key).contact() },
			Value: func(plain []byte) string {
				var c Contact
				_ = json.Unmarshal(plain, &c) // it was opened, so it is what seal wrote
				return typed.Digits(c.Phone)
			}},
		{Table: "incident_visit", Key: []string{"county", "incident"}, Sealed: "note", About: func(key []any) string { return id(key).visitNote() }},
	}
}

// sealed is what of a report the database gets to hold.
type sealed struct {
	details, contact, contactIndex []byte
}

// seal closes a report's text and contact under an incident's number.
func seal(v *vault.Vault, id ID, r *Report) (out sealed, err error) {
	if out.details, err = v.Seal([]byte(r.Text), id.details()); err != nil {
		return out, err
	}
	if r.Contact == (Contact{}) {
		return out, nil
	}
	text, err := json.Marshal(r.Contact)
	if err != nil {
		return out, err
	}
	if out.contact, err = v.Seal(text, id.contact()); err != nil {
		return out, err
	}
	if r.Contact.Phone != "" {
		out.contactIndex = v.Index(phonePurpose, typed.Digits(r.Contact.Phone))
	}
	return out, nil
}

// open gives what seal closed, in clear. Fault: Unavailable, when a key is missing or the bytes are others.
func (s sealed) open(v *vault.Vault, id ID) (text string, contact *Contact, err error) {
	plain, err := v.Open(s.details, id.details())
	if err != nil {
		return "", nil, closed(id, err)
	}
	if s.contact == nil {
		return string(plain), nil, nil
	}
	inner, err := v.Open(s.contact, id.contact())
	if err != nil {
		return "", nil, closed(id, err)
	}
	contact = new(Contact)
	return string(plain), contact, json.Unmarshal(inner, contact)
}

// closed says why an incident can't be shown. To its reader it makes no difference whether the key is missing or the bytes were changed: the
// administrator has to look, and the rest of the program goes on.
func closed(id ID, err error) error {
	zh, en := "", ""
	if f := new(fault.Error); errors.As(err, &f) {
		zh, en = f.ZH, f.EN
	}
	return fault.Wrap(err, fault.Unavailable, fmt.Sprintf("事件 %s 的内容打不开：%s", id, zh), fmt.Sprintf("incident %s can't be opened: %s", id, en))
}

// masked is a contact as lists show it.
func (c *Contact) masked() *Contact {
	if c == nil {
		return nil
	}
	return &Contact{Name: maskName(c.Name), Phone: mask.Phone(c.Phone)}
}

// maskName leaves the first character: 张**.
func maskName(name string) string {
	for i, first := range name {
		if i == 0 {
			return string(first) + "**"
		}
	}
	return ""
}
