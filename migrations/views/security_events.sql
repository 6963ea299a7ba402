CREATE OR REPLACE VIEW agentctl.security_events AS
SELECT e.at, e.kind, e.source, e.detail, e.tool, e.conversation_id, e.seq, e.call_id, e.function_call_id, e.id,
       e.guardrail, e.guardrail_version, e.place, e.action
FROM agentctl.security_event AS e;
COMMENT ON VIEW agentctl.security_events IS
    'What was tried and refused, by the kernel, the interpreter or the service, and what guardrails found.';
COMMENT ON COLUMN agentctl.security_events.at IS 'When it was stored.';
COMMENT ON COLUMN agentctl.security_events.kind IS
    'system_call, denied_import, write_outside, denied_path, denied_host, denied_statement or guardrail.';
COMMENT ON COLUMN agentctl.security_events.source IS
    'Who saw it: kernel, interpreter (which hostile code can avoid) or service.';
COMMENT ON COLUMN agentctl.security_events.detail IS
    'The system call, module, path, host or statement; of a guardrail what it found, without the text that it found.';
COMMENT ON COLUMN agentctl.security_events.tool IS 'The function or tool; NULL when a guardrail looked at a message.';
COMMENT ON COLUMN agentctl.security_events.conversation_id IS 'The conversation, when an agent called.';
COMMENT ON COLUMN agentctl.security_events.seq IS 'The turn, when an agent called.';
COMMENT ON COLUMN agentctl.security_events.call_id IS 'The model''s name for the tool call.';
COMMENT ON COLUMN agentctl.security_events.function_call_id IS
    'The call of a function that it happened in, if it was one.';
COMMENT ON COLUMN agentctl.security_events.id IS 'Identifies the event.';
COMMENT ON COLUMN agentctl.security_events.guardrail IS 'The guardrail that found something; NULL for other kinds.';
COMMENT ON COLUMN agentctl.security_events.guardrail_version IS 'Its version, counted from 1.';
COMMENT ON COLUMN agentctl.security_events.place IS 'Where it found it: input, output or tool_output.';
COMMENT ON COLUMN agentctl.security_events.action IS 'What was done: block, redact, warn or ask.';
