-- The database's own check: invariants 1, 2 and 4 hold at every commit, whoever writes.
--
-- Writing to territory, block, grid or grid_block notes each touched community. At commit one deferred check a
-- community takes the community's lock and proves it anew. The lock comes before the proof, and under READ
-- COMMITTED each statement of the proof sees what was committed before it began; so of two sessions that would
-- overlap together the second one sees the first one's blocks and is refused. Under REPEATABLE READ it wouldn't,
-- hence such a transaction may not write here.
--
-- The proof: if every polygon is valid, its shell counter-clockwise, its holes clockwise, and each edge between
-- two lattice points is used once in each direction (the territory's border, reversed, being one of the
-- polygons), then the borders cancel, every point of the territory has winding number one, and so it is covered
-- exactly once. One aggregation over pairs of integers, no tolerance.
--
-- Refusals have a state of class JW: JW001 ground, JW002 grids, JW003 history, JW004 isolation level. The message
-- is English, the hint the same in Chinese.

-- +goose Up

-- What the running transaction has touched. Rows live only within a transaction, and nobody but these functions
-- writes them.
CREATE TABLE touched (
    county    integer NOT NULL,
    community bigint NOT NULL,
    xid       xid8 NOT NULL DEFAULT pg_current_xact_id(),
    border    boolean NOT NULL,           -- the territory changed, so its neighbours are looked at, too
    PRIMARY KEY (county, community, xid)
);

-- Notes --------------------------------------------------------------------------------------------

-- +goose StatementBegin
CREATE FUNCTION note_touched() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    is_border boolean := TG_TABLE_NAME = 'territory';
BEGIN
    IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN
        RAISE EXCEPTION 'blocks and grids are written under READ COMMITTED only, this transaction is %: at commit it couldn''t see what others committed',
            upper(current_setting('transaction_isolation'))
            USING ERRCODE = 'JW004', HINT = format('地块与网格只能在 READ COMMITTED 事务中写入，当前是 %s。',
                upper(current_setting('transaction_isolation')));
    END IF;
    IF TG_TABLE_NAME = 'grid_block' THEN -- both the block's community and the grid's
        IF TG_OP = 'INSERT' THEN
            INSERT INTO touched (county, community, border)
            SELECT n.county, n.grid / 1000, false FROM new_rows n
            UNION SELECT n.county, b.community, false FROM new_rows n JOIN block b ON b.county = n.county AND b.id = n.block
            ON CONFLICT DO NOTHING;
        ELSIF TG_OP = 'DELETE' THEN
            INSERT INTO touched (county, community, border)
            SELECT o.county, o.grid / 1000, false FROM old_rows o
            UNION SELECT o.county, b.community, false FROM old_rows o JOIN block b ON b.county = o.county AND b.id = o.block
            ON CONFLICT DO NOTHING;
        ELSE
            INSERT INTO touched (county, community, border)
            SELECT n.county, n.grid / 1000, false FROM new_rows n
            UNION SELECT o.county, o.grid / 1000, false FROM old_rows o
            UNION SELECT n.county, b.community, false FROM new_rows n JOIN block b ON b.county = n.county AND b.id = n.block
            UNION SELECT o.county, b.community, false FROM old_rows o JOIN block b ON b.county = o.county AND b.id = o.block
            ON CONFLICT DO NOTHING;
        END IF;
        RETURN NULL;
    END IF;
    IF TG_OP = 'INSERT' THEN
        INSERT INTO touched (county, community, border)
        SELECT DISTINCT county, community, is_border FROM new_rows
        ON CONFLICT (county, community, xid) DO UPDATE SET border = touched.border OR excluded.border;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO touched (county, community, border)
        SELECT DISTINCT county, community, is_border FROM old_rows
        ON CONFLICT (county, community, xid) DO UPDATE SET border = touched.border OR excluded.border;
    ELSIF TG_TABLE_NAME = 'block' THEN -- new figures of residents touch nothing
        INSERT INTO touched (county, community, border)
        SELECT DISTINCT n.county, n.community, false FROM new_rows n JOIN old_rows o ON o.county = n.county AND o.id = n.id
        WHERE o.geom IS DISTINCT FROM n.geom OR o.retired IS DISTINCT FROM n.retired
        ON CONFLICT DO NOTHING;
    ELSE
        INSERT INTO touched (county, community, border)
        SELECT county, community, is_border FROM new_rows UNION SELECT county, community, is_border FROM old_rows
        ON CONFLICT (county, community, xid) DO UPDATE SET border = touched.border OR excluded.border;
    END IF;
    RETURN NULL;
