// Package vault seals single fields (a telephone number, an ID number) before they reach the database, and makes
// the blind indexes by which they are found again. The keys never are in the database.
//
// A key that lies in the file is a master; what works is derived from it by HKDF, one subkey for each use:
//
//	field   AES-256-GCM:   version 1 | key id 4 | nonce 12 | ciphertext | tag 16     33 bytes more than the field
//	index   HMAC-SHA-256:  key id 4 | hash 32
//	audit   HMAC-SHA-256:  key id 4 | hash 32
//
// Data keys (field and index) are rotated: the last one in the file seals, the others still open. Audit keys are
// masters of their own, because the trail's old entries can't be renewed: Rotate and Forget leave them alone.
//
// What a blind index gives away to somebody who has the database and not the keys: which rows hold the same
// value for the same purpose. Nothing else, as long as the keys are kept apart.
package vault

import (
	"log/slog"
	"sync"
	"sync/atomic"
	"time"
)

// recheck is how long a rotation by another process may go unnoticed by Seal and Index.
const recheck = time.Second

// Vault seals and opens single fields and makes indexes for exact look-up. Safe for concurrent use.
type Vault struct {
	hidden
	ring atomic.Pointer[ring] // replaced whole, never changed
	file string               // "" when the keys don't come from a file
	env  bool                 // they come from the environment
	log  *slog.Logger

	born    time.Time
	looked  atomic.Int64 // nanoseconds from born to the last look at the file
	reading sync.Mutex   // held by whoever looks at the file; guards seen
	seen    stamp        // what the file was when it was last read, in vain or not
}

// New makes a vault of keys that live in memory alone, for tests.
func New(k Keys) *Vault {
	v := &Vault{log: slog.New(slog.DiscardHandler), born: time.Now()}
	v.ring.Store(k.ring)
	return v
}

// Generate makes a fresh data key and a fresh audit key.
func Generate() Keys {
	now := time.Now().Truncate(time.Second)
	data := freshKey(now, false, nil)
	audit := freshKey(now, true, []*key{data})
	return Keys{ring: newRing([]*key{data, audit})}
}

// Info is what may be told about a key.
type Info struct {
	ID      KeyID
	Created time.Time
	Audit   bool // the trail's; otherwise it seals fields and makes indexes
	Current bool // the newest of its kind
}

// Keys tells what keys are held, in the order of the file.
func (v *Vault) Keys() []Info {
	v.refresh()
	r := v.ring.Load()
	infos := make([]Info, len(r.all))
	for i, k := range r.all {
		infos[i] = Info{ID: k.id, Created: k.created, Audit: k.audit, Current: k == r.newest() || k == r.newestAudit()}
	}
	return infos
}

// current gives the keys, after a look at the file if the last one was a second ago.
func (v *Vault) current() *ring {
	if v.file != "" {
		now := int64(time.Since(v.born))
		if last := v.looked.Load(); now-last > int64(recheck) && v.looked.CompareAndSwap(last, now) {
			v.refresh()
		}
	}
	return v.ring.Load()
}

// find gives the key of an id; nil when it isn't held. One that isn't known may have been added a moment ago by
// another process, so the file is asked: that is a stat, and a reading only if the file is another than before.
func (v *Vault) find(id KeyID) *key {
	if k := v.ring.Load().byID[id]; k != nil || v.file == "" {
		return k
	}
	v.refresh()
	return v.ring.Load().byID[id]
}
