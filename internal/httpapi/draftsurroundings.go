package httpapi

import (
	"context"
	"fmt"

	"jingwei/internal/draft"
	"jingwei/internal/fault"
)

type draftSurroundingsInput struct {
	DraftID
	Grid string `query:"grid" required:"true" maxLength:"20" doc:"A grid's code, or new-N"`
}

// DraftSurroundings are what a grid borders on as the draft has it.
type DraftSurroundings struct {
	Surroundings
	Live bool `json:"live" doc:"The grid has the ground that it has in the live layout; only then does what was put right by hand hold, and may it be put right"`
}

func (s *Server) draftSurroundings(ctx context.Context, in *draftSurroundingsInput) (*DraftSurroundings, error) {
	return onDraft(in.ID, func(id draft.ID) (*DraftSurroundings, error) {
		k, err := draft.ParseKey(in.Grid)
		if err != nil {
			return nil, err
		}
		found, err := s.Drafts.Surroundings(ctx, id, []draft.Key{k})
		if err != nil {
			return nil, err
		}
		at := found[k]
		if at == nil {
			return nil, fault.New(fault.NotFound, fmt.Sprintf("草案中没有网格 %s：它可能刚被合并", k), fmt.Sprintf("there is no grid %s in the draft: it may just have been merged", k))
		}
		return &DraftSurroundings{surroundingsAs(&at.Surroundings), at.Live}, nil
	})
}
