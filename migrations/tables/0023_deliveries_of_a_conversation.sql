-- online: hook_delivery_conversation
CREATE INDEX CONCURRENTLY hook_delivery_conversation ON agentctl.hook_delivery ((body #>> '{data,conversation}'))
    WHERE finished_at IS NOT NULL;
