CREATE OR REPLACE VIEW agentctl.chains AS
SELECT v.name,
       v.document ->> 'description' AS description,
       v.document ->> 'strategy' AS strategy,
       ARRAY(SELECT jsonb_array_elements_text(v.document -> 'capabilities')) AS capabilities,
       ARRAY(SELECT jsonb_array_elements_text(v.document -> 'examples')) AS examples,
       (v.document ->> 'routable')::boolean AS routable,
       v.document -> 'input_schema' AS input_schema,
       v.document -> 'output_schema' AS output_schema,
       (v.document ->> 'timeout')::double precision AS timeout,
       v.document -> 'budget' AS budget,
       ARRAY(SELECT jsonb_array_elements_text(v.document -> 'policies')) AS policies,
       v.document -> 'from' AS "from",
       v.document -> 'to' AS "to",
       v.document -> 'stages' AS stages,
       v.document -> 'branches' AS branches,
       v.document ->> 'for_each' AS for_each,
       v.document ->> 'agent' AS agent,
       v.document ->> 'chain' AS chain,
       v.document ->> 'tool' AS tool,
       v.document ->> 'function' AS function,
       v.document -> 'input' AS input,
       v.document -> 'arguments' AS arguments,
       (v.document ->> 'attempts')::integer AS attempts,
       (v.document ->> 'task_timeout')::double precision AS task_timeout,
       (v.document ->> 'max_parallel')::integer AS max_parallel,
       v.document ->> 'on_failure' AS on_failure,
       v.document ->> 'question' AS question,
       (v.document ->> 'rounds')::integer AS rounds,
       v.document -> 'voters' AS voters,
       v.document -> 'answer' AS answer,
       v.document -> 'decide' AS decide,
       v.document ->> 'manager' AS manager,
       CASE WHEN v.document ? 'specialists'
           THEN ARRAY(SELECT jsonb_array_elements_text(v.document -> 'specialists')) END AS specialists,
       (v.document ->> 'max_subtasks')::integer AS max_subtasks,
       (v.document ->> 'max_replans')::integer AS max_replans,
       (v.document ->> 'approve_plan')::boolean AS approve_plan,
       v.document ->> 'start' AS start,
       (v.document ->> 'sticky')::boolean AS sticky,
       (v.document ->> 'max_handoffs')::integer AS max_handoffs,
       v.document -> 'state' AS state,
       v.document -> 'nodes' AS nodes,
       v.document -> 'edges' AS edges,
       v.document -> 'output' AS output,
       v.version, v.id AS version_id, v.created_at, v.created_by,
       v.document ->> 'access' AS access,
       d.access AS open_to
FROM agentctl.definition AS d
JOIN agentctl.definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
WHERE d.kind = 'chain';
COMMENT ON VIEW agentctl.chains IS 'The chains in force. INSERT and UPDATE register a new version.';
COMMENT ON COLUMN agentctl.chains.open_to IS
    'Who may use it: everyone, or granted: the roles of agentctl.grants. Not a field: access is.';

CREATE OR REPLACE TRIGGER register_row INSTEAD OF INSERT OR UPDATE ON agentctl.chains
    FOR EACH ROW EXECUTE FUNCTION agentctl.register_row('chain', 'open_to');
