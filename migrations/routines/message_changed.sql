-- Every change of messages by the engine is made under a claim, which forgets who knew them. This is for changes by hand.
-- 0 outlasts the end of a turn that runs: its worker has the messages as they were.
CREATE OR REPLACE FUNCTION agentctl.message_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp SET enable_seqscan = off AS $$
BEGIN
    UPDATE conversation_control AS c SET known_by = 0
    WHERE c.conversation_id = ANY (ARRAY(
        SELECT k.conversation_id FROM conversation_control AS k
        WHERE k.conversation_id = ANY (ARRAY(SELECT DISTINCT o.conversation_id FROM old AS o))
          AND (k.known_by <> 0 OR k.known_by IS NULL AND k.state = 'running')
        ORDER BY k.conversation_id FOR NO KEY UPDATE));
    RETURN NULL;
END $$;
COMMENT ON FUNCTION agentctl.message_changed() IS
    'Trigger: of conversations whose messages are changed or deleted, no worker knows the messages any more.';
REVOKE ALL ON FUNCTION agentctl.message_changed() FROM PUBLIC;

CREATE OR REPLACE TRIGGER message_changed AFTER UPDATE ON agentctl.message REFERENCING OLD TABLE AS old
    FOR EACH STATEMENT EXECUTE FUNCTION agentctl.message_changed();
CREATE OR REPLACE TRIGGER message_deleted AFTER DELETE ON agentctl.message REFERENCING OLD TABLE AS old
    FOR EACH STATEMENT EXECUTE FUNCTION agentctl.message_changed();
