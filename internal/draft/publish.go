package draft

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/fault"
	"jingwei/internal/ground"
	"jingwei/internal/layout"
	"jingwei/internal/planar"
	"jingwei/internal/postgres"
	"jingwei/internal/typed"
)

// Done is what publishing did.
type Done struct {
	Version   int     `json:"version,omitempty"`
	PublishOn *string `json:"publish_on,omitempty"` // where it takes effect later
}

// Zone is the time by which a day begins.
var Zone = time.FixedZone("Asia/Shanghai", 8*3600)

// Publish makes a draft live, at once or on a day to come. Faults: Conflict where others published on the same ground meanwhile, where problems
// forbid it, where a second person has to approve; Forbidden.
func (r *Room) Publish(ctx context.Context, id ID, note, on string) (*Done, error) {
	who, err := me(ctx)
	if err != nil {
		return nil, err
	}
	if note, err = typed.Text("note", "发布说明", note, 0, longestWord); err != nil {
		return nil, err
	}
	if on != "" {
		return r.schedule(ctx, id, note, on)
	}
	var done *Done
	err = r.at(ctx, id, true, func(tx pgx.Tx, h *Head, d *desk) (bool, error) {
		if err := h.mayPublish(ctx, d); err != nil {
			return true, err
		}
		done, err = r.publish(ctx, tx, h, d, layout.Author{By: who.Display, Note: noteOf(note, h)})
		return false, err
	})
	return done, err
}

func noteOf(note string, h *Head) string {
	if note == "" {
		return h.Name
	}
	return note
}

// mayPublish says whether the actor may publish it now.
func (h *Head) mayPublish(ctx context.Context, d *desk) error {
	if !h.May.Publish {
		return h.refusal()
	}
	moved := d.movedPeople()
	if h.State == Open && h.ApproveOver != nil && moved > *h.ApproveOver {
		return conflict("换网格的有 %d 人，超过 %d 人的须由他人审批：请先提交", "%d people get another grid; over %d a second person has to approve: hand it in", moved, *h.ApproveOver)
	}
	return nil
}

// ready refuses a draft that can't be published, with its first problem.
func (d *desk) ready(ctx context.Context, tx pgx.Tx) error {
	problems, err := d.problems(ctx, tx)
	if err != nil {
		return err
	}
	n := 0
	for _, p := range problems {
		n += b2i(p.Forbids)
	}
	if n > 0 {
		return fault.New(fault.Conflict, fmt.Sprintf("还有 %d 个问题，不能发布；第一个：%s", n, problems[0].Text.ZH),
			fmt.Sprintf("%d problems have to be solved before it is published; the first: %s", n, problems[0].Text.EN))
	}
	return nil
}

// publish makes the draft live in tx.
func (r *Room) publish(ctx context.Context, tx pgx.Tx, h *Head, d *desk, author layout.Author) (*Done, error) {
	version, h, d, err := abreast(ctx, tx, h, d)
	if err != nil {
		return nil, err
	}
	conflicts, err := d.conflicts(ctx, tx, h)
	if err != nil {
		return nil, err
	}
	if len(conflicts) > 0 {
		return nil, conflict("草案起草（第 %d 版）之后，他人已发布第 %d 版，有 %d 个单元冲突：请先比较并取舍", "version %d was the draft's base, version %d is live by now and %d blocks conflict: compare and choose", h.Base, h.Live, len(conflicts))
	}
	if err := d.microConflict(ctx, tx, h); err != nil {
		return nil, err
	}
	if len(d.lost) > 0 {
		return nil, conflict("草案动过的 %d 个单元已被重新制作，那里的改动不再适用：请先并入生效布局", "%d blocks that the draft changed were made anew since, and what it did there no longer applies: bring it onto the live layout first", len(d.lost))
	}
	if err := d.ready(ctx, tx); err != nil {
		return nil, err
	}
	changed := d.changed()
	if len(changed) == 0 {
		return nil, conflict("草案与现行网格没有不同，无需发布", "the draft is what is live already: there is nothing to publish")
	}
	ids, reshaped, err := d.saveCuts(ctx, tx, version, changed)
	if err != nil {
		return nil, err
	}
	p, err := d.proposal(ctx, tx, changed, ids)
	if err != nil {
		return nil, err
	}
	p.Reshaped = reshaped
	done, err := layout.Publish(ctx, tx, p, author, append([]layout.Also{d.names(p), d.microGrids(ids)}, r.also...)...)
	if err != nil {
		return nil, err
	}
	if len(ids) > 0 { // a piece was in its parent's grid for no time at all
		if _, err := tx.Exec(ctx, `DELETE FROM grid_block_past WHERE county = $1 AND since = until AND until = $2`, d.id.County, done.Version); err != nil {
			return nil, err
		}
	}
	_, err = tx.Exec(ctx, `UPDATE draft SET state = 'published', published = $3, changed_at = now() WHERE county = $1 AND id = $2`, d.id.County, d.id.Number, done.Version)
	return &Done{Version: done.Version}, err
}

// abreast makes the transaction the only one that publishes in the county. Who had to wait for another one finds the live layout changed: the draft is laid out on it
// anew then, so that what was published meanwhile isn't undone unseen.
func abreast(ctx context.Context, tx pgx.Tx, h *Head, d *desk) (version int, now *Head, on *desk, err error) {
	if version, err = layout.Lock(ctx, tx, d.id.County); err != nil {
		return 0, nil, nil, err
	}
	if now, err = find(ctx, tx, h.id, true); err != nil || now.Live == d.live.Base {
		return version, now, d, err
	}
	if on, err = layOut(ctx, tx, now); err == nil && now.State == Open {
		err = now.mayPublish(ctx, on)
	}
	return version, now, on, err
}

