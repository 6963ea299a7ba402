CREATE OR REPLACE FUNCTION agentctl.write_node_runs(
    conversation text, seq bigint, nodes jsonb, began timestamptz
) RETURNS void
LANGUAGE plpgsql SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
BEGIN
    INSERT INTO node_run (
        conversation_id, seq, number, node, visit, level, position, after, status, attempt, input, output, writes,
        choices, task, error_code, error_message, started_at, finished_at)
    SELECT write_node_runs.conversation, write_node_runs.seq, n.number, n.node, n.visit, n.level, n.position,
           coalesce(n.after, '{}'), n.status, n.attempt,
           -- null is a value of theirs.
           e.value -> 'input', e.value -> 'output', e.value -> 'writes', n.choices,
           n.task, n.code, n.message,
           -- What tasks did may have begun in an earlier attempt at the turn.
           coalesce((SELECT t.created_at FROM task AS t
                     WHERE t.parent_conversation_id = write_node_runs.conversation
                       AND t.parent_seq = write_node_runs.seq AND t.number = n.task),
               write_node_runs.began + make_interval(secs => n.offset_ms / 1000)),
           clock_timestamp()
    FROM jsonb_array_elements(write_node_runs.nodes) AS e
    CROSS JOIN LATERAL jsonb_to_record(e.value) AS n (
        number integer, node text, visit smallint, level smallint, position smallint, after text[], status node_status,
        attempt smallint, choices text[], task integer, code text, message text, offset_ms double precision)
    ORDER BY n.number;
END $$;
COMMENT ON FUNCTION agentctl.write_node_runs(text, bigint, jsonb, timestamptz) IS
    'Stores visits of nodes that have ended: [{number, node, visit, level, position, after, status, attempt, input, '
    'output, writes, choices, task, code, message, offset_ms}], the offset from the beginning of the '
    'attempt at the turn. Internal: write_turn_parts() calls it.';
REVOKE ALL ON FUNCTION agentctl.write_node_runs(text, bigint, jsonb, timestamptz) FROM PUBLIC;