END
$$;
-- +goose StatementEnd

CREATE TRIGGER note_insert AFTER INSERT ON territory REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION note_touched();
CREATE TRIGGER note_update AFTER UPDATE ON territory REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION note_touched();
CREATE TRIGGER note_delete AFTER DELETE ON territory REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION note_touched();
CREATE TRIGGER note_insert AFTER INSERT ON block REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION note_touched();
CREATE TRIGGER note_update AFTER UPDATE ON block REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION note_touched();
CREATE TRIGGER note_insert AFTER INSERT ON grid REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION note_touched();
CREATE TRIGGER note_update AFTER UPDATE ON grid REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION note_touched();
CREATE TRIGGER note_insert AFTER INSERT ON grid_block REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION note_touched();
CREATE TRIGGER note_update AFTER UPDATE ON grid_block REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION note_touched();
CREATE TRIGGER note_delete AFTER DELETE ON grid_block REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION note_touched();

-- The check of one community -----------------------------------------------------------------------

-- A position for people: degrees, seven decimals. A point is packed as x·2³² + y, in lattice steps.
-- +goose StatementBegin
CREATE FUNCTION lattice_text(p bigint) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT format('(%s %s)', round((p >> 32)::numeric / 1e7, 7),
        round((p - ((p >> 32) << 32))::numeric / 1e7, 7))
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION prove_polygons(the_county integer, the_community bigint) RETURNS void LANGUAGE plpgsql
SET search_path = public, pg_temp SET jit = off AS $$
DECLARE
    bad record;
BEGIN
    SELECT id, reason, CASE reason WHEN 'is empty' THEN '是空的' WHEN 'has no area' THEN '没有面积'
            WHEN 'has a ring that runs the wrong way round (shells run counter-clockwise, holes clockwise)' THEN '有一环方向不对（外环逆时针，内环顺时针）'
            ELSE '不合规（' || reason || '）' END AS reason_zh
    INTO bad FROM (
        SELECT b.id, CASE
            WHEN ST_IsEmpty(b.geom) THEN 'is empty'
            WHEN NOT ST_IsValid(b.geom) THEN 'isn''t valid: ' || ST_IsValidReason(b.geom)
            WHEN NOT ST_IsPolygonCCW(b.geom) THEN 'has a ring that runs the wrong way round (shells run counter-clockwise, holes clockwise)'
            WHEN NOT ST_Area(b.geom) > 0 THEN 'has no area' END AS reason
        FROM block b WHERE b.county = the_county AND b.community = the_community AND b.retired IS NULL
        UNION ALL
        SELECT 0, CASE
            WHEN NOT ST_IsValid(t.geom) THEN 'isn''t valid: ' || ST_IsValidReason(t.geom)
            WHEN NOT ST_IsPolygonCCW(t.geom) THEN 'has a ring that runs the wrong way round (shells run counter-clockwise, holes clockwise)' END
        FROM territory t WHERE t.county = the_county AND t.community = the_community) p
    WHERE reason IS NOT NULL ORDER BY id LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'community %: % %', the_community,
            CASE bad.id WHEN 0 THEN 'its territory' ELSE 'block ' || bad.id END, bad.reason
            USING ERRCODE = 'JW001', HINT = format('社区 %s：%s的多边形%s。', the_community,
                CASE bad.id WHEN 0 THEN '其范围' ELSE '地块 ' || bad.id END, bad.reason_zh);
    END IF;
END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION prove_edges(the_county integer, the_community bigint) RETURNS void LANGUAGE plpgsql
SET search_path = public, pg_temp SET jit = off SET work_mem = '64MB' AS $$
DECLARE
    bad record;
    whom text;
    whom_zh text;