// changed are the communities in which the draft differs from what is live.
func (d *desk) changed() []int64 {
	is := make(map[int64]bool)
	for i := range d.blocks {
		b := &d.blocks[i]
		if d.grid[i] != b.base {
			is[b.community] = true
		}
	}
	for k := range d.named {
		if c := d.communityOf(k); c != 0 {
			is[c] = true
		}
	}
	d.changedMicro(is)
	var out []int64
	for _, c := range d.live.Communities {
		if is[c] {
			out = append(out, c)
		}
	}
	return out
}

// saveCuts makes the pieces live, community by community, and gives their ids.
func (d *desk) saveCuts(ctx context.Context, tx pgx.Tx, version int, changed []int64) (map[int64]int64, []int64, error) {
	all := make(map[int64]int64)
	var reshaped []int64
	for _, c := range changed {
		if d.sheets[c] == nil {
			continue
		}
		live, err := ground.LoadBlocks(ctx, tx, d.id.County, []int64{c})
		if err != nil {
			return nil, nil, err
		}
		cut, err := d.cutLive(live, c)
		if err != nil {
			return nil, nil, err
		}
		var pieces []ground.NewPiece
		for i := range d.blocks {
			b := &d.blocks[i]
			if b.community != c || b.key > 0 || d.grid[i] == Gone {
				continue
			}
			p := ground.NewPiece{Key: b.key, Parent: b.root, Residents: b.residents, Source: b.source, Parts: make(map[int64]int)}
			for _, part := range b.parts {
				p.Parts[part.building] += part.residents
			}
			pieces = append(pieces, p)
		}
		if len(pieces) == 0 {
			continue
		}
		ids, moved, err := ground.SaveCut(ctx, tx, d.id.County, version, live, cut, pieces)
		if err != nil {
			return nil, nil, err
		}
		for key, id := range ids {
			all[key] = id
		}
		reshaped = append(reshaped, moved...)
	}
	return all, reshaped, nil
}

// cutLive makes a community's cuts again on its ground as it is in this transaction.
func (d *desk) cutLive(live *ground.Live, community int64) (*ground.Sheet, error) {
	sheet, err := ground.NewSheet(live, community)
	if err != nil {
		return nil, err
	}
	for id := int32(1); id <= d.last; id++ {
		c := d.cuts[id]
		if c == nil || !c.active || c.community != community {
			continue
		}
		inside := make(map[int64]planar.Point, len(c.pieces))
		for _, key := range c.pieces {
			inside[key] = d.blocks[d.index[key]].at
		}
		again, _, err := sheet.Again(c.block, c.line, inside)
		if err != nil {
			return nil, fault.Wrap(err, fault.Conflict, fmt.Sprintf("社区 %012d 的一处切分在现行地面上已不成立：请撤销后重新切分", community),
				fmt.Sprintf("a cut in community %012d no longer fits the ground as it is: undo it and cut again", community))
		}
		sheet = again
	}
	return sheet, nil
}

// proposal is the draft's assignment of the blocks as they are live in this transaction.
func (d *desk) proposal(ctx context.Context, tx pgx.Tx, communities []int64, ids map[int64]int64) (*layout.Proposal, error) {
	g, err := layout.LoadGround(ctx, tx, d.id.County, communities)
	if err != nil {
		return nil, err
	}
	in := make(map[int64]Key, len(d.blocks))
	for i := range d.blocks {
		key := d.blocks[i].key
		if id, piece := ids[key]; piece {
			key = id
		}
		if d.grid[i] != Gone {
			in[key] = d.grid[i]
		}
	}
	p := g.Proposal
	p.Grid, p.Special = make([]int32, len(p.Blocks)), make(map[int32]string)
	number := make(map[Key]int32)
	for i := range p.Blocks {
		k, known := in[p.Blocks[i].ID]
		if !known {
			return nil, conflict("社区 %012d 的基本单元刚被更改：请刷新后再发布", "the ground of community %012d has just changed: refresh and publish again", p.Blocks[i].Community)
		}
		n, seen := number[k]
		if !seen {
			n = int32(len(number))
			number[k] = n
			if kind := d.special(k); kind != "" {
				p.Special[n] = kind
			}
		}
		p.Grid[i] = n
		p.Blocks[i].Special = d.special(k)
	}
	p.Grids = len(number)
	d.numbers = number
	cut, special := d.otherGround()
	return p, p.Prove(ctx, tx, cut, special)
}

// names gives the published grids the names that they bear in the draft.
func (d *desk) names(p *layout.Proposal) layout.Also {
	return func(ctx context.Context, tx pgx.Tx, _ *layout.Proposal, done *layout.Publication) error {
		var batch pgx.Batch
		for k, n := range d.numbers {
			code, name := done.Grids[n].Code, d.name(k)
			batch.Queue(`UPDATE grid SET name = $3 WHERE county = $1 AND code = $2 AND name <> $3`, d.id.County, int64(code), name)
		}
		return tx.SendBatch(ctx, &batch).Close()
	}
}

// dueDrafts is the program's own capability to see which drafts are due.
const dueDrafts postgres.Capability = "draft.due"
