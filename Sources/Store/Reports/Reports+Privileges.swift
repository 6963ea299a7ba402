package import JSON
internal import Postgres

extension Reports {
    /// Who can do more in the schema than `agentctl.role_grant` says.
    ///
    /// - Returns: One object: `schema_owner`, `owner_is_superuser`; `open_to_public`, the objects that PUBLIC may use, and
    ///   `stray_privileges` ("role: privilege object"), those of other roles that make their holder act as the owner,
    ///   20 of each at most; `query_members`, the roles in agentctl_query beside the schema's owner.
    /// - Throws: ``StoreError/Code/notMigrated`` without the schema.
    package func privilegeReport() async throws(StoreError) -> JSONObject {
        try await database.objects(
            """
            WITH place AS (
                SELECT n.oid, n.nspname, n.nspowner, n.nspacl FROM pg_namespace AS n
                WHERE n.nspname IN ('agentctl', 'agentctl_sql')
            ), object AS MATERIALIZED (
                SELECT 'schema ' || p.nspname AS name, p.nspowner AS owner,
                       coalesce(p.nspacl, acldefault('n', p.nspowner)) AS acl
                FROM place AS p
                UNION ALL
                SELECT format('%s.%s', p.nspname, c.relname), c.relowner,
                       coalesce(c.relacl, acldefault(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", c.relowner))
                FROM place AS p JOIN pg_class AS c ON c.relnamespace = p.oid AND c.relkind IN ('r', 'p', 'v', 'S')
                UNION ALL
                SELECT format('%s.%s(%s)', p.nspname, f.proname, pg_get_function_identity_arguments(f.oid)), f.proowner,
                       coalesce(f.proacl, acldefault('f', f.proowner))
                FROM place AS p JOIN pg_proc AS f ON f.pronamespace = p.oid
            ), held AS MATERIALIZED (
                SELECT o.name, a.grantee, a.privilege_type AS privilege
                FROM object AS o CROSS JOIN LATERAL aclexplode(o.acl) AS a
                WHERE a.grantee <> o.owner
                  AND (a.grantee = 0 OR a.privilege_type IN ('CREATE', 'TRIGGER', 'REFERENCES', 'TRUNCATE'))
            )
            SELECT row_to_json(r) AS row
            FROM (
                SELECT o.rolname AS schema_owner, o.rolsuper AS owner_is_superuser,
                       ARRAY(SELECT DISTINCT h.name FROM held AS h WHERE h.grantee = 0 ORDER BY 1 LIMIT 20)
                           AS open_to_public,
                       ARRAY(SELECT format('%s: %s %s', h.grantee::regrole, h.privilege, h.name) FROM held AS h
                             WHERE h.grantee <> 0 ORDER BY 1 LIMIT 20) AS stray_privileges,
                       ARRAY(SELECT u.rolname FROM pg_auth_members AS m JOIN pg_roles AS u ON u.oid = m.member
                             WHERE m.roleid = to_regrole('agentctl_query') AND m.member <> p.nspowner
                               AND u.rolname <> 'agentctl_schema'
                               AND NOT u.rolsuper ORDER BY 1) AS query_members
                FROM place AS p JOIN pg_roles AS o ON o.oid = p.nspowner
                WHERE p.nspname = 'agentctl'
            ) AS r
            """
        ).first ?? [:]
    }
}