BEGIN
    WITH polygon AS (
        SELECT b.id, b.geom FROM block b
        WHERE b.county = the_county AND b.community = the_community AND b.retired IS NULL
        UNION ALL
        SELECT 0, ST_Reverse(t.geom) FROM territory t WHERE t.county = the_county AND t.community = the_community
    ), segment AS (
        SELECT p.id, ST_StartPoint(s.geom) AS a, ST_EndPoint(s.geom) AS b FROM polygon p, ST_DumpSegments(p.geom) s
        OFFSET 0 -- so that each point is taken out once
    ), edge AS (
        SELECT id, ((ST_X(a) * 1e7::float8)::bigint << 32) + (ST_Y(a) * 1e7::float8)::bigint AS p,
               ((ST_X(b) * 1e7::float8)::bigint << 32) + (ST_Y(b) * 1e7::float8)::bigint AS q,
               ((ST_X(a) * 1e7::float8)::bigint)::float8 / 1e7::float8 = ST_X(a)
               AND ((ST_Y(a) * 1e7::float8)::bigint)::float8 / 1e7::float8 = ST_Y(a) AS on_lattice
        FROM segment
    ), wrong AS (
        SELECT least(p, q) AS p, greatest(p, q) AS q, count(*) AS uses, array_agg(id ORDER BY id) AS ids,
               bool_and(on_lattice) AS on_lattice
        FROM edge GROUP BY 1, 2
        HAVING count(*) <> 2 OR sum(sign(p - q)) <> 0 OR NOT bool_and(on_lattice)
    )
    SELECT *, count(*) OVER () AS total INTO bad FROM wrong ORDER BY on_lattice, uses DESC, p, q LIMIT 1;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    SELECT string_agg(CASE id WHEN 0 THEN 'the territory''s border' ELSE 'block ' || id END, ' and ' ORDER BY id),
           string_agg(CASE id WHEN 0 THEN '社区边界' ELSE '地块 ' || id END, '、' ORDER BY id)
        INTO whom, whom_zh FROM unnest(bad.ids) AS u (id);
    RAISE EXCEPTION 'community %: the edge % to % of % %; % edges are wrong. The blocks must tile the territory, with the same vertices on both sides of each border',
        the_community, lattice_text(bad.p), lattice_text(bad.q), whom,
        CASE WHEN NOT bad.on_lattice THEN 'isn''t on the lattice of 1e-7 degree'
             WHEN bad.uses = 1 THEN 'has nothing on its other side (a gap, an overlap, or a vertex missing in the neighbour)'
             ELSE 'is used more than once in one direction (an overlap)' END, bad.total
        USING ERRCODE = 'JW001', HINT = format('社区 %s：%s从 %s 到 %s 的边%s；共有 %s 条边不对。地块必须铺满社区，边界两侧的顶点必须相同。',
            the_community, whom_zh, lattice_text(bad.p), lattice_text(bad.q),
            CASE WHEN NOT bad.on_lattice THEN '不在 1e-7 度的格点上'
                 WHEN bad.uses = 1 THEN '另一侧什么也没有（空隙、重叠或邻块缺少顶点）'
                 ELSE '在同一方向上用了不止一次（重叠）' END, bad.total);
END
$$;
-- +goose StatementEnd

-- Every live block in exactly one live grid of its community, no grid empty, no retired block in a grid.
-- +goose StatementBegin
CREATE FUNCTION prove_grids(the_county integer, the_community bigint) RETURNS void LANGUAGE plpgsql
SET search_path = public, pg_temp SET jit = off AS $$
DECLARE
    bad record;
BEGIN
    SELECT * INTO bad FROM (
        SELECT b.id, gb.grid, CASE
            WHEN gb.grid IS NULL THEN 'is in no grid'
            WHEN b.retired IS NOT NULL THEN 'is retired and still in a grid'
            WHEN g.retired IS NOT NULL THEN 'is in a retired grid'
            WHEN g.community <> b.community THEN 'is in another community''s grid' END AS what, CASE
            WHEN gb.grid IS NULL THEN '不在任何网格中'
            WHEN b.retired IS NOT NULL THEN '已撤销，却仍在网格中'
            WHEN g.retired IS NOT NULL THEN '在已撤销的网格中'
            WHEN g.community <> b.community THEN '在别的社区的网格中' END AS what_zh
        FROM block b LEFT JOIN grid_block gb ON gb.county = b.county AND gb.block = b.id
        LEFT JOIN grid g ON g.county = gb.county AND g.code = gb.grid
        WHERE b.county = the_county AND b.community = the_community AND (b.retired IS NULL OR gb.grid IS NOT NULL)
    ) p WHERE what IS NOT NULL ORDER BY id LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'community %: block % % (grid %)', the_community, bad.id, bad.what, coalesce(bad.grid::text, '-')
            USING ERRCODE = 'JW002', HINT = format('社区 %s：地块 %s %s（网格 %s）。', the_community, bad.id, bad.what_zh,
                coalesce(bad.grid::text, '-'));
    END IF;
    SELECT g.code INTO bad FROM grid g
    WHERE g.county = the_county AND g.community = the_community AND g.retired IS NULL
      AND NOT EXISTS (SELECT FROM grid_block gb WHERE gb.county = g.county AND gb.grid = g.code)
    ORDER BY g.code LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'community %: the live grid % has no blocks', the_community, bad.code
            USING ERRCODE = 'JW002', HINT = format('社区 %s：网格 %s 在用，却没有地块。', the_community, bad.code);
    END IF;
