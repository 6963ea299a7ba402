-- The turn that waits is taken as claim() takes it, and only where it is as the worker remembers it: no save, no end of
-- another task, no interrupt and no other definitions since. Where it is not, it is ready, and is claimed and read again.
CREATE OR REPLACE FUNCTION agentctl.finish_and_step(
    conversation text, seq bigint, lease uuid, record jsonb, parent text, parent_seq bigint, save integer,
    told integer, known_epoch bigint, step jsonb, worker bigint, maximum integer
) RETURNS TABLE (
    outcome text, has_stepped boolean, conversation_id text, next_seq bigint, next_lease uuid, attempt smallint,
    operation text, body jsonb, agent text, epoch bigint, submitted_at timestamptz, last_message bigint,
    history jsonb, generation smallint, progress jsonb, settings jsonb, task jsonb
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp SET lock_timeout = '500ms'
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
    done text := (agentctl.store_turns(ARRAY[finish_and_step.conversation], ARRAY[finish_and_step.seq],
        ARRAY[finish_and_step.lease], jsonb_build_array(finish_and_step.record)))[1];
    taken uuid;
    stepped boolean := false;
BEGIN
    IF done = 'stored' THEN
        -- The end of the task has locked its row, unless another session has.
        UPDATE conversation_control AS c
        SET state = 'running', lease = gen_random_uuid(), worker_id = finish_and_step.worker, ready_at = NULL,
            generation = least(c.generation, 32766) + 1, claimed_at = clock_timestamp()
        WHERE c.conversation_id = (
            SELECT l.conversation_id FROM conversation_control AS l
            WHERE l.conversation_id = finish_and_step.parent AND l.head_seq = finish_and_step.parent_seq - 1
              AND l.state = 'ready' AND l.cancel_seq <= l.head_seq AND l.told = finish_and_step.told
            FOR NO KEY UPDATE SKIP LOCKED)
          AND (SELECT p.saves FROM turn_progress AS p WHERE p.conversation_id = finish_and_step.parent)
              = finish_and_step.save - 1
          AND (SELECT e.epoch FROM definition_epoch AS e) = finish_and_step.known_epoch
          AND (SELECT w.state FROM worker AS w WHERE w.id = finish_and_step.worker) IN ('active', 'draining')
        RETURNING c.lease INTO taken;
        IF FOUND THEN
            stepped := agentctl.save_progress(finish_and_step.parent, finish_and_step.parent_seq, taken,
                finish_and_step.save, finish_and_step.step, true);
        END IF;
    END IF;
    RETURN QUERY SELECT done, stepped, n.* FROM agentctl.claim(finish_and_step.worker, finish_and_step.maximum) AS n;
    IF NOT FOUND THEN
        RETURN QUERY SELECT done, stepped, NULL::text, NULL::bigint, NULL::uuid, NULL::smallint, NULL::text,
            NULL::jsonb, NULL::text, NULL::bigint, NULL::timestamptz, NULL::bigint, NULL::jsonb, NULL::smallint,
            NULL::jsonb, NULL::jsonb, NULL::jsonb;
    END IF;
END $$;
COMMENT ON FUNCTION agentctl.finish_and_step(
    text, bigint, uuid, jsonb, text, bigint, integer, integer, bigint, jsonb, bigint, integer) IS
    'finish() of a turn that does a task, save_progress() of the parent turn that waited for it and parks again, and '
    'claim(): in one round trip and one commit. step is the record of the parent''s next part, which has that number '
    'of a save and follows from so many ends of tasks and that epoch of the definitions; where the parent is not so, '
    'has_stepped is false and nothing of it is stored. outcome is one of store_turns(). Always returns a row; '
    'conversation_id is NULL when there was nothing to claim.';
REVOKE ALL ON FUNCTION agentctl.finish_and_step(
    text, bigint, uuid, jsonb, text, bigint, integer, integer, bigint, jsonb, bigint, integer) FROM PUBLIC;
