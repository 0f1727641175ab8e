package register

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/audit"
	"jingwei/internal/fault"
	"jingwei/internal/postgres"
	"jingwei/internal/typed"
)

// CareKind is why somebody is looked after: one that every county has, or one of a county's own.
type CareKind struct {
	Kind    string
	ZH, EN  string
	Every   int          // days from one visit to the next; 0: as it is planned each time
	Special access.Label // the label that is needed to see who is under it; "" for none
	Own     bool         // the county's
	Used    bool         // somebody may still be put under it
}

// CareKinds are those of a county in the order in which they are shown, those of every county first. They say nothing about anybody.
func (b *Book) CareKinds(ctx context.Context, tx pgx.Tx, county int32) ([]CareKind, error) {
	rows, err := tx.Query(ctx, `SELECT kind, zh, en, coalesce(every, 0), coalesce(special, ''), county > 0, used FROM care_kind WHERE county IN (0, $1) ORDER BY county, place`, county)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[CareKind])
}

// careKind is one of a county's kinds.
func (b *Book) careKind(ctx context.Context, tx pgx.Tx, county int32, kind string) (CareKind, error) {
	all, err := b.CareKinds(ctx, tx, county)
	if err != nil {
		return CareKind{}, err
	}
	for _, k := range all {
		if k.Kind == kind {
			return k, nil
		}
	}
	return CareKind{}, fault.New(fault.NotFound, fmt.Sprintf("没有关爱类别 %.40q", kind), fmt.Sprintf("there is no kind of care %.40q", kind)).At("kind")
}

// DefineCare adds a kind of care to a county's, and gives what it is called by in the table. Its label can't be changed later, as people are under it by then.
//
// Faults: Forbidden for who doesn't define care in all of the county; Invalid for names, days or a label that can't be; Conflict for a name that another kind has.
func (b *Book) DefineCare(ctx context.Context, tx pgx.Tx, county int32, k CareKind) (string, error) {
	if err := k.check(ctx, county); err != nil {
		return "", err
	}
	if k.Special != "" {
		if _, err := access.ParseLabel(string(k.Special)); err != nil {
			return "", err
		}
	}
	if err := b.otherName(ctx, tx, county, k); err != nil {
		return "", err
	}
	err := tx.QueryRow(ctx, `
		INSERT INTO care_kind (county, kind, zh, en, every, special, place)
		SELECT $1, 'own-' || n, $2, $3, nullif($4, 0), nullif($5, ''), n FROM (SELECT coalesce(max(place), 0) + 1 AS n FROM care_kind WHERE county = $1) AS next
		RETURNING kind`, county, k.ZH, k.EN, k.Every, string(k.Special)).Scan(&k.Kind)
	if isDouble(err) {
		return "", fault.New(fault.Conflict, "刚才有人也添加了类别，请再试一次", "somebody else added a kind just now; try again")
	}
	if err != nil {
		return "", err
	}
	return k.Kind, b.careDefined(ctx, tx, county, k.Kind, map[string]any{"added": k.ZH})
}

// RedefineCare changes what a kind of a county's own is called, how often those under it are visited, and whether it is still used. Those under one that isn't
// stay under it.
//
// Faults: those of DefineCare; NotFound for a kind that isn't the county's own.
func (b *Book) RedefineCare(ctx context.Context, tx pgx.Tx, county int32, k CareKind) error {
	if err := k.check(ctx, county); err != nil {
		return err
	}
	if err := b.otherName(ctx, tx, county, k); err != nil {
		return err
	}
	tag, err := tx.Exec(ctx, `UPDATE care_kind SET zh = $3, en = $4, every = nullif($5, 0), used = $6 WHERE county = $1 AND kind = $2`, county, k.Kind, k.ZH, k.EN, k.Every, k.Used)
	if err == nil && tag.RowsAffected() == 0 {
		err = fault.New(fault.NotFound, fmt.Sprintf("没有本县自定的类别 %.40q；各县通用的类别不能改", k.Kind),
			fmt.Sprintf("the county has no kind %.40q of its own; those that every county has can't be changed", k.Kind)).At("kind")
	}
	if err != nil {
		return err
	}
	return b.careDefined(ctx, tx, county, k.Kind, map[string]any{"name": k.ZH, "used": k.Used})
}

func (b *Book) careDefined(ctx context.Context, tx pgx.Tx, county int32, kind string, details map[string]any) error {
	return b.Trail.Write(ctx, tx, audit.Entry{County: int(county), Place: int64(county) * 1e9, Action: audit.CareDefined, Subject: fmt.Sprintf("care-kind:%06d-%s", county, kind), Details: details})
}

// check brings the names into one form, and says whether the actor may define it.
func (k *CareKind) check(ctx context.Context, county int32) (err error) {
	ground := postgres.GroundOf(fmt.Sprintf("%06d", county))
	if len(ground) == 0 || !postgres.ActorOf(ctx).Scope[access.DefineCare].Contains(ground[0]) {
		return fault.New(fault.Forbidden, "关爱类别由全县的系统管理员设置", "kinds of care are defined by the administrator of the whole county")
	}
	if k.ZH, err = typed.Text("zh", "中文名称", k.ZH, 1, 12); err != nil {
		return err
	}
	if k.EN, err = typed.Text("en", "英文名称", k.EN, 1, 40); err != nil {
		return err
	}
	if k.Every < 0 || k.Every > 366 {
		return fault.New(fault.Invalid, "走访间隔应为 1 至 366 天，或不填", "the days between visits are 1 to 366, or none").At("every")
	}
	return nil
}

// otherName refuses a name that another kind of the county has.
func (b *Book) otherName(ctx context.Context, tx pgx.Tx, county int32, k CareKind) error {
	all, err := b.CareKinds(ctx, tx, county)
	if err != nil {
		return err
	}
	for _, other := range all {
		if other.ZH == k.ZH && other.Kind != k.Kind {
			return fault.New(fault.Conflict, "已有名为“"+k.ZH+"”的类别", "there is a kind with the name "+k.ZH).At("zh")
		}
	}
	return nil
}
