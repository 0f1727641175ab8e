package access

import (
	"fmt"
	"slices"
	"strings"

	"jingwei/internal/fault"
	"jingwei/internal/postgres"
)

// Role is what somebody does in a county.
type Role string

// The roles. 三员分立: no account holds two of the last three (GB/T 22239 level 3, privileges separated).
const (
	Planner         Role = "planner"          // 规划员
	Dispatcher      Role = "dispatcher"       // 调度员
	Leader          Role = "leader"           // 领导
	GridWorker      Role = "grid-worker"      // 网格员
	Clerk           Role = "clerk"            // 社区平台管理员
	Administrator   Role = "administrator"    // 系统管理员
	SecurityOfficer Role = "security-officer" // 安全管理员
	Auditor         Role = "auditor"          // 审计员
)

// The capabilities. Those of roles are in roles; the last three are the program's own.
const (
	ReadMap         postgres.Capability = "map.read"         // the ground, the grids and their totals: anywhere, once one has it somewhere
	ReadIncidents   postgres.Capability = "incident.read"    // incidents there, contacts masked
	ReportIncidents postgres.Capability = "incident.report"  // report one there
	UnmaskContacts  postgres.Capability = "incident.contact" // see whom to call, one at a time, with a reason
	ManageAccounts  postgres.Capability = "account.manage"   // make, disable and reset accounts that belong there
	GrantRoles      postgres.Capability = "account.grant"    // give and take roles and labels there
	PlanGrids       postgres.Capability = "grid.plan"        // make and change drafts of what lies there
	ApproveGrids    postgres.Capability = "grid.approve"     // look at drafts that were handed in there, and approve them
	ReadTrail       postgres.Capability = "audit.read"       // the audit trail of what concerns that ground

	ReadResponders   postgres.Capability = "responder.read"   // who works there and holds which post, telephone numbers masked
	ManageResponders postgres.Capability = "responder.manage" // put people on the roll there, give them posts, call them

	ReadRegister   postgres.Capability = "register.read"   // who lives there, numbers masked
	KeepRegister   postgres.Capability = "register.change" // enter who moves in and out there, and put right what is on record
	ImportRegister postgres.Capability = "register.import" // bring files of houses and residents there
	UnmaskRegister postgres.Capability = "register.unmask" // see somebody's numbers, one person at a time, with a reason

	DefineCare postgres.Capability = "care.define" // say which kinds of care a county has, all of which lies there

	door       postgres.Capability = "account.door" // whoever stands at the door is looked up
	ChainTrail postgres.Capability = "audit.chain"  // the trail's entries are chained
)

// Special is the capability of seeing what concerns a special group.
func Special(label Label) postgres.Capability { return postgres.Capability("special." + string(label)) }

// Label is a special group of people (特殊人群): what concerns one is seen only with its label, whatever the role.
type Label string

// The labels, of the groups that GB/T 31000-2015 names.
const (
	Released   Label = "released"   // 刑满释放人员
	Correction Label = "correction" // 社区矫正对象
	Mental     Label = "mental"     // 严重精神障碍患者
	Drugs      Label = "drugs"      // 吸毒人员
	Youth      Label = "youth"      // 重点青少年
	Petition   Label = "petition"   // 信访重点人员
)

// Labels are all of them.
var Labels = []Label{Released, Correction, Mental, Drugs, Youth, Petition}

var labelNames = map[Label][2]string{
	Released: {"刑满释放人员", "released prisoners"}, Correction: {"社区矫正对象", "community correction"}, Mental: {"严重精神障碍患者", "severe mental disorders"},
	Drugs: {"吸毒人员", "drug users"}, Youth: {"重点青少年", "youth at risk"}, Petition: {"信访重点人员", "petitioners"},
}

// Names are the label in Chinese and in English.
func (l Label) Names() (zh, en string) { return labelNames[l][0], labelNames[l][1] }

// ParseLabel reads a label. Fault: Invalid, naming those there are.
func ParseLabel(s string) (Label, error) {
	if slices.Contains(Labels, Label(s)) {
		return Label(s), nil
	}
	return "", fault.New(fault.Invalid,
		fmt.Sprintf("没有特殊人群标签 %q；可用：%s", clip(s), join(Labels)), fmt.Sprintf("there is no special group %q; there are %s", clip(s), join(Labels)))
}

