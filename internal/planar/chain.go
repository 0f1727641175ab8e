package planar

// chainFaces makes the walks of all faces from the sides of the arcs. At a node that a face touches more
// than once, a walk goes on with the face's next arc clockwise from where it came: so it keeps to one
// corner of the face, and each walk bounds ground that hangs together by more than points.
func (c *Coverage) chainFaces() {
	begins := make([]int32, len(c.Faces)+1)
	for i := range c.Arcs {
		if l := c.Arcs[i].Left; l >= 0 {
			begins[l+1]++
		}
		if r := c.Arcs[i].Right; r >= 0 {
			begins[r+1]++
		}
	}
	for f := range c.Faces {
		begins[f+1] += begins[f]
	}
	total := int(begins[len(c.Faces)])
	k := &chainer{
		Coverage: c,
		refs:     make([]Ref, total),
		next:     make([]int32, total),
		used:     make([]bool, total),
		head:     make([]int32, c.nodes),
		order:    make([]Ref, 0, total),
	}
	fill := append([]int32(nil), begins[:len(c.Faces)]...)
	put := func(face int32, r Ref) {
		if face >= 0 {
			k.refs[fill[face]] = r
			fill[face]++
		}
	}
	for i := range c.Arcs {
		put(c.Arcs[i].Left, Ref(i))
		put(c.Arcs[i].Right, ^Ref(i))
	}
	for i := range k.head {
		k.head[i] = -1
	}
	walks := make([][]Ref, 0, len(c.Faces)+len(c.Faces)/8)
	for f := range c.Faces {
		from := len(walks)
		walks = k.chain(begins[f], begins[f+1], walks)
		c.Faces[f].Walks = walks[from:len(walks):len(walks)]
	}
}

type chainer struct {
	*Coverage
	refs  []Ref   // by face
	next  []int32 // the face's next ref that starts at the same node, -1 at the end
	head  []int32 // per node, only filled for the face at hand
	used  []bool
	order []Ref // the refs in the order of the walks
}

// chain appends the walks of the face whose refs are lo … hi-1.
func (k *chainer) chain(lo, hi int32, walks [][]Ref) [][]Ref {
	for i := lo; i < hi; i++ {
		n := k.start(k.refs[i])
		k.next[i] = k.head[n]
		k.head[n] = i
	}
	for i := lo; i < hi; i++ {
		if k.used[i] {
			continue
		}
		from := len(k.order)
		for j := i; j >= 0 && !k.used[j]; j = k.follow(k.refs[j]) {
			k.used[j] = true
			k.order = append(k.order, k.refs[j])
		}
		walks = append(walks, k.order[from:len(k.order):len(k.order)])
	}
	for i := lo; i < hi; i++ {
		k.head[k.start(k.refs[i])] = -1
	}
	return walks
}

// follow gives the position of the ref that comes after r in its face's walk.
func (k *chainer) follow(r Ref) int32 {
	first := k.head[k.end(r)]
	if first < 0 || k.next[first] < 0 {
		return first
	}
	at, back := k.firstStep(^r)
	best := first
	_, bestTo := k.firstStep(k.refs[first])
	for i := k.next[first]; i >= 0; i = k.next[i] {
		if _, to := k.firstStep(k.refs[i]); clockwiseFirst(at, back, to, bestTo) {
			best, bestTo = i, to
		}
	}
	return best
}

// clockwiseFirst says whether, turning clockwise round the centre from the direction of back, one comes to p
// before q. A direction equal to that of back itself comes last.
func clockwiseFirst(centre, back, p, q Point) bool {
	hp, hq := halfTurn(centre, back, p), halfTurn(centre, back, q)
	if hp != hq {
		return hp < hq
	}
	return cross(centre, p, q) < 0
}

// halfTurn is 0 for less than half a turn clockwise from back to p, 1 for half a turn, 2 for more, 3 for none.
func halfTurn(centre, back, p Point) int {
	switch s := cross(centre, back, p); {
	case s < 0:
		return 0
	case s > 0:
		return 2
	}
	ux, uy := int64(back.X)-int64(centre.X), int64(back.Y)-int64(centre.Y)
	if px, py := int64(p.X)-int64(centre.X), int64(p.Y)-int64(centre.Y); sign(ux)*sign(px) < 0 || sign(uy)*sign(py) < 0 {
		return 1
	}
	return 3
}
