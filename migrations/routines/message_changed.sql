-- Every change of messages by the engine is made under a claim, which forgets who knew them. This is for changes by hand.
CREATE OR REPLACE FUNCTION agentctl.message_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp SET enable_seqscan = off AS $$
BEGIN
    UPDATE conversation_control AS c SET known_by = NULL
    WHERE c.known_by IS NOT NULL AND c.conversation_id = ANY (ARRAY(SELECT DISTINCT o.conversation_id FROM old AS o));
    RETURN NULL;
END $$;
COMMENT ON FUNCTION agentctl.message_changed() IS
    'Trigger: of conversations whose messages are changed or deleted, no worker knows the messages any more.';
REVOKE ALL ON FUNCTION agentctl.message_changed() FROM PUBLIC;

CREATE OR REPLACE TRIGGER message_changed AFTER UPDATE ON agentctl.message REFERENCING OLD TABLE AS old
    FOR EACH STATEMENT EXECUTE FUNCTION agentctl.message_changed();
CREATE OR REPLACE TRIGGER message_deleted AFTER DELETE ON agentctl.message REFERENCING OLD TABLE AS old
    FOR EACH STATEMENT EXECUTE FUNCTION agentctl.message_changed();
