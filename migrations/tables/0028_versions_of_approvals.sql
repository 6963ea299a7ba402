-- A decision for longer than once is about what a tool did when it was made.
ALTER TABLE agentctl.approval ADD COLUMN tool_version_id bigint;
COMMENT ON COLUMN agentctl.approval.tool_version_id IS
    'Version of the tool or function that was asked about, an id in definition_version; NULL for what is none. An '
    'approval with a wider scope covers calls of this version only.';
UPDATE agentctl.approval AS a SET tool_version_id = t.tool_version_id
FROM agentctl.tool_call AS t
WHERE (a.scope <> 'once' OR a.state = 'pending') AND a.place = 'call'
  AND t.conversation_id = a.conversation_id AND t.seq = a.seq AND t.number = a.call_number;
