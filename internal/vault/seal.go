package vault

import (
	"bytes"
	"fmt"

	"jingwei/internal/fault"
)

const (
	version    = 1
	headLength = 1 + idLength
	overhead   = headLength + 12 + 16 // nonce and tag
)

// errSealed is the one answer to bytes that don't open, whatever the reason: a wrong key, changed bytes, another
// row's value.
var errSealed = fault.New(fault.Internal,
	"有一项加密数据打不开：数据被改动、被移到别的记录，或密钥文件不是当初那一份。请核对密钥文件，必要时从备份恢复数据。",
	"A sealed field doesn't open: it was changed, or moved to another record, or the key file isn't the one it was sealed "+
		"with. Check the key file; if it is right, restore the record from a backup.")

// Seal encrypts a field under the newest key. plain may be empty, and isn't told apart from nil. about says where
// the field stands ("incident.contact:370883:17"): it isn't stored, and Open wants the same, so that a sealed value
// that was moved to another row or column doesn't open. It must not be empty.
//
// Seal in the transaction that writes the field, or right before it: RotateColumns waits for transactions that
// were running when the key changed, but can't know of a value that is kept for later.
func (v *Vault) Seal(plain []byte, about string) ([]byte, error) {
	if about == "" {
		return nil, fault.New(fault.Internal,
			"加密字段时没有说明它属于哪条记录。", "A field was to be sealed without saying which record it belongs to.")
	}
	k := v.current().newest()
	sealed := make([]byte, headLength, overhead+len(plain))
	head(sealed, k.id)
	return k.field.Seal(sealed, nil, plain, additional(k.id, about)), nil
}

// Open decrypts what Seal made with the same about. Faults: Unavailable when its key isn't held, with the key's
// id; Internal when it doesn't open for any other reason, and nothing says for which.
func (v *Vault) Open(sealed []byte, about string) ([]byte, error) {
	if len(sealed) < overhead || sealed[0] != version {
		return nil, errSealed
	}
	id := KeyID(sealed[1:headLength])
	k := v.find(id)
	if k == nil {
		return nil, fault.New(fault.Unavailable,
			fmt.Sprintf("缺少密钥 %s，用它加密的数据打不开。请把含有它的密钥文件放回原处（或补全 JINGWEI_KEYS）。", id),
			fmt.Sprintf("Key %s is missing, and what was sealed with it can't be opened. Put the key file that has it back (or complete JINGWEI_KEYS).", id))
	}
	if k.audit {
		return nil, errSealed
	}
	plain, err := k.field.Open(make([]byte, 0, len(sealed)-overhead), nil, sealed[headLength:], additional(id, about))
	if err != nil {
		return nil, errSealed
	}
	return plain, nil
}

// Current says whether the sealed field is under the newest key.
func (v *Vault) Current(sealed []byte) bool {
	return len(sealed) >= overhead && bytes.HasPrefix(sealed, v.sealedHead())
}

// sealedHead is what every field sealed under the newest key begins with.
func (v *Vault) sealedHead() []byte {
	h := make([]byte, headLength)
	head(h, v.current().newest().id)
	return h
}

func head(to []byte, id KeyID) {
	to[0] = version
	copy(to[1:], id[:])
}

// additional binds the head, which has a fixed length, and the place.
func additional(id KeyID, about string) []byte {
	b := make([]byte, headLength, headLength+len(about))
	head(b, id)
	return append(b, about...)
}
