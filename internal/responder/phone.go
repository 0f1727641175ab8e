package responder

import (
	"errors"
	"fmt"

	"jingwei/internal/fault"
	"jingwei/internal/mask"
	"jingwei/internal/typed"
	"jingwei/internal/vault"
)

// phonePurpose is what the blind index of phone numbers is made for.
const phonePurpose = "responder.phone"

// phone is what a number is sealed about: it opens for its own responder only.
func (id ID) phone() string { return fmt.Sprintf("responder.phone:%d:%d", id.County, id.Number) }

// SealedColumns are what of responders is sealed, for vault.RotateColumns.
func SealedColumns() []vault.Column {
	return []vault.Column{{Table: "responder", Key: []string{"county", "id"}, Sealed: "phone", Index: "phone_index", Purpose: phonePurpose,
		About: func(key []any) string { return ID{key[0].(int32), key[1].(int64)}.phone() },
		Value: func(plain []byte) string { return typed.Digits(string(plain)) }}}
}

// seal closes a number under a responder's own; nothing for none.
func seal(v *vault.Vault, id ID, phone string) (sealed, index []byte, err error) {
	if phone == "" {
		return nil, nil, nil
	}
	sealed, err = v.Seal([]byte(phone), id.phone())
	return sealed, v.Index(phonePurpose, typed.Digits(phone)), err
}

// open gives a number in clear. Fault: Unavailable, when a key is missing or the bytes are others.
func open(v *vault.Vault, id ID, sealed []byte) (string, error) {
	if sealed == nil {
		return "", nil
	}
	plain, err := v.Open(sealed, id.phone())
	if err != nil {
		zh, en := "", ""
		if f := new(fault.Error); errors.As(err, &f) {
			zh, en = f.ZH, f.EN
		}
		return "", fault.Wrap(err, fault.Unavailable, fmt.Sprintf("处置人员 %s 的电话打不开：%s", id, zh), fmt.Sprintf("the phone number of responder %s can't be opened: %s", id, en))
	}
	return string(plain), nil
}

// masked is a number as lists show it.
func masked(v *vault.Vault, id ID, sealed []byte) (string, error) {
	phone, err := open(v, id, sealed)
	return mask.Phone(phone), err
}
