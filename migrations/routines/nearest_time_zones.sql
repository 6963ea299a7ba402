CREATE OR REPLACE FUNCTION agentctl.nearest_time_zones(zone text) RETURNS text[]
LANGUAGE sql STABLE SET search_path = agentctl, pg_temp AS $$
    SELECT coalesce(array_agg(near.name ORDER BY near.distance, near.name COLLATE "C"), '{}')
    FROM (
        SELECT z.name, least(
                   agentctl.edit_distance(given.place, regexp_replace(z.name, '^.*/', ''), given.by_place),
                   agentctl.edit_distance(given.name, z.name, given.by_name)) AS distance
        FROM (SELECT w.name, w.place, greatest(1, length(w.place) / 3) AS by_place,
                     greatest(1, length(w.name) / 3) AS by_name
              FROM (SELECT left(replace(nearest_time_zones.zone, ' ', '_'), 64) AS name,
                           left(regexp_replace(replace(nearest_time_zones.zone, ' ', '_'), '^.*/', ''), 64) AS place) AS w
             ) AS given
        CROSS JOIN pg_timezone_names AS z
        WHERE z.name !~ '^(posix|right)/'
        ORDER BY distance NULLS LAST, z.name COLLATE "C" LIMIT 3
    ) AS near
    WHERE near.distance IS NOT NULL
$$;
COMMENT ON FUNCTION agentctl.nearest_time_zones(text) IS
    'Up to three time zones that a mistyped name was probably meant to be, as a whole or by its place alone.';
REVOKE ALL ON FUNCTION agentctl.nearest_time_zones(text) FROM PUBLIC;
