package audit

import (
	"bytes"
	"context"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/vault"
)

// daySum is what a look at one day's chain came to.
type daySum struct {
	end     end
	entries int64
	waiting int64
}

// linkRow is a link with its entry as they are read; texts is nil when the entry isn't there.
type linkRow struct {
	seq      int
	entry    int64
	mac      []byte
	texts    []string
	entryMAC []byte
	before   []byte // the mac of the link before, as it stands
}

func (l *linkRow) holds(v *vault.Vault, k chainOf) bool {
	return v.CheckMAC(l.mac, linkPurpose, linkParts(l.before, k, l.seq, l.entry, l.entryMAC)...)
}

// examineDay goes through one day's chain, link by link, and through the entries that no link names. It holds no more
// than a link at a time, and those that don't fit.
func examineDay(ctx context.Context, tx pgx.Tx, v *vault.Vault, k chainOf, add func(Finding)) (sum daySum, err error) {
	rows, err := tx.Query(ctx, `SELECT l.seq, l.entry, l.mac, CASE WHEN e.id IS NOT NULL THEN `+recordColumns+` END, e.mac
		FROM audit_link l LEFT JOIN audit_entry e ON e.county = l.county AND e.id = l.entry
		WHERE l.county = $1 AND l.day = $2::text::date ORDER BY l.seq`, k.county, k.day)
	if err != nil {
		return sum, err
	}
	defer rows.Close()
	var misfits []linkRow
	for rows.Next() {
		l := linkRow{before: sum.end.mac}
		if err := rows.Scan(&l.seq, &l.entry, &l.mac, &l.texts, &l.entryMAC); err != nil {
			return sum, err
		}
		gap := l.seq - sum.end.seq - 1
		if gap > 0 {
			add(found(LinksMissing, k, sum.end.seq+1, 0, fmt.Sprintf("缺少 %d 环", gap), fmt.Sprintf("%d links are missing", gap)))
		}
		switch {
		case l.texts == nil:
			add(found(EntryMissing, k, l.seq, l.entry, "入链的记录不见了", "the entry that was linked isn't there"))
		case !entryHolds(v, l.entryMAC, l.texts):
			add(found(EntryChanged, k, l.seq, l.entry, "记录被改动", "the entry was changed"))
			sum.entries++
		default:
			sum.entries++
		}
		// What comes after a gap, or names an entry that is gone, has lost what its hash was over.
		if gap == 0 && l.texts != nil && !l.holds(v, k) {
			misfits = append(misfits, l)
		}
		sum.end = end{l.seq, l.mac}
	}
	if err := rows.Err(); err != nil {
		return sum, err
	}
	nameMisfits(v, k, misfits, add)
	return sum, sum.unlinked(ctx, tx, v, k, add)
}

// mostCompared is how many links of a day that don't fit are tried in one another's places: the trials grow with the
// cube.
const mostCompared = 12

// nameMisfits says of links that don't fit where they stand whether they fit in another one's place: then they were
// moved, otherwise changed. One that fits where it stands after another's link is whole: it is that other one that was moved.
func nameMisfits(v *vault.Vault, k chainOf, misfits []linkRow, add func(Finding)) {
	named := false
	changed := func(l linkRow) {
		named = true
		add(found(LinkChanged, k, l.seq, l.entry, "链环或记录的散列值被改动，与前一环不符",
			"the link or its entry's hash was changed: it doesn't follow from the link before"))
	}
	for i, l := range misfits {
		seq, entry, fits := 0, int64(0), false
		if i < mostCompared {
			seq, entry, fits = belongs(v, k, l, misfits[:min(len(misfits), mostCompared)])
		}
		switch {
		case !fits:
			changed(l)
		case seq != l.seq || entry != l.entry:
			named = true
			add(found(LinkMoved, k, l.seq, l.entry,
				fmt.Sprintf("顺序被改动：这一环原是第 %d 环、记录 %d", seq, entry), fmt.Sprintf("moved: it was link %d, of entry %d", seq, entry)))
		}
	}
	if !named && len(misfits) > 0 {
		changed(misfits[0])
	}
}

// belongs finds the place in which a link fits, with one of the others' entries and after one of their links.
func belongs(v *vault.Vault, k chainOf, l linkRow, others []linkRow) (seq int, entry int64, fits bool) {
	seqs := []int{l.seq - 1, l.seq, l.seq + 1}
	for _, o := range others {
		seqs = append(seqs, o.seq)
	}
	for _, seq := range seqs {
		for _, what := range others {
			for _, before := range others {
				for _, mac := range [][]byte{before.before, before.mac} {
					if v.CheckMAC(l.mac, linkPurpose, linkParts(mac, k, seq, what.entry, what.entryMAC)...) {
						return seq, what.entry, true
					}
				}
			}
		}
	}
	return 0, 0, false
}

// unlinked looks at the day's entries that no link names. Those that the chain has passed are wrong; the rest wait for it.
func (sum *daySum) unlinked(ctx context.Context, tx pgx.Tx, v *vault.Vault, k chainOf, add func(Finding)) error {
	rows, err := tx.Query(ctx, `SELECT `+recordColumns+`, e.mac,
			coalesce(pg_visible_in_snapshot(e.xid, p.seen) AND pg_snapshot_xmax(p.seen) <= pg_snapshot_xmax(s), false),
			e.at < now() - interval '5 minutes'
		FROM audit_entry e CROSS JOIN pg_current_snapshot() s LEFT JOIN audit_position p ON true
		WHERE e.county = $1 AND e.day = $2::text::date AND NOT EXISTS (SELECT FROM audit_link l WHERE l.county = e.county AND l.entry = e.id)
		ORDER BY e.id`, k.county, k.day)
	if err != nil {
		return err
	}
	var texts []string
	var mac []byte
	var passed, late bool
	_, err = pgx.ForEachRow(rows, []any{&texts, &mac, &passed, &late}, func() error {
		id, err := strconv.ParseInt(texts[1], 10, 64)
		sum.entries++
		if !entryHolds(v, mac, texts) {
			add(found(EntryChanged, k, 0, id, "记录被改动", "the entry was changed"))
		}
		switch {
		case passed:
			add(found(EntryUnlinked, k, 0, id, "不在链中，而链已越过它：是事后插入的，或链环被删除",
				"it isn't in the chain, which has gone past it: it was put in afterwards, or its link was removed"))
		case late:
			add(found(EntryWaiting, k, 0, id, "早该入链：是事后插入的，或没有服务在运行（启动 jingwei serve 后再查）",
				"it should have been chained long ago: it was put in afterwards, or no server runs (start jingwei serve and verify again)"))
		default:
			sum.waiting++
		}
		texts = nil
		return err
	})
	return err
}

// checkpoint is what is left of a day that was dropped.
type checkpoint struct {
	chain   chainOf
	entries int
	head    []byte
	at      string // as record.at
	mac     []byte
}

func (c *checkpoint) parts() [][]byte {
	return [][]byte{[]byte(strconv.Itoa(c.chain.county)), []byte(c.chain.day), []byte(strconv.Itoa(c.entries)), c.head, []byte(c.at)}
}

func (c *checkpoint) holds(v *vault.Vault) bool {
	return v.CheckMAC(c.mac, checkpointPurpose, c.parts()...)
}

// covers says whether a head that was kept outside is one of the day's that was dropped.
func (c *checkpoint) covers(seq int, mac []byte) bool {
	return seq < c.entries || seq == c.entries && bytes.Equal(mac, c.head)
}
