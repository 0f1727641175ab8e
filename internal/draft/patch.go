package draft

import "slices"

// Move is a block that was in one grid and is in another.
type Move struct {
	Block    int64
	From, To Key
}

// Lock is a block, or a grid, that was free and is locked, or the other way round.
type Lock struct {
	Block int64 `json:"block,omitempty"`
	Grid  int64 `json:"grid,omitempty"`
	On    bool  `json:"on"`
}

// Naming is a grid's name or kind, before and after.
type Naming struct {
	Grid       int64  `json:"grid"`
	Name       string `json:"name"`
	Special    string `json:"special"`
	WasName    string `json:"was_name"`
	WasSpecial string `json:"was_special"`
}

// Patch is what an act changes, both ways.
type Patch struct {
	Moves  []Move   `json:"-"`
	Flat   []int64  `json:"moves,omitempty"` // Moves as they are kept: block, from, to, block, …
	Locks  []Lock   `json:"locks,omitempty"`
	Names  []Naming `json:"names,omitempty"`
	Cuts   []int32  `json:"cuts,omitempty"` // cuts that the act made
	Uncuts []int32  `json:"uncuts,omitempty"`

	Homes      []HomeMove    `json:"homes,omitempty"` // into other micro-grids
	MicroNames []MicroNaming `json:"micro_names,omitempty"`
}

// empty says that nothing changes.
func (p *Patch) empty() bool {
	return len(p.Moves) == 0 && len(p.Locks) == 0 && len(p.Names) == 0 && len(p.Cuts) == 0 && len(p.Uncuts) == 0 && len(p.Homes) == 0 && len(p.MicroNames) == 0
}

// reversed takes the patch back.
func (p *Patch) reversed() Patch {
	r := Patch{Cuts: slices.Clone(p.Uncuts), Uncuts: slices.Clone(p.Cuts)}
	for _, m := range p.Moves {
		r.Moves = append(r.Moves, Move{m.Block, m.To, m.From})
	}
	for _, l := range p.Locks {
		l.On = !l.On
		r.Locks = append(r.Locks, l)
	}
	for _, n := range p.Names {
		r.Names = append(r.Names, Naming{n.Grid, n.WasName, n.WasSpecial, n.Name, n.Special})
	}
	p.reverseMicro(&r)
	slices.Reverse(r.Cuts)
	slices.Reverse(r.Uncuts)
	return r
}

// then is both patches, one after the other, as one.
func (p *Patch) then(q Patch) Patch {
	out := Patch{}
	at := make(map[int64]int)
	for _, m := range append(slices.Clone(p.Moves), q.Moves...) {
		if i, seen := at[m.Block]; seen {
			out.Moves[i].To = m.To
		} else {
			at[m.Block] = len(out.Moves)
			out.Moves = append(out.Moves, m)
		}
	}
	out.Moves = slices.DeleteFunc(out.Moves, func(m Move) bool { return m.From == m.To })
	for _, l := range append(slices.Clone(p.Locks), q.Locks...) {
		i := slices.IndexFunc(out.Locks, func(o Lock) bool { return o.Block == l.Block && o.Grid == l.Grid })
		switch {
		case i < 0:
			out.Locks = append(out.Locks, l)
		case out.Locks[i].On != l.On: // there and back
			out.Locks = slices.Delete(out.Locks, i, i+1)
		}
	}
	for _, n := range append(slices.Clone(p.Names), q.Names...) {
		if i := slices.IndexFunc(out.Names, func(o Naming) bool { return o.Grid == n.Grid }); i >= 0 {
			out.Names[i].Name, out.Names[i].Special = n.Name, n.Special
		} else {
			out.Names = append(out.Names, n)
		}
	}
	for _, c := range append(slices.Clone(p.Cuts), q.Cuts...) {
		if !slices.Contains(p.Uncuts, c) && !slices.Contains(q.Uncuts, c) {
			out.Cuts = append(out.Cuts, c)
		}
	}
	for _, c := range append(slices.Clone(p.Uncuts), q.Uncuts...) {
		if !slices.Contains(p.Cuts, c) && !slices.Contains(q.Cuts, c) {
			out.Uncuts = append(out.Uncuts, c)
		}
	}
	p.thenMicro(&q, &out)
	return out
}

// touches are the blocks that the patch moves.
func (p *Patch) touches() map[int64]bool {
	out := make(map[int64]bool, len(p.Moves))
	for _, m := range p.Moves {
		out[m.Block] = true
	}
	return out
}

// flatten and unfold turn Moves into what is kept and back.
func (p *Patch) flatten() {
	p.Flat = make([]int64, 0, 3*len(p.Moves))
	for _, m := range p.Moves {
		p.Flat = append(p.Flat, m.Block, int64(m.From), int64(m.To))
	}
}

func (p *Patch) unfold() {
	p.Moves = make([]Move, 0, len(p.Flat)/3)
	for i := 0; i+2 < len(p.Flat); i += 3 {
		p.Moves = append(p.Moves, Move{p.Flat[i], Key(p.Flat[i+1]), Key(p.Flat[i+2])})
	}
	p.Flat = nil
}
