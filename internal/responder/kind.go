package responder

import (
	"fmt"
	"slices"
	"strings"

	"jingwei/internal/fault"
)

// Kind is what somebody is there for.
type Kind string

// The kinds of responders.
const (
	GridWorker Kind = "grid-worker" // 网格员
	GridLeader Kind = "grid-leader" // 网格长
	Police     Kind = "police"      // 民警
	Volunteer  Kind = "volunteer"   // 志愿者
	Repair     Kind = "repair"      // 维修队
)

// Kinds are all of them, in the order in which they are shown.
var Kinds = []Kind{GridWorker, GridLeader, Police, Volunteer, Repair}

var kindNames = map[Kind][2]string{
	GridWorker: {"网格员", "grid worker"}, GridLeader: {"网格长", "grid leader"}, Police: {"民警", "police"},
	Volunteer: {"志愿者", "volunteer"}, Repair: {"维修队", "repair team"},
}

// Names are the kind in Chinese and in English.
func (k Kind) Names() (zh, en string) { return kindNames[k][0], kindNames[k][1] }

// HoldsPosts says whether one of that kind can hold a post of a grid. A leader may do a worker's job where there is none, and the other way round.
func (k Kind) HoldsPosts() bool { return k == GridWorker || k == GridLeader }

// ParseKind reads a kind. Fault: Invalid, naming those there are.
func ParseKind(s string) (Kind, error) {
	if slices.Contains(Kinds, Kind(s)) {
		return Kind(s), nil
	}
	var zh, en []string
	for _, k := range Kinds {
		zh, en = append(zh, string(k)+" "+kindNames[k][0]), append(en, string(k))
	}
	return "", fault.New(fault.Invalid, fmt.Sprintf("没有人员类别 %.40q；可用：%s", s, strings.Join(zh, "、")),
		fmt.Sprintf("there is no kind of responder %.40q; there are %s", s, strings.Join(en, ", "))).At("kind")
}

// Post is one of the two jobs that every grid has.
type Post string

// The posts of a grid.
const (
	Worker Post = "worker" // 网格员
	Leader Post = "leader" // 网格长
)

// Posts are both.
var Posts = []Post{Worker, Leader}

var postNames = map[Post][2]string{Worker: {"网格员", "worker"}, Leader: {"网格长", "leader"}}

// Names are the post in Chinese and in English.
func (p Post) Names() (zh, en string) { return postNames[p][0], postNames[p][1] }

// ParsePost reads a post. Fault: Invalid.
func ParsePost(s string) (Post, error) {
	if slices.Contains(Posts, Post(s)) {
		return Post(s), nil
	}
	return "", fault.New(fault.Invalid, fmt.Sprintf("网格没有岗位 %.40q；岗位是 worker（网格员）和 leader（网格长）", s),
		fmt.Sprintf("a grid has no post %.40q; its posts are worker and leader", s)).At("post")
}
