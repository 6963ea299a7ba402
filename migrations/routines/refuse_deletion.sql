-- Most of a conversation has no foreign key that leads to it. A plain DELETE would leave it behind, and the next user of
-- the id would be shown it.
CREATE OR REPLACE FUNCTION agentctl.refuse_deletion() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    doomed CONSTANT text := to_jsonb(OLD) ->> CASE TG_TABLE_NAME WHEN 'conversation' THEN 'id' ELSE 'conversation_id' END;
BEGIN
    IF TG_TABLE_NAME = 'conversation' AND EXISTS (SELECT FROM conversation_control AS c WHERE c.conversation_id = doomed)
        OR EXISTS (SELECT FROM submission AS s WHERE s.conversation_id = doomed)
        OR EXISTS (SELECT FROM message AS m WHERE m.conversation_id = doomed)
    THEN
        RAISE EXCEPTION 'a row of agentctl.% is not deleted by itself: its messages, turns and events would stay',
            TG_TABLE_NAME USING ERRCODE = 'AC003',
            HINT = format('SELECT agentctl.delete_conversation(%L) deletes all of it.', doomed);
    END IF;
    RETURN OLD;
END $$;
COMMENT ON FUNCTION agentctl.refuse_deletion() IS
    'Trigger: refuses to delete a conversation''s row before everything that belongs to it (AC003).';
REVOKE ALL ON FUNCTION agentctl.refuse_deletion() FROM PUBLIC;

CREATE OR REPLACE TRIGGER refuse_deletion BEFORE DELETE ON agentctl.conversation
    FOR EACH ROW EXECUTE FUNCTION agentctl.refuse_deletion();
CREATE OR REPLACE TRIGGER refuse_deletion BEFORE DELETE ON agentctl.conversation_control
    FOR EACH ROW EXECUTE FUNCTION agentctl.refuse_deletion();
