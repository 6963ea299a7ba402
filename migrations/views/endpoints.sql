CREATE OR REPLACE VIEW agentctl.endpoints AS
SELECT coalesce(e.endpoint, d.name) AS endpoint,
       CASE WHEN e.opened_at IS NULL THEN 'closed' WHEN e.probe_until > clock_timestamp() THEN 'probing' ELSE 'open' END
           AS state,
       e.reason, e.opened_at, CASE WHEN e.probe_until IS NULL THEN e.probe_at END AS next_probe_at, e.calls, e.failures,
       e.window_start, e.error_code, e.error_message, e.changed_at,
       d.document ->> 'base_url' AS base_url, d.document ->> 'description' AS description,
       (SELECT count(*)::integer FROM agentctl.definition_reference AS r
        JOIN agentctl.definition_version AS v ON v.id = r.version_id AND v.kind = 'model'
        JOIN agentctl.definition AS m ON m.kind = v.kind AND m.name = v.name AND m.current_version = v.version
        WHERE r.kind = 'endpoint' AND r.name = d.name) AS models,
       d.version
FROM agentctl.endpoint_state AS e
FULL JOIN (
    SELECT v.name, v.version, v.document
    FROM agentctl.definition AS d
    JOIN agentctl.definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
    WHERE d.kind = 'endpoint'
) AS d ON d.name = e.endpoint;
COMMENT ON VIEW agentctl.endpoints IS
    'The endpoints of models: those in force, and the addresses of other models at which calls have failed.';
COMMENT ON COLUMN agentctl.endpoints.endpoint IS
    'Its name; without a document the address, with the name of the variable that holds the key, if there is one.';
COMMENT ON COLUMN agentctl.endpoints.state IS
    'closed: it is asked; open: it is not; probing: one call finds out whether it answers again.';
COMMENT ON COLUMN agentctl.endpoints.reason IS 'Why it is open: failures, or exhausted (no money left).';
COMMENT ON COLUMN agentctl.endpoints.opened_at IS 'Since when.';
COMMENT ON COLUMN agentctl.endpoints.next_probe_at IS 'When the next call finds out.';
COMMENT ON COLUMN agentctl.endpoints.calls IS
    'Calls that were counted last, of the workers for which some failed; NULL: none has failed.';
COMMENT ON COLUMN agentctl.endpoints.failures IS 'Those that failed.';
COMMENT ON COLUMN agentctl.endpoints.window_start IS 'Since when they were counted.';
COMMENT ON COLUMN agentctl.endpoints.error_code IS 'Class of the last failure.';
COMMENT ON COLUMN agentctl.endpoints.error_message IS 'The last failure.';
COMMENT ON COLUMN agentctl.endpoints.changed_at IS 'When something of it changed last.';
COMMENT ON COLUMN agentctl.endpoints.models IS 'Models in force that name it.';
