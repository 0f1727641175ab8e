package vault

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
)

// hashLength is the length of an index and of a MAC: the key's id and the hash.
const hashLength = idLength + sha256.Size

// Index makes the blind index of a value under the newest key, for a column that is looked up by equality. The
// same value has different indexes for different purposes ("incident.contact"), so that columns can't be joined. The
// caller brings the value into one form first (digits only, say): what differs in a space has another index.
func (v *Vault) Index(purpose, value string) []byte {
	return index(v.current().newest(), purpose, value)
}

// Indexes makes the blind index under every key held, the newest first. A look-up asks for any of them, as rows
// under older keys are there while a rotation is under way.
func (v *Vault) Indexes(purpose, value string) [][]byte {
	data := v.current().data
	found := make([][]byte, 0, len(data))
	for i := len(data) - 1; i >= 0; i-- {
		found = append(found, index(data[i], purpose, value))
	}
	return found
}

// IndexCurrent says whether the index is under the newest key.
func (v *Vault) IndexCurrent(index []byte) bool {
	id := v.current().newest().id
	return len(index) == hashLength && bytes.HasPrefix(index, id[:])
}

func index(k *key, purpose, value string) []byte {
	return hash(k.id, k.index, purpose, []byte(value))
}

// MAC is a keyed hash of the parts, in their order and with their borders, under the newest audit key. Audit keys
// aren't rotated with the data's: what was hashed once stays provable.
func (v *Vault) MAC(purpose string, parts ...[]byte) []byte {
	k := v.current().newestAudit()
	return hash(k.id, k.mac, purpose, parts...)
}

// CheckMAC says whether MAC made mac of these parts, under any audit key held. It takes the same time wherever
// they differ.
func (v *Vault) CheckMAC(mac []byte, purpose string, parts ...[]byte) bool {
	if len(mac) != hashLength {
		return false
	}
	k := v.find(KeyID(mac[:idLength]))
	return k != nil && k.audit && hmac.Equal(mac, hash(k.id, k.mac, purpose, parts...))
}

// hash puts the length before each text, so that ("ab", "c") isn't ("a", "bc").
func hash(id KeyID, secret []byte, purpose string, parts ...[]byte) []byte {
	h := hmac.New(sha256.New, secret)
	var length [8]byte
	write := func(b []byte) {
		binary.BigEndian.PutUint64(length[:], uint64(len(b)))
		_, _ = h.Write(length[:])
		_, _ = h.Write(b)
	}
	write([]byte(purpose))
	for _, p := range parts {
		write(p)
	}
	sum := make([]byte, idLength, hashLength)
	copy(sum, id[:])
	return h.Sum(sum)
}
