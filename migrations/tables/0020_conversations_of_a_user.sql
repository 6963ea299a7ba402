-- online: conversation_created_by
CREATE INDEX CONCURRENTLY conversation_created_by ON agentctl.conversation (created_by);
