CREATE OR REPLACE FUNCTION agentctl.exchange_run_problems(document jsonb)
    RETURNS TABLE (path text, problem text, expected text)
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp SET timezone = 'UTC' SET jit = off
    SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    head bigint := (document #> '{conversation,head_seq}')::bigint;
    tail bigint := (document #> '{conversation,tail_seq}')::bigint;
    open_turn bigint := (document #> '{progress,seq}')::bigint;
    latest timestamptz := clock_timestamp() + interval '1 day';
BEGIN
    RETURN QUERY
    SELECT format('node_runs[%s].%s', n.i - 1, rule.field), rule.problem, rule.expected
    FROM (
        SELECT r.*, lag((r.seq, r.number)) OVER (ORDER BY r.i) AS before
        FROM ROWS FROM (jsonb_to_recordset(document -> 'node_runs') AS (seq bigint, number integer, after jsonb,
            choices jsonb, started_at timestamptz, finished_at timestamptz))
            WITH ORDINALITY AS r (seq, number, after, choices, started_at, finished_at, i)
    ) AS n
    CROSS JOIN LATERAL (VALUES
        ('number', (n.seq, n.number) <= n.before, format('is %s', n.number), 'in order of seq and number'),
        ('seq', n.seq > head, format('is %s', n.seq), 'that of a turn that has ended'),
        ('after', n.after @? 'strict $[*] ? (@.type() != "string")', 'holds something else', 'a list of texts'),
        ('choices', n.choices @? 'strict $[*] ? (@.type() != "string")', 'holds something else', 'a list of texts'),
        ('finished_at', n.finished_at > latest OR n.finished_at < n.started_at - interval '1 day',
            'is in the future, or before the beginning', 'between')
    ) AS rule (field, is_broken, problem, expected)
    WHERE rule.is_broken
    UNION ALL
    SELECT format('plans[%s].%s', p.i - 1, rule.field), rule.problem, rule.expected
    FROM (
        SELECT r.*, lag(r.seq) OVER (ORDER BY r.i) AS before
        FROM ROWS FROM (jsonb_to_recordset(document -> 'plans') AS (seq bigint, state text, steps jsonb,
            revisions jsonb, created_at timestamptz, approved_by text, approved_at timestamptz, finished_at timestamptz))
            WITH ORDINALITY AS r (seq, state, steps, revisions, created_at, approved_by, approved_at, finished_at, i)
    ) AS p
    CROSS JOIN LATERAL (VALUES
        ('seq', p.seq <= p.before, format('is %s', p.seq), format('more than %s, that of the plan before', p.before)),
        ('seq', p.seq > head AND p.seq IS DISTINCT FROM open_turn, format('is %s', p.seq), 'that of a turn'),
        ('approved_at', (p.approved_at IS NULL) <> (p.approved_by IS NULL), 'and approved_by are not both there',
            'both, or neither'),
        ('finished_at', (p.finished_at IS NULL) <> (p.state = 'running'), 'does not go with the state',
            'given unless the plan is running'),
        ('steps', p.steps @? 'strict $[*] ? (@.type() != "object")', 'holds something else', 'a list of objects'),
        ('revisions', p.revisions @? 'strict $[*] ? (@.type() != "object")', 'holds something else',
            'a list of objects'),
        ('created_at', p.created_at > latest, 'is in the future', 'a time that has been')
    ) AS rule (field, is_broken, problem, expected)
    WHERE rule.is_broken
    UNION ALL
    SELECT format('events[%s].data.plan', e.ordinality - 1), 'is ' || left((e.value #> '{data,plan}')::text, 64),
           'the place of one of plans'
    FROM jsonb_array_elements(document -> 'events') WITH ORDINALITY AS e
    WHERE document ? 'plans' AND e.value ->> 'type' = 'plan_updated'
      AND CASE jsonb_typeof(e.value #> '{data,plan}') WHEN 'number'
          THEN (e.value #> '{data,plan}')::numeric NOT BETWEEN 1 AND jsonb_array_length(document -> 'plans')
              OR (e.value #> '{data,plan}')::numeric % 1 <> 0 ELSE true END
    UNION ALL
    SELECT format('schedule_runs[%s].%s', s.i - 1, rule.field), rule.problem, rule.expected
    FROM ROWS FROM (jsonb_to_recordset(document -> 'schedule_runs') AS (seq bigint, content_hash text,
        due_at timestamptz, ran_at timestamptz))
        WITH ORDINALITY AS s (seq, content_hash, due_at, ran_at, i)
    CROSS JOIN LATERAL (VALUES
        ('seq', s.seq > tail, format('is %s', s.seq), format('at most %s', tail)),
        ('content_hash', s.content_hash !~ '^[0-9a-f]{64}$', 'is no SHA-256', '64 hexadecimal digits'),
        ('ran_at', s.ran_at > latest OR s.due_at > latest, 'or due_at is in the future', 'times that have been')
    ) AS rule (field, is_broken, problem, expected)
    WHERE rule.is_broken
    LIMIT 100;
END $$;
COMMENT ON FUNCTION agentctl.exchange_run_problems(jsonb) IS
    'What is wrong with what a document of the right form says of runs of chains, plans and schedules. Internal: '
    'conversation_document_problems() calls it.';
REVOKE ALL ON FUNCTION agentctl.exchange_run_problems(jsonb) FROM PUBLIC;
