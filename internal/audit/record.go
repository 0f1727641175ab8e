package audit

import (
	"jingwei/internal/vault"
)

// record is a row of audit_entry as texts, in one spelling each: what is hashed mustn't depend on how a client reads a
// type. The details are what PostgreSQL prints of a jsonb, which has one text for one value.
type record struct {
	county, id, day, at, place, account, actor, action, subject, reason, details, address, xid string
}

// atForm is the moment as it is hashed: UTC, to the microsecond, which is what a timestamptz keeps.
const atForm = "2006-01-02T15:04:05.000000"

// recordColumns are the columns of a row e of audit_entry in the spelling of record, as an array of texts. An infinite
// time, which only a forger writes, has an empty text; no account has none, which is told from account 0.
const recordColumns = `ARRAY[e.county::text, e.id::text, coalesce(to_char(e.day, 'YYYY-MM-DD'), ''),
	coalesce(to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), ''), e.place::text, coalesce(e.account::text, ''),
	e.actor, e.action, e.subject, e.reason, e.details::text, e.address, e.xid::text]`

// texts are the fields in the order of recordColumns.
func (r *record) texts() []string {
	return []string{r.county, r.id, r.day, r.at, r.place, r.account, r.actor, r.action, r.subject, r.reason, r.details, r.address, r.xid}
}

// The purposes keep one kind of hash from passing for another.
const (
	entryPurpose      = "audit.entry"
	linkPurpose       = "audit.link"
	checkpointPurpose = "audit.checkpoint"
)

// macOf is the entry's own hash, over everything it says. The vault keeps the borders of the parts.
func (t *Trail) macOf(r *record) []byte { return t.vault.MAC(entryPurpose, bytesOf(r.texts())...) }

// entryHolds says whether the texts of a row (recordColumns) are what was hashed when it was written.
func entryHolds(v *vault.Vault, mac []byte, texts []string) bool {
	return v.CheckMAC(mac, entryPurpose, bytesOf(texts)...)
}

func bytesOf(texts []string) [][]byte {
	parts := make([][]byte, len(texts))
	for i, s := range texts {
		parts[i] = []byte(s)
	}
	return parts
}
