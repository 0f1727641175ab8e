package planar

import "fmt"

// Dissolve makes one face of all faces with the same label: face i of the result is label i. Faces labelled
// negative are given to Outside. Labels should be dense: a label without faces becomes a face without ground. Arcs with the
// same label on both sides are dropped; those that meet in pairs afterwards, alike in Mark and Source, become one.
// Linear in the arcs, and in the points that stay.
//
// It panics when there aren't as many labels as faces.
func (c *Coverage) Dissolve(label []int32) *Coverage {
	if len(label) != len(c.Faces) {
		panic(fmt.Sprintf("planar: %d labels for %d faces", len(label), len(c.Faces)))
	}
	faces := int32(0)
	for _, l := range label {
		faces = max(faces, l+1)
	}
	to := func(face int32) int32 {
		if face < 0 || label[face] < 0 {
			return Outside
		}
		return label[face]
	}
	kept := make([]Arc, 0, len(c.Arcs)/4+16)
	for i := range c.Arcs {
		a := &c.Arcs[i]
		if l, r := to(a.Left), to(a.Right); l != r {
			kept = append(kept, Arc{a.Points, l, r, a.Mark, a.Source, a.from, a.to})
		}
	}
	out := &Coverage{Faces: make([]Face, faces)}
	out.Arcs, out.nodes = joinArcs(kept, c.nodes)
	out.chainFaces()
	return out
}

// joinArcs makes one arc of arcs that follow each other with the same faces, Mark and Source on the way,
// and numbers the nodes that are left anew.
func joinArcs(arcs []Arc, nodes int) ([]Arc, int) {
	j := &joiner{arcs: arcs, ends: make([][2]Ref, nodes), degree: make([]int32, nodes)}
	for i := range arcs {
		j.leave(arcs[i].from, Ref(i))
		j.leave(arcs[i].to, ^Ref(i))
	}
	renumber := make([]int32, nodes)
	for n := range renumber {
		renumber[n] = -1
	}
	used := make([]bool, len(arcs))
	var out []Arc
	count := 0
	number := func(n int32) int32 {
		if renumber[n] < 0 {
			renumber[n] = int32(count)
			count++
		}
		return renumber[n]
	}
	start := func(r Ref) {
		chain := j.run(r, used)
		a := j.joined(chain)
		a.from, a.to = number(a.from), number(a.to)
		out = append(out, a)
	}
	for i := range arcs {
		switch r := Ref(i); {
		case used[i]:
		case !j.through(arcs[i].from):
			start(r)
		case !j.through(arcs[i].to):
			start(^r)
		}
	}
	for i := range arcs { // closed ones, none of whose nodes stays
		if !used[i] {
			start(Ref(i))
		}
	}
	return out, count
}

type joiner struct {
	arcs   []Arc
	ends   [][2]Ref // per node, two of the directed arcs that leave it
	degree []int32
}

func (j *joiner) leave(node int32, r Ref) {
	if d := j.degree[node]; d < 2 {
		j.ends[node][d] = r
	}
	j.degree[node]++
}

// through says whether the node is no longer one: two like arcs meet there and nothing else.
func (j *joiner) through(node int32) bool {
	if j.degree[node] != 2 {
		return false
	}
	r, s := j.ends[node][0], j.ends[node][1]
	a, b := &j.arcs[r.Arc()], &j.arcs[s.Arc()]
	return a.Mark == b.Mark && a.Source == b.Source
}

func (j *joiner) end(r Ref) int32 {
	if r < 0 {
		return j.arcs[^r].from
	}
	return j.arcs[r].to
}

// run follows r to the next node, or round to itself.
func (j *joiner) run(r Ref, used []bool) []Ref {
	var chain []Ref
	for !used[r.Arc()] {
		used[r.Arc()] = true
		chain = append(chain, r)
		n := j.end(r)
		if !j.through(n) {
			break
		}
		if j.ends[n][0] == ^r {
			r = j.ends[n][1]
		} else {
			r = j.ends[n][0]
		}
	}
	return chain
}

func (j *joiner) joined(chain []Ref) Arc {
	first := chain[0]
	a := j.arcs[first.Arc()]
	if first < 0 {
		a.Left, a.Right = a.Right, a.Left
		a.from, a.to = a.to, a.from
	}
	if len(chain) == 1 && first >= 0 {
		return a
	}
	n := 1
	for _, r := range chain {
		n += len(j.arcs[r.Arc()].Points) - 1
	}
	view := Coverage{Arcs: j.arcs}
	points := make([]Point, 0, n)
	for _, r := range chain {
		points = view.appendPoints(points, r)
	}
	a.to = j.end(chain[len(chain)-1])
	last, _ := view.firstStep(^chain[len(chain)-1])
	a.Points = append(points, last)
	return a
}

// Components splits labels into what hangs together: faces with the same label that can be reached from one
// another across arcs get one new label. To touch in a point isn't enough. New labels are dense, in the order of their
// first faces; negative labels become -1.
func (c *Coverage) Components(label []int32) []int32 {
	parent := make([]int32, len(label))
	for i := range parent {
		parent[i] = int32(i)
	}
	find := func(i int32) int32 {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	for i := range c.Arcs {
		if l, r := c.Arcs[i].Left, c.Arcs[i].Right; l >= 0 && r >= 0 && label[l] == label[r] {
			l, r = find(l), find(r)
			parent[max(l, r)] = min(l, r)
		}
	}
	out := make([]int32, len(label))
	next := int32(0)
	for i := range out {
		switch root := find(int32(i)); {
		case label[i] < 0:
			out[i] = -1
		case root == int32(i):
			out[i] = next
			next++
		default:
			out[i] = out[root]
		}
	}
	return out
}
