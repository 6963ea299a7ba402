-- After a restore, the sooner the better: whoever gets a name before its account is bound gets the account.
CREATE OR REPLACE FUNCTION agentctl.bind_accounts() RETURNS integer
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    here text := (SELECT c.system_identifier FROM pg_control_system() AS c);
    changed integer;
BEGIN
    UPDATE account AS a
    SET role = n.role, role_name = n.role_name, cluster = n.cluster
    FROM (
        -- Where there is no role of the name yet, the name decides once there is.
        SELECT f.name, f.role_name, f.role, CASE WHEN f.is_last AND f.role IS NULL THEN f.cluster ELSE here END AS cluster
        FROM (
            SELECT o.name, o.cluster, coalesce(r.rolname::text, o.role_name) AS role_name, l.is_last,
                   CASE WHEN o.cluster = here THEN o.role
                       WHEN l.is_last THEN to_regrole(quote_ident(o.role_name))::oid END AS role
            FROM account AS o
            LEFT JOIN pg_roles AS r ON o.cluster = here AND r.oid = o.role
            -- Of several of one name, those before the last had been dropped.
            CROSS JOIN LATERAL (SELECT NOT EXISTS (SELECT FROM account AS later
                WHERE later.role_name = o.role_name AND later.created_at > o.created_at) AS is_last) AS l
        ) AS f
    ) AS n
    WHERE n.name = a.name AND (n.role, n.role_name, n.cluster) IS DISTINCT FROM (a.role, a.role_name, a.cluster);
    GET DIAGNOSTICS changed = ROW_COUNT;
    -- Grants of use in the same way; one to a role that is not there yet holds once it is.
    UPDATE use_grant AS g
    SET role = n.role, role_name = n.role_name, cluster = here
    FROM (
        SELECT o.kind, o.name, o.cluster, o.role AS known, r.oid AS role, r.rolname AS role_name
        FROM use_grant AS o
        JOIN pg_roles AS r ON CASE WHEN o.cluster = here THEN r.oid = o.role ELSE r.rolname = o.role_name END
    ) AS n
    WHERE g.kind = n.kind AND g.name = n.name AND g.cluster = n.cluster AND g.role = n.known
      AND (n.role, n.role_name, here) IS DISTINCT FROM (g.role, g.role_name, g.cluster)
      AND NOT EXISTS (SELECT FROM use_grant AS o
                      WHERE o.kind = g.kind AND o.name = g.name AND o.cluster = here AND o.role = n.role
                        AND (o.cluster, o.role) <> (g.cluster, g.role));
    RETURN changed;
END $$;
COMMENT ON FUNCTION agentctl.bind_accounts() IS
    'Finds the roles of accounts, and of grants of use: by name in a database that was restored from another cluster, '
    'and otherwise their names of today; returns how many changed. Internal: grant_roles() calls it.';
REVOKE ALL ON FUNCTION agentctl.bind_accounts() FROM PUBLIC;
