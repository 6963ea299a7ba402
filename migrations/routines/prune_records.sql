-- Whole months of what has no other end: their partitions are dropped. A turn that has not ended keeps the
-- months since it began.
CREATE OR REPLACE FUNCTION agentctl.prune_records(
    older_than interval, maximum integer DEFAULT NULL, dry_run boolean DEFAULT false
) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp SET timezone = 'UTC' SET lock_timeout = '500ms'
AS $$
#variable_conflict use_column
DECLARE
    before timestamptz := agentctl.prune_time(older_than);
    -- The last month is among those that create_partitions() makes.
    months_before timestamptz := least(before, date_trunc('month', statement_timestamp()) - interval '1 month',
        (SELECT min(p.started_at) FROM turn_progress AS p));
    mark record;
    gone record;
    part record;
    rows bigint;
    deleted jsonb := '{}';
BEGIN
    IF NOT dry_run THEN
        WHILE agentctl.roll_up() LOOP
            NULL;
        END LOOP;
        -- What an open transaction keeps from being rolled up keeps its months.
        months_before := least(months_before, (SELECT min(u.started_at) FROM unrolled_turns AS u),
            (SELECT min(u.started_at) FROM unrolled_function_calls AS u));
    END IF;
    SELECT m.recorded_before, m.backlog_from INTO mark FROM rollup_mark AS m;
    gone := agentctl.drop_partitions(months_before, prune_records.maximum, dry_run);
    FOR part IN SELECT * FROM (VALUES
        ('function_requests', 'agentctl.function_request AS r WHERE r.created_at < $1 '
            'AND NOT EXISTS (SELECT FROM agentctl.function_queue AS q WHERE q.id = r.id) '
            'AND NOT EXISTS (SELECT FROM agentctl.function_call AS c WHERE c.request_id = r.id AND c.started_at >= $1)'),
        ('schedule_runs', 'agentctl.schedule_run AS r WHERE r.ran_at < $1 AND NOT r.is_open AND r.outcome <> ''queued'' '
            'AND r.conversation_id IS NULL AND r.task_id IS NULL'),
        ('tasks', 'agentctl.task AS t WHERE t.finished_at < $1 AND t.told AND t.parent_conversation_id IS NULL '
            'AND t.conversation_id IS NULL '
            'AND (t.ended_by > 0 AND t.ended_by < $2 OR t.ended_by = 0 AND t.created_at < $3)'),
        ('plans', 'agentctl.plan AS p WHERE p.created_at < $1 AND p.state = ''draft'''),
        ('embedding_calls', 'agentctl.embedding_call AS c WHERE c.at < $1'),
        ('hook_deliveries', 'agentctl.hook_delivery AS d WHERE d.finished_at < $1')) AS p (name, source)
    LOOP
        IF dry_run THEN
            EXECUTE 'SELECT count(*) FROM ' || part.source INTO rows
                USING before, mark.recorded_before, mark.backlog_from;
        ELSE
            EXECUTE 'DELETE FROM ' || part.source USING before, mark.recorded_before, mark.backlog_from;
            GET DIAGNOSTICS rows = ROW_COUNT;
        END IF;
        deleted := deleted || jsonb_build_object(part.name, rows);
    END LOOP;
    RETURN jsonb_build_object('dropped', gone.dropped, 'kept', gone.kept, 'deleted', deleted);
END $$;
COMMENT ON FUNCTION agentctl.prune_records(interval, integer, boolean) IS
    'Drops the partitions of months that have ended so long ago, at most maximum of them, and deletes what is older '
    'and belongs to no conversation: calls from SQL, runs of schedules that submitted nothing, tasks that never began, '
    'drafts of plans, calls of embedders, deliveries. What is in it is rolled up first, and what cannot be stays. '
    'Returns {dropped, kept, deleted}; kept are partitions that somebody reads. With dry_run nothing is deleted.';
REVOKE ALL ON FUNCTION agentctl.prune_records(interval, integer, boolean) FROM PUBLIC;
