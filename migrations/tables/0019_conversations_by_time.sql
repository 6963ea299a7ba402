-- online: conversation_by_time
CREATE INDEX CONCURRENTLY conversation_by_time ON agentctl.conversation (created_at, id);
