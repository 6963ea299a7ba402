-- The fold that the interpreter makes (StateKey.reduced), for people who look at a run.
CREATE OR REPLACE FUNCTION agentctl.chain_state(
    conversation text, seq bigint, node text DEFAULT NULL, visit integer DEFAULT NULL
) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
    run record;
    keys jsonb;
    state jsonb;
    begins text[];
    written record;
    old jsonb;
BEGIN
    chain_state.conversation := agentctl.readable_conversation(chain_state.conversation);
    SELECT r.* INTO run FROM chain_runs AS r
    WHERE r.conversation_id = chain_state.conversation AND r.seq = chain_state.seq;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'turn %/% is no run of a chain', chain_state.conversation, chain_state.seq
            USING ERRCODE = 'AC002', HINT = 'See agentctl.chain_runs.';
    END IF;
    SELECT coalesce(v.document -> 'state', '{}') INTO keys FROM definition_version AS v
    WHERE v.kind = 'chain' AND v.name = run.chain AND v.version = run.version;
    SELECT coalesce(jsonb_object_agg(k.key, k.value -> 'default'), '{}') INTO state
    FROM jsonb_each(keys) AS k WHERE k.value ? 'default';
    IF chain_state.node IS NOT NULL THEN
        SELECT n.after INTO begins FROM node_run AS n
        WHERE n.conversation_id = run.conversation_id AND n.seq = run.seq AND n.finished_at >= run.started_at
          AND n.node = chain_state.node AND (chain_state.visit IS NULL OR n.visit = chain_state.visit)
        ORDER BY n.visit DESC LIMIT 1;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'run %/% has no visit of "%" that has ended', run.conversation_id, run.seq,
                chain_state.node USING ERRCODE = 'AC002', HINT = 'See agentctl.node_runs.';
        END IF;
    END IF;
    FOR written IN
        WITH RECURSIVE visited AS (
            SELECT n.*, n.node || '#' || n.visit AS key FROM node_run AS n
            WHERE n.conversation_id = run.conversation_id AND n.seq = run.seq AND n.finished_at >= run.started_at
        ), ancestor (key) AS (
            SELECT b.key COLLATE "C" FROM unnest(begins) AS b (key)
            UNION
            SELECT a.key COLLATE "C" FROM ancestor AS b JOIN visited AS v ON v.key = b.key CROSS JOIN unnest(v.after) AS a (key)
        )
        SELECT w.key AS name, w.value, coalesce(keys -> w.key ->> 'reduce', 'replace') AS reduce
        FROM visited AS v CROSS JOIN LATERAL jsonb_each(v.writes) AS w
        WHERE v.status = 'succeeded' AND (chain_state.node IS NULL OR v.key IN (SELECT a.key FROM ancestor AS a))
        ORDER BY v.level, v.position, v.visit
    LOOP
        old := state -> written.name;
        state := jsonb_set(state, ARRAY[written.name], CASE
            WHEN written.reduce IN ('append', 'union') THEN (
                SELECT coalesce(jsonb_agg(i.value ORDER BY i.place), '[]') FROM (
                    SELECT e.value, min(e.ordinality) AS place,
                           CASE written.reduce WHEN 'append' THEN e.ordinality ELSE 0 END AS kept_apart
                    FROM jsonb_array_elements(coalesce(old, '[]') || CASE jsonb_typeof(written.value)
                        WHEN 'array' THEN written.value ELSE jsonb_build_array(written.value) END)
                        WITH ORDINALITY AS e
                    GROUP BY e.value, kept_apart) AS i)
            WHEN old IS NULL OR written.reduce = 'replace' THEN written.value
            WHEN written.reduce = 'first' THEN old
            WHEN written.reduce = 'merge' THEN old || written.value
            WHEN written.reduce = 'add' THEN to_jsonb(old::numeric + written.value::numeric)
            WHEN written.reduce = 'min' THEN to_jsonb(least(old::numeric, written.value::numeric))
            WHEN written.reduce = 'max' THEN to_jsonb(greatest(old::numeric, written.value::numeric)) END);
    END LOOP;
    RETURN state;
END $$;
COMMENT ON FUNCTION agentctl.chain_state(text, bigint, text, integer) IS
    'The state of a run of a chain: as a visit of a node saw it, the last one unless said otherwise, or without a node '
    'as it is now. A visit sees what its ancestors wrote.';
REVOKE ALL ON FUNCTION agentctl.chain_state(text, bigint, text, integer) FROM PUBLIC;
