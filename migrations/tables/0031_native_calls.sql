COMMENT ON COLUMN agentctl.message.tool_calls IS
    'Calls that the assistant asks for: [{id, name, arguments, origin, native}]. origin: a digest of the model and server '
    'that asks. native: {call, message}, what the server sent beside the call and, with the first one, beside the '
    'message; it is sent back to that model only.';