END
$$;
-- +goose StatementEnd

-- A territory against its neighbours in the county: no common ground, and no vertex of the one in the middle of
-- an edge of the other. A vertex rounded onto the lattice may lie half a step off the edge, so the middle is what
-- passes through its cell: 2·|cross| ≤ |dx| + |dy|, in integers; but off the line it counts only where both ends
-- of the edge are the neighbour's, too: there it leaves a sliver that was never meant.
-- +goose StatementBegin
CREATE FUNCTION prove_border(the_county integer, the_community bigint) RETURNS void LANGUAGE plpgsql
SET search_path = public, pg_temp SET jit = off SET work_mem = '64MB' AS $$
DECLARE
    bad record;
BEGIN
    SELECT o.community INTO bad FROM territory t JOIN territory o
        ON o.county = t.county AND o.community <> t.community AND o.geom && t.geom
    WHERE t.county = the_county AND t.community = the_community AND ST_Relate(t.geom, o.geom, 'T********')
    ORDER BY o.community LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'community %: its territory overlaps that of community %', the_community, bad.community
            USING ERRCODE = 'JW001', HINT = format('社区 %s 的范围与社区 %s 重叠。', the_community, bad.community);
    END IF;
    WITH segment AS (
        SELECT o.community, ST_StartPoint(s.geom) AS a, ST_EndPoint(s.geom) AS b
        FROM territory t JOIN territory o ON o.county = t.county AND o.geom && t.geom, ST_DumpSegments(o.geom) s
        WHERE t.county = the_county AND t.community = the_community
        OFFSET 0
    ), edge AS (
        SELECT community, (ST_X(a) * 1e7::float8)::bigint AS ax, (ST_Y(a) * 1e7::float8)::bigint AS ay,
               (ST_X(b) * 1e7::float8)::bigint AS bx, (ST_Y(b) * 1e7::float8)::bigint AS by
        FROM segment
    ), lone AS ( -- what only one of them uses
        SELECT min(community) AS community, min(ax) AS ax, min(ay) AS ay, min(bx) AS bx, min(by) AS by
        FROM edge GROUP BY least((ax << 32) + ay, (bx << 32) + by), greatest((ax << 32) + ay, (bx << 32) + by)
        HAVING count(*) = 1
    ), cell AS ( -- cells of 2^14 steps, some 180 m
        SELECT lone.*, cx, cy FROM lone,
            generate_series((least(ax, bx) - 1) >> 14, (greatest(ax, bx) + 1) >> 14) cx,
            generate_series((least(ay, by) - 1) >> 14, (greatest(ay, by) + 1) >> 14) cy
    ), corner AS (
        SELECT DISTINCT community, ax AS x, ay AS y FROM lone
    )
    SELECT c.community AS community, v.community AS other, v.x, v.y INTO bad
    FROM cell c JOIN corner v ON c.cx = v.x >> 14 AND c.cy = v.y >> 14 AND v.community <> c.community
    WHERE the_community IN (c.community, v.community)
      AND (v.x - c.ax) * (c.bx - c.ax) + (v.y - c.ay) * (c.by - c.ay) > 0
      AND (c.bx - v.x) * (c.bx - c.ax) + (c.by - v.y) * (c.by - c.ay) > 0
      AND 2 * abs((c.bx - c.ax) * (v.y - c.ay) - (c.by - c.ay) * (v.x - c.ax)) <= abs(c.bx - c.ax) + abs(c.by - c.ay)
      AND ((c.bx - c.ax) * (v.y - c.ay) = (c.by - c.ay) * (v.x - c.ax)
           OR (EXISTS (SELECT FROM corner e WHERE e.community = v.community AND e.x = c.ax AND e.y = c.ay)
               AND EXISTS (SELECT FROM corner e WHERE e.community = v.community AND e.x = c.bx AND e.y = c.by)))
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'community %: the vertex % on the border with community % is missing on one side',
            the_community, lattice_text((bad.x << 32) + bad.y),
            CASE the_community WHEN bad.community THEN bad.other ELSE bad.community END
            USING ERRCODE = 'JW001', HINT = format('社区 %s 与社区 %s 交界处，顶点 %s 只在一侧存在。', the_community,
                CASE the_community WHEN bad.community THEN bad.other ELSE bad.community END,
                lattice_text((bad.x << 32) + bad.y));
    END IF;