// What each role may do on its ground. A grid worker's ground is a grid; reporting reaches the community around it (see scopeOf).
var roles = map[Role][]postgres.Capability{
	Planner:    {ReadMap, PlanGrids, ReadResponders, ManageResponders},
	Dispatcher: {ReadMap, ReadIncidents, ReportIncidents, UnmaskContacts, ReadResponders, ReadRegister, UnmaskRegister},
	Leader:     {ReadMap, ReadIncidents, ReadResponders, ApproveGrids},
	GridWorker: {ReadMap, ReadIncidents, ReportIncidents, UnmaskContacts, ReadResponders, ReadRegister, KeepRegister, UnmaskRegister},
	Clerk: {ReadMap, ReadIncidents, ReportIncidents, UnmaskContacts, ReadResponders, ManageResponders, ReadRegister, KeepRegister, ImportRegister,
		UnmaskRegister},
	Administrator:   {ReadMap, ManageAccounts, DefineCare},
	SecurityOfficer: {ReadMap, GrantRoles},
	Auditor:         {ReadMap, ReadTrail},
}

// Roles are all of them, in the order in which they are shown.
var Roles = []Role{Planner, Dispatcher, Leader, GridWorker, Clerk, Administrator, SecurityOfficer, Auditor}

var roleNames = map[Role][2]string{
	Planner: {"规划员", "planner"}, Dispatcher: {"调度员", "dispatcher"}, Leader: {"领导", "leader"}, GridWorker: {"网格员", "grid worker"},
	Clerk: {"社区平台管理员", "community clerk"}, Administrator: {"系统管理员", "administrator"}, SecurityOfficer: {"安全管理员", "security officer"},
	Auditor: {"审计员", "auditor"},
}

// Names are the role in Chinese and in English.
func (r Role) Names() (zh, en string) { return roleNames[r][0], roleNames[r][1] }

// Officer says whether it is one of the three that one account may hold only one of; each needs a second factor.
func (r Role) Officer() bool { return r == Administrator || r == SecurityOfficer || r == Auditor }

// ParseRole reads a role. Fault: Invalid, naming those there are.
func ParseRole(s string) (Role, error) {
	if slices.Contains(Roles, Role(s)) {
		return Role(s), nil
	}
	return "", fault.New(fault.Invalid,
		fmt.Sprintf("没有角色 %q；可用：%s", clip(s), join(Roles)), fmt.Sprintf("there is no role %q; there are %s", clip(s), join(Roles)))
}

// Grant is a role on a piece of ground: a division's code, or for a grid worker a grid's.
type Grant struct {
	Role Role   `json:"role"`
	Code string `json:"code"`
}

// LabelGrant is a special group's label on a piece of ground.
type LabelGrant struct {
	Label Label  `json:"label"`
	Code  string `json:"code"`
}

// CapabilitiesOf is what a grant brings, each with the code it holds on.
func CapabilitiesOf(g Grant) map[postgres.Capability]string {
	out := make(map[postgres.Capability]string, len(roles[g.Role]))
	for _, c := range roles[g.Role] {
		out[c] = g.Code
		if c == ReportIncidents && g.Role == GridWorker && len(g.Code) == 15 {
			out[c] = g.Code[:12] // who walks the streets sees what happens next door
		}
	}
	return out
}

// ScopeOf is what grants and labels amount to.
func ScopeOf(grants []Grant, labels []LabelGrant) postgres.Scope {
	scope := postgres.Scope{}
	for _, g := range grants {
		for c, code := range CapabilitiesOf(g) {
			scope[c] = append(scope[c], postgres.GroundOf(code)...)
		}
	}
	for _, l := range labels {
		scope[Special(l.Label)] = append(scope[Special(l.Label)], postgres.GroundOf(l.Code)...)
	}
	return scope
}

func join[T ~string](all []T) string {
	words := make([]string, len(all))
	for i, w := range all {
		words[i] = string(w)
	}
	return strings.Join(words, ", ")
}

func clip(s string) string {
	if len(s) > 40 {
		return strings.ToValidUTF8(s[:40], "") + "…"
	}
	return s
}
