package httpapi

import (
	"context"

	"jingwei/internal/draft"
	"jingwei/internal/layout"
)

type draftMicroInput struct {
	DraftID
	Grid string `query:"grid" required:"true" maxLength:"20" doc:"A grid's code, or new-N"`
}

// DraftHome names a home: an entrance, or a building without any, on a block.
type DraftHome struct {
	Block    int64  `json:"block"`
	Building int64  `json:"building" doc:"0: those people of the block whom no building has"`
	Entrance string `json:"entrance,omitempty" maxLength:"200"`
}

func homeKeys(homes []DraftHome) []layout.HomeKey {
	out := make([]layout.HomeKey, len(homes))
	for i, h := range homes {
		out[i] = layout.HomeKey(h)
	}
	return out
}

func (s *Server) draftMicroGrids(ctx context.Context, in *draftMicroInput) (*draft.MicroGrids, error) {
	return onDraft(in.ID, func(id draft.ID) (*draft.MicroGrids, error) {
		k, err := draft.ParseKey(in.Grid)
		if err != nil {
			return nil, err
		}
		return s.Drafts.MicroGrids(ctx, id, k)
	})
}