END
$$;
-- +goose StatementEnd

-- The deferred check. The first one of a transaction takes the locks of all the communities noted by then, in
-- order, so that two transactions don't wait for each other. Locks are named by the community's code (a county's
-- by its six digits) plus a number that says they are ours ("JW" in the upper bytes).
-- +goose StatementBegin
CREATE FUNCTION check_touched() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    ours CONSTANT bigint := x'4a57000000000000'::bigint;
    key bigint;
    is_border boolean;
BEGIN
    FOR key IN
        SELECT county FROM touched WHERE xid = pg_current_xact_id() AND border
        UNION SELECT community FROM touched WHERE xid = pg_current_xact_id() ORDER BY 1
    LOOP
        PERFORM pg_advisory_xact_lock(ours + key);
    END LOOP;
    DELETE FROM touched t WHERE t.county = NEW.county AND t.community = NEW.community AND t.xid = NEW.xid
        RETURNING t.border INTO is_border;
    PERFORM prove_polygons(NEW.county, NEW.community);
    PERFORM prove_edges(NEW.county, NEW.community);
    IF is_border IS DISTINCT FROM false THEN
        PERFORM prove_border(NEW.county, NEW.community);
    END IF;
    PERFORM prove_grids(NEW.county, NEW.community);
    RETURN NULL;
END
$$;
-- +goose StatementEnd

CREATE CONSTRAINT TRIGGER check_touched AFTER INSERT ON touched DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION check_touched();

-- What never changes -------------------------------------------------------------------------------

-- +goose StatementBegin
CREATE FUNCTION keep_block() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    what text;
    what_zh text;
BEGIN
    IF TG_OP = 'DELETE' THEN
        what := 'is retired, never deleted'; what_zh := '只能撤销，不能删除';
    ELSIF (NEW.county, NEW.id, NEW.community, NEW.born) <> (OLD.county, OLD.id, OLD.community, OLD.born) THEN
        what := 'keeps its county, id, community and birth'; what_zh := '的县、编号、社区和产生版本不能改';
    ELSIF OLD.retired IS NOT NULL AND NEW.retired IS DISTINCT FROM OLD.retired THEN
        what := 'is retired and stays so'; what_zh := '已撤销，不能恢复';
    ELSIF NEW.geom = OLD.geom THEN
        RETURN NEW;
    ELSIF OLD.retired IS NOT NULL THEN
        what := 'is retired: its ground is history'; what_zh := '已撤销，其地面属于历史';
    ELSIF ST_NumInteriorRings(NEW.geom) <> ST_NumInteriorRings(OLD.geom)
       OR EXISTS (SELECT ST_X(o.geom), ST_Y(o.geom) FROM ST_DumpPoints(OLD.geom) o
                  EXCEPT SELECT ST_X(n.geom), ST_Y(n.geom) FROM ST_DumpPoints(NEW.geom) n)
       OR EXISTS (SELECT FROM (SELECT ST_X(n.geom) AS x, ST_Y(n.geom) AS y FROM ST_DumpPoints(NEW.geom) n
                               EXCEPT SELECT ST_X(o.geom), ST_Y(o.geom) FROM ST_DumpPoints(OLD.geom) o) added
                  WHERE ST_Distance(ST_SetSRID(ST_MakePoint(x, y), 4326), ST_Boundary(OLD.geom)) > 0.75e-7)
       OR abs(ST_Area(NEW.geom) - ST_Area(OLD.geom)) > 0.75e-7 * ST_Perimeter(OLD.geom) THEN
        -- half a step in each of two directions is 0.7071, and where two lines cross is itself rounded
        what := 'keeps its ground: only vertices on its border (half a lattice step off at most) may be inserted';
        what_zh := '的地面不能改：只可在其边界上（偏离不超过半个格点）插入顶点';
    ELSE
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'community %: block % %', OLD.community, OLD.id, what
        USING ERRCODE = 'JW003', HINT = format('社区 %s：地块 %s %s。', OLD.community, OLD.id, what_zh);
