package draft

import (
	"slices"

	"jingwei/internal/layout"
)

// otherGround are the communities whose ground isn't what the live layout's proofs are about: those with blocks that were cut, and those where other
// blocks are special.
func (d *desk) otherGround() (cut, special []int64) {
	for i := range d.blocks {
		b := &d.blocks[i]
		if d.grid[i] == Gone {
			continue
		}
		if b.key < 0 && !slices.Contains(cut, b.community) {
			cut = append(cut, b.community)
		}
		if d.grid[i] == b.base && len(d.named) == 0 {
			continue
		}
		if d.special(d.grid[i]) != d.standing(b.base).Special && !slices.Contains(special, b.community) {
			special = append(special, b.community)
		}
	}
	return cut, special
}

// proofs are those that hold in the draft, by community.
func (d *desk) proofs() map[int64]layout.Proof {
	if len(d.live.Proofs) == 0 {
		return nil
	}
	cut, special := d.otherGround()
	out := make(map[int64]layout.Proof, len(d.live.Proofs))
	for c, p := range d.live.Proofs {
		if !slices.Contains(cut, c) && !slices.Contains(special, c) {
			out[c] = p
		}
	}
	return out
}
