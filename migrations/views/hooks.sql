CREATE OR REPLACE VIEW agentctl.hooks AS
SELECT v.name,
       v.document ->> 'description' AS description,
       ARRAY(SELECT jsonb_array_elements_text(v.document -> 'events')) AS events,
       ARRAY(SELECT jsonb_array_elements_text(v.document -> 'agents')) AS agents,
       ARRAY(SELECT jsonb_array_elements_text(v.document -> 'chains')) AS chains,
       v.document ->> 'url' AS url,
       v.document ->> 'secret_env' AS secret_env,
       v.document ->> 'previous_secret_env' AS previous_secret_env,
       v.document -> 'headers' AS headers,
       (v.document ->> 'timeout')::double precision AS timeout,
       (v.document ->> 'allow_private')::boolean AS allow_private,
       (v.document ->> 'enabled')::boolean AS enabled,
       v.version, v.id AS version_id, v.created_at, v.created_by,
       h.stopped_at, h.stopped_for
FROM agentctl.definition AS d
JOIN agentctl.definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
LEFT JOIN agentctl.hook_state AS h ON h.name = d.name
WHERE d.kind = 'hook';
COMMENT ON VIEW agentctl.hooks IS
    'The hooks in force, and whether they are sent to. INSERT and UPDATE register a new version.';
COMMENT ON COLUMN agentctl.hooks.stopped_at IS
    'Since when nothing is sent, as the receiver is gone; NULL while it is sent to.';
COMMENT ON COLUMN agentctl.hooks.stopped_for IS 'What the receiver answered.';

CREATE OR REPLACE TRIGGER register_row INSTEAD OF INSERT OR UPDATE ON agentctl.hooks
    FOR EACH ROW EXECUTE FUNCTION agentctl.register_row('hook', 'stopped_at', 'stopped_for');
