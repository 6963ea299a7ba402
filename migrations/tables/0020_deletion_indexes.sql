-- What deleting a conversation, or a user, looks for.

CREATE INDEX conversation_created_by ON agentctl.conversation (created_by);
CREATE INDEX hook_delivery_conversation ON agentctl.hook_delivery ((body #>> '{data,conversation}'))
    WHERE finished_at IS NOT NULL;
