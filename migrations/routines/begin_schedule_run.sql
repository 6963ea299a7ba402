CREATE OR REPLACE FUNCTION agentctl.begin_schedule_run(
    state agentctl.schedule_state, due_at timestamptz, at timestamptz, is_late boolean DEFAULT false,
    requested_by text DEFAULT NULL
) RETURNS boolean
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    version record;
    sent record;
BEGIN
    SELECT v.document, v.created_by INTO version FROM definition_version AS v WHERE v.id = (state).version_id;
    BEGIN
        SELECT s.* INTO sent
        FROM agentctl.submit_schedule((state).name, version.document, version.created_by, due_at) AS s;
        INSERT INTO schedule_run AS r (name, due_at, version_id, outcome, is_late, requested_by, ran_at,
            conversation_id, seq, task_id, is_open)
        VALUES ((state).name, begin_schedule_run.due_at, (state).version_id, 'submitted', begin_schedule_run.is_late,
                begin_schedule_run.requested_by, begin_schedule_run.at, sent.conversation_id, sent.seq, sent.task_id,
                true)
        ON CONFLICT (name, due_at) DO UPDATE
            SET version_id = excluded.version_id, outcome = excluded.outcome, ran_at = excluded.ran_at,
                conversation_id = excluded.conversation_id, seq = excluded.seq, task_id = excluded.task_id,
                is_open = true
            WHERE r.outcome = 'queued';
        IF NOT FOUND THEN
            RAISE EXCEPTION 'this time has had its run' USING ERRCODE = 'ACRUN';
        END IF;
        RETURN true;
    EXCEPTION WHEN OTHERS THEN
        -- What may pass by itself is tried again; anything else ends this run and holds up no other.
        IF left(SQLSTATE, 2) IN ('40', '53', '55', '57', '58') THEN
            RETURN NULL;
        ELSIF SQLSTATE = 'ACRUN' THEN
            RETURN false;
        ELSIF requested_by IS NOT NULL THEN
            RAISE;
        END IF;
        INSERT INTO schedule_run AS r (name, due_at, version_id, outcome, is_late, ran_at, error_code, error_message)
        VALUES ((state).name, begin_schedule_run.due_at, (state).version_id, 'failed', begin_schedule_run.is_late,
                begin_schedule_run.at, SQLSTATE, left(SQLERRM, 2000))
        ON CONFLICT (name, due_at) DO UPDATE
            SET outcome = excluded.outcome, ran_at = excluded.ran_at, error_code = excluded.error_code,
                error_message = excluded.error_message
            WHERE r.outcome = 'queued';
        RETURN false;
    END;
END $$;
COMMENT ON FUNCTION agentctl.begin_schedule_run(agentctl.schedule_state, timestamptz, timestamptz, boolean, text) IS
    'Submits a run and stores it, both or neither. False: it could not be submitted, which is stored, or had been '
    'before; NULL: try again later. Internal: whoever has locked the row of schedule_state calls it.';
REVOKE ALL ON FUNCTION agentctl.begin_schedule_run(agentctl.schedule_state, timestamptz, timestamptz, boolean, text)
    FROM PUBLIC;
