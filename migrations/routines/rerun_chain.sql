-- A run again from a node: what does not follow from that visit is copied, and is not run again.
CREATE OR REPLACE FUNCTION agentctl.rerun_chain(
    conversation text, seq bigint, node text, visit integer DEFAULT NULL, changes jsonb DEFAULT '{}',
    new_conversation text DEFAULT NULL
) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
    run record;
    target record;
    document jsonb;
    rerun text;
    unknown text;
    bearer text;
    copied integer;
    began timestamptz := clock_timestamp();
BEGIN
    rerun_chain.conversation := agentctl.own_conversation(rerun_chain.conversation);
    -- It must not be deleted meanwhile.
    PERFORM FROM conversation_control AS c WHERE c.conversation_id = rerun_chain.conversation FOR KEY SHARE;
    SELECT r.* INTO run FROM chain_runs AS r
    WHERE r.conversation_id = rerun_chain.conversation AND r.seq = rerun_chain.seq;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'turn %/% is no run of a chain', rerun_chain.conversation, rerun_chain.seq
            USING ERRCODE = 'AC002', HINT = 'See agentctl.chain_runs.';
    ELSIF run.finished_at IS NULL THEN
        RAISE EXCEPTION 'run %/% has not ended', run.conversation_id, run.seq USING ERRCODE = 'AC003',
            HINT = 'Interrupt it first, or wait for its end.';
    END IF;
    SELECT v.document INTO document FROM definition AS d
    JOIN definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
    WHERE d.kind = 'chain' AND d.name = run.chain AND d.current_version = run.version;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'run %/% is one of version % of the chain "%", which is not in force', run.conversation_id,
            run.seq, run.version, run.chain USING ERRCODE = 'AC003',
            HINT = 'agentctl.publish() puts that version in force; a new message runs the new one from its beginning.';
    END IF;
    IF jsonb_typeof(rerun_chain.changes) IS DISTINCT FROM 'object' THEN
        RAISE EXCEPTION 'changes are an object: {"key of the state": value}' USING ERRCODE = 'AC001';
    END IF;
    SELECT k.key INTO unknown FROM jsonb_object_keys(rerun_chain.changes) AS k (key)
    WHERE NOT coalesce(document -> 'state', '{}') ? k.key LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'the chain "%" has no state "%"', run.chain, unknown USING ERRCODE = 'AC001', HINT = coalesce(
            'Its state: ' || (SELECT string_agg(k.key, ', ') FROM jsonb_object_keys(document -> 'state') AS k (key)),
            'It has no state.');
    END IF;
    PERFORM agentctl.require_chain_state(document -> 'state', rerun_chain.changes);
    SELECT k.key INTO unknown FROM jsonb_object_keys(rerun_chain.changes) AS k (key)
    WHERE document #>> ARRAY['state', k.key, 'reduce'] <> 'replace'
      AND document #> ARRAY['state', k.key, 'default'] IS NOT NULL LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'state "%" is reduced with its default: a change would not be what the node sees', unknown
            USING ERRCODE = 'AC003', HINT = 'State that is replaced, or has no default, can be changed.';
    END IF;
    SELECT n.* INTO target FROM node_run AS n
    WHERE n.conversation_id = run.conversation_id AND n.seq = run.seq AND n.finished_at >= run.started_at
      AND n.node = rerun_chain.node AND (rerun_chain.visit IS NULL OR n.visit = rerun_chain.visit)
    ORDER BY n.visit DESC LIMIT 1;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'run %/% has no visit %of "%" that has ended', run.conversation_id, run.seq,
            coalesce(rerun_chain.visit || ' ', ''), rerun_chain.node
            USING ERRCODE = 'AC002', HINT = 'See agentctl.node_runs.';
    END IF;
    SELECT b.key INTO bearer
    FROM unnest(target.after) AS b (key)
    JOIN node_run AS n ON n.conversation_id = run.conversation_id AND n.seq = run.seq
        AND n.finished_at >= run.started_at AND b.key = n.node || '#' || n.visit AND n.status = 'succeeded'
    ORDER BY n.level DESC, n.position DESC, n.visit DESC LIMIT 1;
    IF bearer IS NULL AND rerun_chain.changes <> '{}' THEN
        RAISE EXCEPTION 'nothing comes before "%" whose state could be changed', target.node USING ERRCODE = 'AC003',
            HINT = 'Submit a new message instead.';
    END IF;
    rerun := agentctl.start_rerun(run.conversation_id, run.chain, rerun_chain.new_conversation);
    UPDATE conversation AS v SET forked_from = run.conversation_id WHERE v.id = rerun;

    WITH RECURSIVE visited AS (
        SELECT n.*, n.node || '#' || n.visit AS key FROM node_run AS n
        WHERE n.conversation_id = run.conversation_id AND n.seq = run.seq AND n.finished_at >= run.started_at
    ), following (key) AS (
        SELECT (target.node || '#' || target.visit) COLLATE "C"
        UNION
        SELECT v.key COLLATE "C" FROM following AS f JOIN visited AS v ON f.key = ANY (v.after)
    ), ancestor (key) AS (
        SELECT b.key COLLATE "C" FROM unnest(target.after) AS b (key)
        UNION
        SELECT a.key COLLATE "C" FROM ancestor AS l JOIN visited AS v ON v.key = l.key
        CROSS JOIN unnest(v.after) AS a (key)
    ), kept AS (
        SELECT v.* FROM visited AS v
        WHERE v.key NOT IN (SELECT f.key FROM following AS f)
          -- The failure that ended the run does not end this one as well.
          AND NOT (v.status = 'failed' AND v.node IS NOT DISTINCT FROM run.failed_node
                   AND v.number = (SELECT max(w.number) FROM visited AS w WHERE w.node = run.failed_node))
    )
    INSERT INTO node_run (
        conversation_id, seq, number, node, visit, level, position, after, status, attempt, input, output, writes,
        choices, error_code, error_message, copied_from, started_at, finished_at)
    SELECT rerun, 1, row_number() OVER (ORDER BY k.number), k.node, k.visit, k.level, k.position, k.after,
           k.status, k.attempt, k.input, k.output,
           -- What other branches wrote stays.
           CASE WHEN k.key IN (SELECT l.key FROM ancestor AS l) THEN nullif(coalesce(k.writes, '{}')
                   - ARRAY(SELECT jsonb_object_keys(rerun_chain.changes))
                   || CASE WHEN k.key = bearer THEN rerun_chain.changes ELSE '{}' END, '{}')
               ELSE k.writes END,
           k.choices, k.error_code, k.error_message,
           coalesce(k.copied_from, run.conversation_id || '/' || run.seq), k.started_at, clock_timestamp()
    FROM kept AS k;
    GET DIAGNOSTICS copied = ROW_COUNT;

    INSERT INTO message (conversation_id, number, seq, role, content)
    SELECT rerun, 1, 1, 'user', m.content FROM message AS m
    WHERE m.conversation_id = run.conversation_id AND m.seq = run.seq AND m.role = 'user' ORDER BY m.number LIMIT 1;
    INSERT INTO submission (conversation_id, seq, body)
    SELECT rerun, 1, s.body FROM submission AS s
    WHERE s.conversation_id = run.conversation_id AND s.seq = run.seq;
    INSERT INTO event (conversation_id, number, seq, type, data)
    VALUES (rerun, 1, 1, 'turn_started',
        jsonb_build_object('agent', run.chain, 'agent_version', run.version, 'message', 1));
    UPDATE conversation_control AS c
    SET tail_seq = 1, last_message = 1, last_event = 1, has_progress = true, state = 'ready', ready_at = began,
        queue_key = agentctl.queue_for(run.chain)
    WHERE c.conversation_id = rerun;
    INSERT INTO turn_progress (
        conversation_id, seq, saves, started_at, first_message, agent, agent_version, steps, model_calls, tool_calls,
        input_tokens, cached_input_tokens, output_tokens, cost_usd, duration_ms)
    VALUES (rerun, 1, 1, began, 1, run.chain, run.version, 0, 0, 0, 0, 0, 0, 0, 0);
    PERFORM agentctl.notify_workers(agentctl.queue_for(run.chain), rerun);
    RETURN jsonb_build_object('conversation', rerun, 'seq', 1, 'copied', copied,
        'effects', coalesce(agentctl.task_effects(run.conversation_id, run.seq), '[]'));
END $$;
COMMENT ON FUNCTION agentctl.rerun_chain(text, bigint, text, integer, jsonb, text) IS
    'Runs a chain again from a visit of a node, the last one unless said otherwise, in a new conversation: visits that '
    'do not follow from it are copied and not run again. changes: {key of the state: value}, what that visit sees '
    'instead. Returns {conversation, seq, copied, effects}: effects are those of the first run, which stay.';
REVOKE ALL ON FUNCTION agentctl.rerun_chain(text, bigint, text, integer, jsonb, text) FROM PUBLIC;
