-- Exactly one layout of a county is live: the last one.
SELECT NULL::bigint AS community, 'county ' || lpad(county::text, 6, '0') AS what, format('has %s live layouts (versions %s) of %s', count(*) FILTER (WHERE live),
       coalesce(string_agg(version::text, ', ' ORDER BY version) FILTER (WHERE live), '-'), max(version)) AS why
FROM layout l WHERE EXISTS (SELECT FROM proof_scope s WHERE s.county = l.county)
GROUP BY county HAVING count(*) FILTER (WHERE live) <> 1 OR max(version) FILTER (WHERE live) <> max(version)
