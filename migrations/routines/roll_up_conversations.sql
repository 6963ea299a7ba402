-- What is deleted has been paid. The lock keeps the mark where it is until the deletion is committed; several that
-- delete hold it at once.
CREATE OR REPLACE FUNCTION agentctl.roll_up_conversations(
    conversations text[], tasks bigint[] DEFAULT '{}', calls uuid[] DEFAULT '{}'
) RETURNS void
LANGUAGE plpgsql SET search_path = agentctl, pg_temp SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
    mark record;
    keys record;
    ended record;
BEGIN
    SELECT m.recorded_before, m.backlog_from INTO mark FROM rollup_mark AS m FOR SHARE;
    SELECT array_agg(t.conversation_id) AS conversations, array_agg(t.seq) AS seqs, array_agg(t.started_at) AS times
    INTO keys FROM turn AS t
    WHERE t.conversation_id = ANY (roll_up_conversations.conversations)
      AND (t.recorded_by >= mark.recorded_before OR t.recorded_by = 0 AND t.started_at >= mark.backlog_from);
    PERFORM agentctl.add_turns(keys.conversations, keys.seqs, keys.times);
    SELECT array_agg(o.conversation_id) AS conversations, array_agg(o.number) AS numbers INTO keys FROM compaction AS o
    WHERE o.conversation_id = ANY (roll_up_conversations.conversations) AND o.model IS NOT NULL
      AND o.recorded_by >= mark.recorded_before;
    PERFORM agentctl.add_compactions(keys.conversations, keys.numbers);
    SELECT array_agg(c.id) AS ids, array_agg(c.started_at) AS times INTO ended FROM function_call AS c
    WHERE c.id = ANY (roll_up_conversations.calls) AND c.conversation_id IS NULL
      AND (c.recorded_by >= mark.recorded_before OR c.recorded_by = 0 AND c.started_at >= mark.backlog_from);
    PERFORM agentctl.add_function_calls(ended.ids, ended.times, NULL);
    PERFORM agentctl.add_tasks(ARRAY(
        SELECT t.id FROM task AS t
        WHERE t.id = ANY (roll_up_conversations.tasks) AND t.finished_at IS NOT NULL
          AND (t.ended_by >= mark.recorded_before OR t.ended_by = 0 AND t.created_at >= mark.backlog_from)));
END $$;
COMMENT ON FUNCTION agentctl.roll_up_conversations(text[], bigint[], uuid[]) IS
    'Adds to the rollup what is not in it yet of conversations, tasks and calls outside of turns that are deleted in '
    'this transaction. Internal.';
REVOKE ALL ON FUNCTION agentctl.roll_up_conversations(text[], bigint[], uuid[]) FROM PUBLIC;
