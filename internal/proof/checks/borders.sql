-- The borders on record are the borders of the blocks: each edge once, the lower block on its left, what lies on the
-- other side on its right, 0 where nothing of the county does.
WITH expected AS (
    SELECT county, a, b, p, q FROM proof_border WHERE mine
), wrong AS (
    SELECT county, a, b, p, CASE WHEN s.p IS NULL THEN 'not on record' ELSE 'on record, but not theirs' END AS how
    FROM proof_said s FULL JOIN expected e USING (county, a, b, p, q)
    WHERE s.p IS NULL OR e.p IS NULL
    UNION ALL
    SELECT county, a, b, p, 'on record more than once' FROM proof_said
    WHERE (SELECT count(*) FROM proof_said) <> (SELECT count(*) FROM expected) -- as many, and none amiss: none is there twice
    GROUP BY county, a, b, p, q HAVING count(*) > 1
)
SELECT coalesce(k.community, 0) AS community, 'block ' || w.a AS what, format('%s edges of its border with %s are %s, the first at %s', count(*),
       CASE w.b WHEN 0 THEN 'nothing' ELSE 'block ' || w.b END, w.how, pg_temp.place(min(w.p))) AS why
FROM wrong w LEFT JOIN block k ON k.county = w.county AND k.id = w.a
GROUP BY k.community, w.a, w.b, w.how
