-- set() refuses them before they are queued, with a better error; this is for whatever else writes the column.
CREATE OR REPLACE FUNCTION agentctl.check_conversation_settings() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    wrong record;
BEGIN
    SELECT e.key, e.value, f.type, f.minimum, f.maximum INTO wrong
    FROM jsonb_each(NEW.settings) AS e
    JOIN document_field AS f ON f.kind = 'agent' AND f.path = e.key AND f.type IN ('integer', 'number')
    WHERE CASE
        WHEN e.value = 'null' THEN false
        WHEN jsonb_typeof(e.value) <> 'number' THEN true
        WHEN f.type = 'integer' AND (e.value #>> '{}')::numeric % 1 <> 0 THEN true
        ELSE NOT (e.value #>> '{}')::numeric BETWEEN coalesce(f.minimum, '-infinity')::numeric
            AND coalesce(f.maximum, 'infinity')::numeric END
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'setting "%" of conversation "%" takes % from % to %, and not %', wrong.key, NEW.id,
            CASE wrong.type WHEN 'integer' THEN 'a whole number' ELSE 'a number' END,
            coalesce(wrong.minimum::text, 'any'), coalesce(wrong.maximum::text, 'any'), left(wrong.value::text, 100)
            USING ERRCODE = 'AC001';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION agentctl.check_conversation_settings() IS
    'Trigger: refuses numbers that an agent''s document would not take either.';
REVOKE ALL ON FUNCTION agentctl.check_conversation_settings() FROM PUBLIC;

CREATE OR REPLACE TRIGGER check_conversation_settings BEFORE INSERT OR UPDATE OF settings ON agentctl.conversation
    FOR EACH ROW WHEN (NEW.settings <> '{}') EXECUTE FUNCTION agentctl.check_conversation_settings();
