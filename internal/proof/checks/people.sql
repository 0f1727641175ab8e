-- What is about somebody is seen by the ground of its house, and is with the house that they live in, or lived in last.
WITH about AS (
    SELECT county, 'household ' || id AS what, house, ground FROM household
    UNION ALL SELECT county, 'occupancy of house ' || house, house, ground FROM occupancy
    UNION ALL SELECT county, 'resident ' || id, house, ground FROM resident
    UNION ALL SELECT county, 'residency ' || id, house, ground FROM residency
    UNION ALL SELECT county, 'care of resident ' || resident, house, ground FROM care
    UNION ALL SELECT county, 'vehicle ' || id, house, ground FROM vehicle
    UNION ALL SELECT county, 'organisation ' || id, house, ground FROM organisation WHERE house IS NOT NULL
    UNION ALL SELECT county, 'visit ' || id, house, ground FROM visit
), mine AS (
    SELECT a.* FROM about a WHERE EXISTS (SELECT FROM proof_scope s WHERE s.county = a.county AND s.community = a.ground / 1000 AND s.mine)
), resides AS (
    SELECT r.county, r.id, r.house, r.ground FROM resident r
    WHERE EXISTS (SELECT FROM proof_scope s WHERE s.county = r.county AND s.community = r.ground / 1000 AND s.mine)
)
SELECT m.ground / 1000 AS community, m.what, format('is seen by ground %s, its house %s by %s', m.ground, m.house, h.ground) AS why
FROM mine m JOIN house h ON h.county = m.county AND h.id = m.house WHERE h.ground <> m.ground
UNION ALL
SELECT m.ground / 1000, m.what, format('is tied to house %s, which isn''t there', m.house)
FROM mine m WHERE NOT EXISTS (SELECT FROM house h WHERE h.county = m.county AND h.id = m.house)
UNION ALL
SELECT r.ground / 1000, 'resident ' || r.id, format('is with house %s and lives in house %s', r.house, l.house)
FROM resides r JOIN residency l ON l.county = r.county AND l.resident = r.id AND l.until IS NULL WHERE l.house <> r.house
UNION ALL
SELECT r.ground / 1000, 'resident ' || r.id, 'never lived anywhere'
FROM resides r WHERE NOT EXISTS (SELECT FROM residency l WHERE l.county = r.county AND l.resident = r.id)
UNION ALL
SELECT r.ground / 1000, 'resident ' || r.id, format('is with house %s and looked after in house %s', r.house, c.house)
FROM resides r JOIN care c ON c.county = r.county AND c.resident = r.id WHERE c.house <> r.house
