package draft

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/postgres"
	"jingwei/internal/typed"
)

// SetState hands a draft in, sends it back, approves or withdraws it. Faults: Conflict from a state that doesn't lead there, Forbidden.
func (r *Room) SetState(ctx context.Context, id ID, to State, note string) (*Head, error) {
	who, err := me(ctx)
	if err != nil {
		return nil, err
	}
	if note, err = typed.Text("note", "说明", note, 0, longestNote); err != nil {
		return nil, err
	}
	return r.change(ctx, id, func(tx pgx.Tx, h *Head) error {
		actor := postgres.ActorOf(ctx)
		own := h.madeBy == actor.Account || slices.Contains(h.members, actor.Account)
		set, role := "", ""
		switch {
		case to == HandedIn && h.May.HandIn:
			set, role = `handed_in_by = $4`, "handed_in"
		case to == Approved && h.May.Approve:
			set, role = `approved_by = $4`, "approved"
		case to == Open && (h.State == HandedIn || h.State == Approved || h.State == Scheduled || h.State == Withdrawn) && (own || h.State == HandedIn && h.May.Approve):
			set = `handed_in_by = NULL, approved_by = NULL, publish_on = NULL, people = people - 'handed_in' - 'approved', changed_by = CASE WHEN $4 > 0 THEN changed_by END`
		case to == Withdrawn && own && (h.State == Open || h.State == HandedIn):
			set = `changed_by = $4`
		case to == HandedIn && h.State == HandedIn, to == Approved && h.State == HandedIn && h.handedInBy != nil && *h.handedInBy == actor.Account:
			return conflict("草案由您提交，须由他人审批", "you handed the draft in: somebody else has to approve it")
		default:
			if h.May.Why != nil {
				return h.refusal()
			}
			return conflict("草案现在的状态（%s）不能这样做", "a draft that is %s can't become that", h.State)
		}
		_, err := tx.Exec(ctx, `UPDATE draft SET state = $3, changed_at = now(), `+set+` WHERE county = $1 AND id = $2`, id.County, id.Number, string(to), actor.Account)
		if err != nil {
			return err
		}
		if role != "" {
			if err := setPerson(ctx, tx, id, role, who); err != nil {
				return err
			}
		}
		return logState(ctx, tx, h, to, note, who, actor.Account)
	})
}

// logState puts a change of state into the journal: with what was said.
func logState(ctx context.Context, tx pgx.Tx, h *Head, to State, note string, who Person, account int64) error {
	words := map[State]Text{HandedIn: {"提交审批", "handed in"}, Approved: {"批准", "approved"}, Open: {"退回修改", "sent back"}, Withdrawn: {"撤回草案", "withdrawn"}}[to]
	if note != "" {
		words.ZH, words.EN = words.ZH+"："+note, words.EN+": "+note
	}
	patch, _ := json.Marshal(&Patch{})
	_, err := tx.Exec(ctx, `INSERT INTO draft_act (county, draft, seq, account, name, display, kind, zh, en, patch) VALUES ($1, $2, $3, $4, $5, $6, 'state', $7, $8, $9)`,
		h.id.County, h.id.Number, h.Revision+1, account, who.Name, who.Display, words.ZH, words.EN, patch)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE draft SET revision = revision + 1 WHERE county = $1 AND id = $2`, h.id.County, h.id.Number)
	return err
}

// setPerson notes what somebody was called who did something with a draft.
func setPerson(ctx context.Context, tx pgx.Tx, id ID, role string, who Person) error {
	p, err := json.Marshal(map[string]Person{role: who})
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE draft SET people = people || $3::jsonb WHERE county = $1 AND id = $2`, id.County, id.Number, p)
	return err
}
