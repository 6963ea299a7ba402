CREATE OR REPLACE FUNCTION agentctl.undo(conversation text, turns integer DEFAULT 1) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
BEGIN
    IF turns IS NULL OR turns NOT BETWEEN 1 AND 10000 THEN
        RAISE EXCEPTION 'undo takes back 1 to 10000 turns' USING ERRCODE = 'AC001';
    END IF;
    RETURN agentctl.submit_operation(conversation, 'undo', jsonb_build_object('turns', turns));
END $$;
COMMENT ON FUNCTION agentctl.undo(text, integer) IS
    'Takes the last turns out of what the model is shown, when the messages before it are processed; returns its '
    'number. Nothing is deleted, and what tools have done is done: the event undone lists it.';
REVOKE ALL ON FUNCTION agentctl.undo(text, integer) FROM PUBLIC;
