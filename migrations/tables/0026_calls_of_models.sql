COMMENT ON COLUMN agentctl.message.tool_calls IS
    'Calls that the assistant asks for: [{id, name, arguments, origin, native}]. origin: a digest of the model and server '
    'that asks. native: {call, message}, what the server sent beside the call and, with the first one, beside the '
    'message; it is sent back to that model only.';

-- An attempt that failed is no call: what limits calls counts answers and last failures.
ALTER TYPE agentctl.step_kind ADD VALUE 'model_attempt' AFTER 'model_call';
COMMENT ON COLUMN agentctl.step.kind IS
    'model_call; model_attempt: one that failed and was made again; tool_round: the calls of one answer, at once; '
    'validation: a check that failed; …';
