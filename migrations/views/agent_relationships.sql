CREATE OR REPLACE VIEW agentctl.agent_relationships AS
SELECT r.from_agent, r.to_agent, r.capabilities,
       CASE WHEN v.document ? 'from' THEN coalesce(v.document ->> 'strategy', a.document ->> 'chain_strategy')
           ELSE 'handoff' END AS strategy,
       d.name AS chain, v.version, v.id AS version_id
FROM agentctl.definition AS d
JOIN agentctl.definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
CROSS JOIN LATERAL agentctl.chain_relations(v.document) AS r
LEFT JOIN agentctl.definition AS n ON n.kind = 'agent' AND n.name = r.from_agent
LEFT JOIN agentctl.definition_version AS a ON a.kind = n.kind AND a.name = n.name AND a.version = n.current_version
WHERE d.kind = 'chain' AND v.document ? 'to';
COMMENT ON VIEW agentctl.agent_relationships IS
    'Which agent may delegate or hand over to which, by the chains in force.';
COMMENT ON COLUMN agentctl.agent_relationships.from_agent IS 'The agent that may.';
COMMENT ON COLUMN agentctl.agent_relationships.to_agent IS 'To whom; NULL where capabilities say it.';
COMMENT ON COLUMN agentctl.agent_relationships.capabilities IS
    'To any agent that has all of these; NULL where an agent is named.';
COMMENT ON COLUMN agentctl.agent_relationships.strategy IS
    'How the tasks of one call are run: the chain''s strategy, or the chain_strategy of the agent; handoff where the '
    'turn goes on with the other agent.';
COMMENT ON COLUMN agentctl.agent_relationships.chain IS 'The chain that says so.';
COMMENT ON COLUMN agentctl.agent_relationships.version IS 'Its version in force.';
COMMENT ON COLUMN agentctl.agent_relationships.version_id IS 'Identifies the version.';
