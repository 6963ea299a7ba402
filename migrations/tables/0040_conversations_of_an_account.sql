-- A page of what an account has begun, the newest first, is a part of the index; what it has at all is its beginning.
DROP INDEX agentctl.conversation_created_by;
CREATE INDEX conversation_created_by ON agentctl.conversation (created_by, created_at, id);
