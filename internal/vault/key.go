package vault

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"time"

	"jingwei/internal/fault"
)

const (
	idLength  = 4
	keyLength = 32 // of masters and of subkeys
)

// KeyID names a key. It stands in clear in front of everything that the key made.
type KeyID [idLength]byte

// String gives eight lower-case hexadecimal digits, as in the file of keys.
func (id KeyID) String() string { return hex.EncodeToString(id[:]) }

// ParseKeyID reads what String wrote. Fault: Invalid.
func ParseKeyID(s string) (KeyID, error) {
	var id KeyID
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != idLength || hex.EncodeToString(b) != s {
		return id, fault.New(fault.Invalid,
			"密钥编号应为 8 位小写十六进制数字，例如 1a2b3c4d。",
			"A key's id is eight lower-case hexadecimal digits, such as 1a2b3c4d.")
	}
	return KeyID(b), nil
}

// hidden makes the type that embeds it print as nothing, under every verb and in every log.
type hidden struct{}

const hiddenText = "(keys hidden)"

func (hidden) String() string               { return hiddenText }
func (hidden) GoString() string             { return hiddenText }
func (hidden) Format(f fmt.State, _ rune)   { _, _ = io.WriteString(f, hiddenText) }
func (hidden) LogValue() slog.Value         { return slog.StringValue(hiddenText) }
func (hidden) MarshalText() ([]byte, error) { return []byte(hiddenText), nil }

// Keys are generated keys on their way into a vault.
type Keys struct {
	hidden
	ring *ring
}

// key is one master's subkeys; the master itself isn't kept. Only pointers to it travel: fmt asks no method of
// an unexported field, but doesn't follow a pointer in one either.
type key struct {
	hidden
	id      KeyID
	created time.Time
	audit   bool
	field   cipher.AEAD // of data keys
	index   []byte      // of data keys
	mac     []byte      // of audit keys
}

// newKey derives the subkeys of a master of 32 bytes.
func newKey(id KeyID, master []byte, created time.Time, audit bool) *key {
	k := &key{id: id, created: created, audit: audit}
	if audit {
		k.mac = subkey(master, "audit")
		return k
	}
	k.index = subkey(master, "index")
	block, err := aes.NewCipher(subkey(master, "field"))
	if err == nil {
		k.field, err = cipher.NewGCMWithRandomNonce(block)
	}
	if err != nil {
		panic("vault: a key of 32 bytes makes AES-256-GCM: " + err.Error())
	}
	return k
}

func subkey(master []byte, use string) []byte {
	b, err := hkdf.Key(sha256.New, master, nil, "jingwei vault 1 "+use, keyLength)
	if err != nil {
		panic("vault: HKDF gives 32 bytes: " + err.Error())
	}
	return b
}

// freshKey makes a key with an id that none of the others has.
func freshKey(created time.Time, audit bool, others []*key) *key {
	id, master := freshMaster(others)
	return newKey(id, master, created, audit)
}

func freshMaster(others []*key) (KeyID, []byte) {
	var id KeyID
	for taken := true; taken; {
		_, _ = rand.Read(id[:]) // never fails: crypto/rand ends the program first
		taken = false
		for _, k := range others {
			taken = taken || k.id == id
		}
	}
	master := make([]byte, keyLength)
	_, _ = rand.Read(master)
	return id, master
}

// ring is all keys held: at least one for data and one for the audit. It is never changed once made.
type ring struct {
	hidden
	all, data, auditing []*key // in the order of the file: the last is the newest
	byID                map[KeyID]*key
}

func newRing(keys []*key) *ring {
	r := &ring{all: keys, byID: make(map[KeyID]*key, len(keys))}
	for _, k := range keys {
		r.byID[k.id] = k
		if k.audit {
			r.auditing = append(r.auditing, k)
		} else {
			r.data = append(r.data, k)
		}
	}
	return r
}

func (r *ring) newest() *key      { return r.data[len(r.data)-1] }
func (r *ring) newestAudit() *key { return r.auditing[len(r.auditing)-1] }
