-- Who went in by an address that somebody placed (internal/intake) came by an act of the register, so that undoing the placing takes them out again.

-- +goose Up

ALTER TABLE unplaced_row ADD COLUMN became text CHECK (became IN ('accepted', 'same', 'proposed'));   -- of a row that went in; NULL: before this was noted
ALTER TABLE unplaced_row ADD COLUMN act bigint;                                                       -- by which it was accepted
ALTER TABLE unplaced_row ADD FOREIGN KEY (county, act) REFERENCES register_act (county, id);
ALTER TABLE unplaced_row ADD CHECK (act IS NULL OR became = 'accepted');

-- +goose Down
ALTER TABLE unplaced_row DROP COLUMN act, DROP COLUMN became;
