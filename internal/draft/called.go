package draft

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// What grids and places are called in sentences. In a draft of one community a grid's number says which it is; in one of several there is a 003 in each
// of them, so the community stands before it.

// nameCommunities reads what the draft's communities are called.
func (d *desk) nameCommunities(ctx context.Context, tx pgx.Tx) error {
	rows, err := tx.Query(ctx, `SELECT t.community, v.name FROM territory t JOIN division v ON v.code = t.division WHERE t.county = $1 AND t.community = ANY($2)`,
		d.id.County, d.live.Communities)
	if err != nil {
		return err
	}
	d.places = make(map[int64]string, len(d.live.Communities))
	var code int64
	var name string
	_, err = pgx.ForEachRow(rows, []any{&code, &name}, func() error { d.places[code] = name; return nil })
	return err
}

// place is what a community is called where it has to be told from others: "" in a draft of one community.
func (d *desk) place(community int64) string {
	if len(d.live.Communities) < 2 || community == 0 {
		return ""
	}
	if name := d.places[community]; name != "" {
		return name
	}
	return communityCode(community)
}

// calledIn is what a grid of a community is called in a sentence.
func (d *desk) calledIn(community int64, k Key) Text {
	short := k.Short()
	if place := d.place(community); place != "" {
		return Text{place + " " + short.ZH, place + " " + short.EN}
	}
	return short
}

// called is calledIn for a grid of which it isn't known where it lies.
func (d *desk) called(k Key) Text { return d.calledIn(d.homeOf(k), k) }

// homeOf is the community that a grid lies in, 0 for one that is nowhere.
func (d *desk) homeOf(k Key) int64 {
	if code, coded := k.Code(); coded {
		return code.Community() // it never leaves it
	}
	return d.communityOf(k)
}

// listed are several grids of one community: it is said once.
func (d *desk) listed(community int64, keys []Key) Text {
	all := shorts(keys)
	if place := d.place(community); place != "" {
		return Text{place + " " + all.ZH, place + " " + all.EN}
	}
	return all
}

// calledAll are several grids, each with its community.
func (d *desk) calledAll(keys []Key) Text {
	zh, en := make([]string, len(keys)), make([]string, len(keys))
	for i, k := range keys {
		t := d.called(k)
		zh[i], en[i] = t.ZH, t.EN
	}
	return Text{listed(zh).ZH, listed(en).EN}
}

// at is a sentence about some ground that names no grid, with the community before it.
func (d *desk) at(community int64, t Text) Text {
	if place := d.place(community); place != "" {
		return Text{place + "：" + t.ZH, place + ": " + t.EN}
	}
	return t
}

// among is at for some blocks: those of several communities have none before them.
func (d *desk) among(blocks []int32, t Text) Text {
	for _, i := range blocks {
		if d.blocks[i].community != d.blocks[blocks[0]].community {
			return t
		}
	}
	if len(blocks) == 0 {
		return t
	}
	return d.at(d.blocks[blocks[0]].community, t)
}

// bilingual is called for a message that has one word for a grid in both languages.
func (d *desk) bilingual(k Key) string {
	if t := d.called(k); t.ZH != t.EN {
		return t.ZH + " (" + t.EN + ")"
	}
	return d.called(k).ZH
}
