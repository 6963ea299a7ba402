package import JSON
internal import Postgres

/// What people read: lists, turns, metrics, how the installation stands.
///
/// A report is rows of JSON objects: the fields have the names and the order of the columns from the database to the
/// screen, and no type stands between them. Nothing here writes.
package struct Reports: Sendable {
    let database: Database

    /// What the server is and what the user may do there; needs no schema.
    ///
    /// - Returns: One object: `server_version`, `server_version_num`, `database`, `user`, `is_superuser`, `encoding`,
    ///   `started_at`, `is_read_only`, `connections`, `connections_available`, `may_create_roles`, `may_create_schema`,
    ///   `has_schema`, `isolation`, `sees_others` (whether `oldest_transaction_s` is of all
    ///   users' transactions), `oldest_transaction_s`; `data_directory` (null unless the user may know it) and `process`,
    ///   the session's on the server's machine; `stuck`: the processes of statements of models and functions that work on although their
    ///   time is over.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func serverReport() async throws(StoreError) -> JSONObject {
        try await database.objects(
            """
            SELECT row_to_json(r) AS row
            FROM (
                SELECT current_setting('server_version') AS server_version,
                       current_setting('server_version_num')::integer AS server_version_num,
                       current_database() AS database,
                       current_user AS user,
                       (SELECT u.rolsuper FROM pg_roles AS u WHERE u.rolname = current_user) AS is_superuser,
                       current_setting('server_encoding') AS encoding,
                       pg_postmaster_start_time()::text AS started_at,
                       pg_is_in_recovery() AS is_standby,
                       current_setting('default_transaction_read_only')::boolean AS is_read_only,
                       current_setting('default_transaction_isolation') AS isolation,
                       pg_has_role('pg_read_all_stats', 'USAGE') AS sees_others,
                       CASE WHEN pg_has_role('pg_read_all_settings', 'USAGE')
                           THEN current_setting('data_directory', true) END AS data_directory,
                       pg_backend_pid() AS process,
                       a.connections,
                       current_setting('max_connections')::integer
                           - current_setting('superuser_reserved_connections')::integer - a.connections
                           AS connections_available,
                       (SELECT u.rolsuper OR u.rolcreaterole FROM pg_roles AS u WHERE u.rolname = current_user)
                           AS may_create_roles,
                       has_database_privilege(current_database(), 'CREATE') AS may_create_schema,
                       to_regclass('agentctl.migration') IS NOT NULL AS has_schema,
                       a.oldest_transaction_s, a.stuck
                FROM (
                    SELECT count(*) FILTER (WHERE backend_type = 'client backend') AS connections,
                           coalesce(extract(epoch FROM clock_timestamp() - min(xact_start)
                               FILTER (WHERE backend_xmin IS NOT NULL AND backend_type = 'client backend')), 0)
                               ::double precision AS oldest_transaction_s,
                           coalesce(array_agg(pid ORDER BY pid) FILTER (
                               WHERE state = 'active' AND query_start < clock_timestamp() - make_interval(secs => 5 +
                                   substring(application_name FROM $1 || '([0-9]{1,9})ms$')::integer / 1000)),
                               '{}') AS stuck
                    FROM pg_stat_activity
                ) AS a
            ) AS r
            """,
            [.text(ToolQueries.statementMark)]
        ).first ?? [:]
    }

    /// What keeps the server from taking a megabyte more, which is written to a temporary table and undone.
    ///
    /// - Returns: What the server says; nil when it can, and when the user may not try.
    package func storageProblem() async -> String? {
        do throws(StoreError) {
            return try await database.transaction { connection in
                _ = try await connection.query(
                    """
                    CREATE TEMPORARY TABLE agentctl_examination ON COMMIT DROP AS
                    SELECT string_agg(md5(random()::text), '') AS text
                    FROM generate_series(1, 32768) AS i GROUP BY i % 1024
                    """,
                    timeout: .seconds(10)
                )
                return .rollBack(nil)
            }
        } catch {
            return error.sqlState.map { $0.hasPrefix("53") || $0.hasPrefix("58") } == true ? error.message : nil
        }
    }

    /// What the user may do in the installed schema.
    ///
    /// Every user of the schema may ask.
    ///
    /// - Returns: One object: `may_submit`, `may_register`, `may_work`, `may_decide`.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func permissionReport() async throws(StoreError) -> JSONObject {
        try await database.objects(
            """
            SELECT row_to_json(r) AS row
            FROM (
                SELECT 'submit' = ANY (f.callable) AS may_submit, 'register' = ANY (f.callable) AS may_register,
                       'claim' = ANY (f.callable) AS may_work, 'approve' = ANY (f.callable) AS may_decide
                FROM (
                    SELECT coalesce(array_agg(p.proname), '{}') AS callable FROM pg_proc AS p
                    WHERE p.pronamespace = 'agentctl'::regnamespace
                      AND p.proname IN ('submit', 'register', 'claim', 'approve')
                      AND has_function_privilege(p.oid, 'EXECUTE')
                ) AS f
            ) AS r
            """
        ).first ?? [:]
    }

    /// How the installed schema stands: roles, permissions, partitions, workers, what waits.
    ///
    /// - Returns: One object: `missing_roles`, `may_submit`, `may_register`, `may_work`, `may_decide`, `may_read`, `may_run_sql`,
    ///   `months_ahead` (0 to 3), `without_partition`, `workers`, `lost_workers`, `ready`, `oldest_ready_s`,
    ///   `approvals`, `calls_in_doubt`, `agents`, `default_agent`.
    /// - Throws: ``StoreError/Code/notMigrated`` without the schema.
    package func installationReport() async throws(StoreError) -> JSONObject {
        try await database.objects(
            """
            WITH partition AS MATERIALIZED (
                SELECT p.* FROM agentctl.partitions() AS p
            ), made AS (
                -- Those without a gap count: a month after a missing one is of no use before it.
                SELECT p.parent, coalesce(min(m.month) FILTER (WHERE NOT m.is_made), 4) - 1 AS months,
                       bool_and(m.is_made OR m.month > 0) AS has_present
                FROM (SELECT DISTINCT o.parent FROM partition AS o) AS p
                CROSS JOIN LATERAL (
                    SELECT n.month, EXISTS (
                        SELECT FROM partition AS o
                        WHERE o.parent = p.parent AND o.starts_at <= n.first AND o.ends_at > n.first) AS is_made
                    FROM (SELECT g.month, (date_trunc('month', now() AT TIME ZONE 'UTC')
                              + make_interval(months => g.month)) AT TIME ZONE 'UTC' AS first
                          FROM generate_series(0, 3) AS g (month)) AS n
                ) AS m
                GROUP BY p.parent
            )
            SELECT row_to_json(r) AS row
            FROM (
                SELECT ARRAY(
                           SELECT role FROM unnest(
                               '{agentctl_owner,agentctl_worker,agentctl_client,agentctl_approver,agentctl_reader,agentctl_query}'::text[])
                               AS role
                           WHERE to_regrole(role) IS NULL) AS missing_roles,
                       'submit' = ANY (f.callable) AS may_submit, 'register' = ANY (f.callable) AS may_register,
                       'claim' = ANY (f.callable) AS may_work, 'approve' = ANY (f.callable) AS may_decide,
                       agentctl.may_read_all() AS may_read,
                       NOT EXISTS (SELECT FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
                                   WHERE n.nspname = 'agentctl_sql'
                                     AND (p.proowner IS DISTINCT FROM to_regrole('agentctl_query')
                                          OR p.proname IN ('run', 'examine') AND NOT p.prosecdef)) AS may_run_sql,
                       (SELECT greatest(min(made.months), 0) FROM made) AS months_ahead,
                       ARRAY(SELECT made.parent FROM made WHERE NOT made.has_present ORDER BY made.parent)
                           AS without_partition,
                       (SELECT coalesce(json_agg(row_to_json(w) ORDER BY w.worker_id), '[]')
                        FROM agentctl.worker_status AS w
                        WHERE w.kind = 'service' AND w.state IN ('active', 'draining')) AS workers,
                       (SELECT count(*) FROM agentctl.worker_status AS w WHERE w.state = 'lost' AND w.running > 0)
                           AS lost_workers,
                       q.ready, q.oldest_ready_s,
                       (SELECT count(*) FROM agentctl.pending_approvals) AS approvals,
                       (SELECT count(*) FROM agentctl.calls_in_doubt) AS calls_in_doubt,
                       (SELECT count(*) FROM agentctl.agents) AS agents,
                       agentctl.setting('default_agent') AS default_agent,
                       EXISTS (SELECT FROM agentctl.agents AS a WHERE a.name = agentctl.setting('default_agent'))
                           AS has_default_agent
                FROM agentctl.ready_work() AS q
                CROSS JOIN (
                    SELECT coalesce(array_agg(p.proname), '{}') AS callable FROM pg_proc AS p
                    WHERE p.pronamespace = 'agentctl'::regnamespace
                      AND p.proname IN ('submit', 'register', 'claim', 'approve')
                      AND has_function_privilege(p.oid, 'EXECUTE')
                ) AS f
            ) AS r
            """
        ).first ?? [:]
    }
}