END
$$;
-- +goose StatementEnd

CREATE TRIGGER keep_update BEFORE UPDATE OF county, id, community, born, retired, geom ON block
    FOR EACH ROW EXECUTE FUNCTION keep_block();
CREATE TRIGGER keep_delete BEFORE DELETE ON block FOR EACH ROW EXECUTE FUNCTION keep_block();

-- A code is never used again: its row stays for ever, keeps its code, and once retired doesn't change.
-- +goose StatementBegin
CREATE FUNCTION keep_grid() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    what text;
    what_zh text;
BEGIN
    IF TG_OP = 'DELETE' THEN
        what := 'is retired, never deleted'; what_zh := '只能撤销，不能删除';
    ELSIF (NEW.county, NEW.code, NEW.community, NEW.born) <> (OLD.county, OLD.code, OLD.community, OLD.born) THEN
        what := 'keeps its county, code, community and birth'; what_zh := '的县、编码、社区和产生版本不能改';
    ELSIF OLD.retired IS NOT NULL AND NEW IS DISTINCT FROM OLD THEN
        what := 'is retired: a code is never used again'; what_zh := '已撤销，编码不再使用';
    ELSE
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'community %: grid % %', OLD.community, OLD.code, what
        USING ERRCODE = 'JW003', HINT = format('社区 %s：网格 %s %s。', OLD.community, OLD.code, what_zh);
END
$$;
-- +goose StatementEnd

CREATE TRIGGER keep_update BEFORE UPDATE ON grid FOR EACH ROW EXECUTE FUNCTION keep_grid();
CREATE TRIGGER keep_delete BEFORE DELETE ON grid FOR EACH ROW EXECUTE FUNCTION keep_grid();

-- +goose StatementBegin
CREATE FUNCTION keep_table() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'table % is never emptied: what it holds is history', TG_TABLE_NAME
        USING ERRCODE = 'JW003', HINT = format('表 %s 不能清空：其中是历史。', TG_TABLE_NAME);
END
$$;
-- +goose StatementEnd

CREATE TRIGGER keep_table BEFORE TRUNCATE ON layout FOR EACH STATEMENT EXECUTE FUNCTION keep_table();
CREATE TRIGGER keep_table BEFORE TRUNCATE ON territory FOR EACH STATEMENT EXECUTE FUNCTION keep_table();
CREATE TRIGGER keep_table BEFORE TRUNCATE ON block FOR EACH STATEMENT EXECUTE FUNCTION keep_table();
CREATE TRIGGER keep_table BEFORE TRUNCATE ON grid FOR EACH STATEMENT EXECUTE FUNCTION keep_table();
CREATE TRIGGER keep_table BEFORE TRUNCATE ON grid_block FOR EACH STATEMENT EXECUTE FUNCTION keep_table();
CREATE TRIGGER keep_table BEFORE TRUNCATE ON grid_block_past FOR EACH STATEMENT EXECUTE FUNCTION keep_table();
CREATE TRIGGER keep_table BEFORE TRUNCATE ON lineage FOR EACH STATEMENT EXECUTE FUNCTION keep_table();

-- +goose Down
DROP TRIGGER note_insert ON territory;
DROP TRIGGER note_update ON territory;
DROP TRIGGER note_delete ON territory;
DROP TRIGGER note_insert ON block;
DROP TRIGGER note_update ON block;
DROP TRIGGER note_insert ON grid;
DROP TRIGGER note_update ON grid;
DROP TRIGGER note_insert ON grid_block;
DROP TRIGGER note_update ON grid_block;
DROP TRIGGER note_delete ON grid_block;
DROP TRIGGER keep_update ON block;
DROP TRIGGER keep_delete ON block;
DROP TRIGGER keep_update ON grid;
DROP TRIGGER keep_delete ON grid;
DROP TRIGGER keep_table ON layout;
DROP TRIGGER keep_table ON territory;
DROP TRIGGER keep_table ON block;
DROP TRIGGER keep_table ON grid;
DROP TRIGGER keep_table ON grid_block;
DROP TRIGGER keep_table ON grid_block_past;
DROP TRIGGER keep_table ON lineage;
DROP TABLE touched;
DROP FUNCTION note_touched, check_touched, prove_polygons, prove_edges, prove_grids, prove_border, lattice_text,
    keep_block, keep_grid, keep_table;
