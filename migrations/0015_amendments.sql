-- What a turn has taken up is passed in one statement, and monthly partitions are made in one place.

CREATE OR REPLACE FUNCTION agentctl.pass_taken(conversation text, seq bigint) RETURNS void
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
BEGIN
    UPDATE conversation_control AS c
    SET head_seq = passed.seq,
        state = CASE WHEN c.tail_seq > passed.seq THEN c.state ELSE 'idle' END,
        ready_at = CASE WHEN c.tail_seq > passed.seq THEN c.ready_at END
    FROM (SELECT coalesce(waiting.seq - 1, o.tail_seq) AS seq
          FROM conversation_control AS o
          LEFT JOIN LATERAL (
              SELECT s.seq FROM submission AS s
              WHERE s.conversation_id = o.conversation_id AND s.seq > pass_taken.seq AND s.taken_by IS NULL
              ORDER BY s.seq LIMIT 1
          ) AS waiting ON true
          WHERE o.conversation_id = pass_taken.conversation) AS passed
    WHERE c.conversation_id = pass_taken.conversation AND passed.seq > c.head_seq;
END $$;

CREATE OR REPLACE FUNCTION agentctl.create_partitions(months_ahead integer DEFAULT 3) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp SET timezone = 'UTC' AS $$
BEGIN
    IF months_ahead NOT BETWEEN 0 AND 120 THEN
        RAISE EXCEPTION 'partitions can be made for 0 to 120 months ahead' USING ERRCODE = 'AC001';
    END IF;
    RETURN (
        SELECT coalesce(sum(agentctl.create_partitions_of(parent.relname, ARRAY(
            SELECT date_trunc('month', now()) + make_interval(months => m) FROM generate_series(-1, months_ahead) AS m))), 0)
        FROM (SELECT c.relname FROM pg_class AS c
              WHERE c.relnamespace = 'agentctl'::regnamespace AND c.relkind = 'p' AND NOT c.relispartition
              ORDER BY c.relname) AS parent);
END $$;
COMMENT ON FUNCTION agentctl.create_partitions_of(text, timestamptz[]) IS 'Makes the monthly partitions of a table that rows of these times need; returns how many were missing. Internal: create_partitions() calls it, and what stores rows of other months.';

-- A worker goes by the time to live that it was started with, and so does whoever takes over from it: a setting that is
-- changed meanwhile is news to neither.

ALTER TABLE agentctl.worker ADD COLUMN time_to_live double precision NOT NULL DEFAULT agentctl.setting('worker_ttl')::double precision;
COMMENT ON COLUMN agentctl.worker.time_to_live IS 'Seconds without a heartbeat after which it counts as lost: the setting worker_ttl when it started.';

-- A worker that was lost may believe for one more time to live that it holds its conversations: its last sign of life
-- that was answered came before it was counted as lost, whatever has become of heartbeat_at.
ALTER TABLE agentctl.conversation_control ADD COLUMN lease_until timestamptz;
COMMENT ON COLUMN agentctl.conversation_control.lease_until IS 'Until when the worker that was lost while it held the conversation may believe that it still does; NULL when none was.';

CREATE OR REPLACE FUNCTION agentctl.reap(maximum integer DEFAULT 1000) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    released integer;
    gone bigint[];
BEGIN
    UPDATE worker AS w SET state = 'lost', stopped_at = clock_timestamp()
    WHERE w.id = ANY (ARRAY(
        SELECT dead.id FROM worker AS dead
        WHERE dead.state IN ('active', 'draining')
          AND dead.heartbeat_at < clock_timestamp() - make_interval(secs => dead.time_to_live)
        FOR NO KEY UPDATE SKIP LOCKED));
    -- Whoever holds something and is not alive: stopped, lost, or without a row at all.
    gone := ARRAY(
        SELECT DISTINCT held.worker_id FROM conversation_control AS held
        WHERE held.state = 'running'
          AND NOT EXISTS (SELECT FROM worker AS w WHERE w.id = held.worker_id AND w.state IN ('active', 'draining')));
    UPDATE conversation_control AS c
    SET state = 'ready', ready_at = clock_timestamp(), lease = NULL, worker_id = NULL,
        lease_until = greatest(c.lease_until, (
            SELECT w.stopped_at + make_interval(secs => w.time_to_live) FROM worker AS w
            WHERE w.id = c.worker_id AND w.state = 'lost'))
    WHERE c.conversation_id = ANY (ARRAY(
        SELECT held.conversation_id FROM conversation_control AS held
        WHERE held.state = 'running' AND held.worker_id = ANY (gone)
        ORDER BY held.conversation_id LIMIT reap.maximum
        FOR NO KEY UPDATE SKIP LOCKED));
    GET DIAGNOSTICS released = ROW_COUNT;
    DELETE FROM worker AS w
    WHERE w.id = ANY (ARRAY(
        SELECT old.id FROM worker AS old
        WHERE old.state IN ('stopped', 'lost') AND old.stopped_at < clock_timestamp() - interval '1 day'
          AND NOT EXISTS (SELECT FROM conversation_control AS c WHERE c.state = 'running' AND c.worker_id = old.id)
        LIMIT 1000 FOR UPDATE SKIP LOCKED));
    RETURN released;
END $$;

CREATE OR REPLACE VIEW agentctl.worker_status AS
SELECT w.id AS worker_id,
       w.kind,
       w.host,
       w.process_id,
       w.release,
       CASE WHEN w.state IN ('active', 'draining')
                 AND w.heartbeat_at < clock_timestamp() - make_interval(secs => w.time_to_live)
            THEN 'lost' ELSE w.state::text END AS state,
       w.slots,
       (SELECT count(*) FROM agentctl.conversation_control AS c WHERE c.state = 'running' AND c.worker_id = w.id) AS running,
       w.started_at,
       w.heartbeat_at
FROM agentctl.worker AS w;

-- What did not happen yet may still happen, as long as there may be somebody who believes that it is to do it.
CREATE OR REPLACE FUNCTION agentctl.resolve_tool_call(conversation text, seq bigint, call integer, outcome text, result text DEFAULT NULL) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    started timestamptz;
    remaining integer;
    certain timestamptz;
BEGIN
    IF outcome IS NULL OR outcome NOT IN ('happened', 'did_not_happen', 'run_again') THEN
        RAISE EXCEPTION 'an outcome is happened, did_not_happen or run_again' USING ERRCODE = 'AC001';
    END IF;
    IF octet_length(resolve_tool_call.result) > 1048576 THEN
        RAISE EXCEPTION 'a result has at most 1048576 bytes' USING ERRCODE = 'AC001';
    END IF;
    PERFORM FROM conversation AS v JOIN conversation_control AS c ON c.conversation_id = v.id
    WHERE v.id = resolve_tool_call.conversation AND (v.created_by = agentctl.caller() OR agentctl.may_see_all())
    FOR NO KEY UPDATE OF c;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no conversation "%"', resolve_tool_call.conversation USING ERRCODE = 'AC002';
    END IF;
    SELECT p.started_at INTO started FROM turn_progress AS p
    WHERE p.conversation_id = resolve_tool_call.conversation AND p.seq = resolve_tool_call.seq;
    UPDATE tool_call AS t
    SET state = CASE outcome WHEN 'happened' THEN 'succeeded' WHEN 'did_not_happen' THEN 'failed' ELSE 'planned' END::tool_call_state,
        error_code = CASE outcome WHEN 'did_not_happen' THEN 'did_not_happen' END,
        result = CASE outcome
            WHEN 'happened' THEN coalesce(resolve_tool_call.result, 'It was done; what it returned is not known.')
            WHEN 'did_not_happen' THEN 'Error: ' || coalesce(resolve_tool_call.result, 'It was not done: the system failed before it took effect.') END
    WHERE t.conversation_id = resolve_tool_call.conversation AND t.seq = resolve_tool_call.seq
      AND t.number = resolve_tool_call.call AND t.state = 'in_doubt' AND t.started_at >= started
      AND EXISTS (SELECT FROM conversation_control AS c WHERE c.conversation_id = t.conversation_id AND c.state = 'parked');
    IF NOT FOUND THEN
        RAISE EXCEPTION 'call % of turn %/% does not wait to be resolved', resolve_tool_call.call, resolve_tool_call.conversation, resolve_tool_call.seq
            USING ERRCODE = 'AC003', HINT = 'The calls that wait are in agentctl.calls_in_doubt.';
    END IF;
    IF outcome <> 'happened' THEN
        SELECT c.lease_until INTO certain FROM conversation_control AS c
        WHERE c.conversation_id = resolve_tool_call.conversation AND c.lease_until > clock_timestamp();
        IF FOUND THEN
            RAISE EXCEPTION 'call % of turn %/% may still be made by the worker that was lost: % can be said from % on',
                resolve_tool_call.call, resolve_tool_call.conversation, resolve_tool_call.seq, outcome,
                date_trunc('second', certain) + interval '1 second'
                USING ERRCODE = 'AC003', HINT = 'Wait ' || ceil(extract(epoch FROM certain - clock_timestamp())) || ' s, and look again whether it happened.';
        END IF;
    END IF;
    SELECT count(*) INTO remaining FROM tool_call AS t
    WHERE t.conversation_id = resolve_tool_call.conversation AND t.seq = resolve_tool_call.seq AND t.state = 'in_doubt' AND t.started_at >= started;
    UPDATE conversation_control AS c
    SET last_event = c.last_event + 1,
        state = CASE remaining WHEN 0 THEN 'ready' ELSE c.state END::conversation_state,
        ready_at = CASE remaining WHEN 0 THEN clock_timestamp() END
    WHERE c.conversation_id = resolve_tool_call.conversation;
    INSERT INTO event (conversation_id, number, seq, type, data)
    SELECT c.conversation_id, c.last_event, resolve_tool_call.seq, 'call_resolved',
           jsonb_build_object('call', resolve_tool_call.call, 'outcome', outcome, 'by', agentctl.caller())
    FROM conversation_control AS c WHERE c.conversation_id = resolve_tool_call.conversation;
    RETURN remaining;
END $$;
COMMENT ON FUNCTION agentctl.resolve_tool_call(text, bigint, integer, text, text) IS 'Says what became of a tool call that is in doubt: happened (with what it returned), did_not_happen, or run_again. The turn goes on when none of its calls is in doubt; returns how many still are. Fails with AC003 when the call does not wait, and, for anything but happened, as long as the worker that was lost may still make it (lease_until).';

-- All that was asked of models is in one place: also summaries, of turns and of the operation compact, and what judges said.

CREATE VIEW agentctl.model_calls AS
SELECT s.conversation_id, s.seq, s.kind, s.model, s.model_version_id, s.provider, s.input_tokens, s.cached_input_tokens, s.output_tokens,
       s.cost_usd, s.time_to_first_token_ms, s.duration_ms, s.started_at, s.error_code, s.error_message
FROM agentctl.step AS s
-- A summary has a row of its own, and its step is stored with the turn only; one that was not used has the step only.
WHERE s.model IS NOT NULL AND (s.kind <> 'compaction' OR NOT EXISTS (
    SELECT FROM agentctl.compaction AS o WHERE o.conversation_id = s.conversation_id AND o.created_by = s.seq AND o.model IS NOT NULL))
UNION ALL
SELECT o.conversation_id, o.created_by, 'compaction', o.model, o.model_version_id, o.provider, o.input_tokens, o.cached_input_tokens,
       o.output_tokens, o.cost_usd, NULL, o.duration_ms, o.created_at - make_interval(secs => o.duration_ms / 1000), o.error_code, o.error_message
FROM agentctl.compaction AS o
WHERE o.model IS NOT NULL;
COMMENT ON VIEW agentctl.model_calls IS 'Calls to models: of turns, for summaries, and of agents that judge.';
COMMENT ON COLUMN agentctl.model_calls.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.model_calls.seq IS 'The turn, or the operation compact.';
COMMENT ON COLUMN agentctl.model_calls.kind IS 'model_call; compaction: for a summary; guardrail: of an agent that judges.';
COMMENT ON COLUMN agentctl.model_calls.model IS 'Name of the model row.';
COMMENT ON COLUMN agentctl.model_calls.model_version_id IS 'Its version, an id in definition_version.';
COMMENT ON COLUMN agentctl.model_calls.provider IS 'Protocol it was called by.';
COMMENT ON COLUMN agentctl.model_calls.input_tokens IS 'Input tokens.';
COMMENT ON COLUMN agentctl.model_calls.cached_input_tokens IS 'Those of them that the provider had cached.';
COMMENT ON COLUMN agentctl.model_calls.output_tokens IS 'Output tokens.';
COMMENT ON COLUMN agentctl.model_calls.cost_usd IS 'Cost by the model''s prices, in USD.';
COMMENT ON COLUMN agentctl.model_calls.time_to_first_token_ms IS 'Milliseconds to the first piece of the answer; NULL for a summary.';
COMMENT ON COLUMN agentctl.model_calls.duration_ms IS 'Milliseconds it took.';
COMMENT ON COLUMN agentctl.model_calls.started_at IS 'When it began.';
COMMENT ON COLUMN agentctl.model_calls.error_code IS 'Class of error, when it failed.';
COMMENT ON COLUMN agentctl.model_calls.error_message IS 'What happened.';

CREATE OR REPLACE VIEW agentctl.model_metrics AS
SELECT s.model,
       v.version,
       s.provider,
       count(*) AS calls,
       count(*) FILTER (WHERE s.error_code IS NULL) AS succeeded,
       count(*) FILTER (WHERE s.error_code IS NOT NULL) AS failed,
       round(count(*) FILTER (WHERE s.error_code IS NULL) / count(*)::numeric, 4) AS success_rate,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY s.duration_ms) AS p50_ms,
       percentile_cont(0.95) WITHIN GROUP (ORDER BY s.duration_ms) AS p95_ms,
       percentile_cont(0.99) WITHIN GROUP (ORDER BY s.duration_ms) AS p99_ms,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY s.time_to_first_token_ms) AS p50_first_token_ms,
       sum(s.input_tokens)::bigint AS input_tokens,
       sum(s.cached_input_tokens)::bigint AS cached_input_tokens,
       sum(s.output_tokens)::bigint AS output_tokens,
       sum(s.output_tokens) / nullif(sum(s.duration_ms) / 1000, 0) AS output_tokens_per_second,
       sum(s.cost_usd) AS cost_usd,
       max(s.started_at) AS last_at
FROM agentctl.model_calls AS s
LEFT JOIN agentctl.definition_version AS v ON v.id = s.model_version_id
GROUP BY s.model, v.version, s.provider;

-- A pipeline that leads back to itself, or through too many others, could never be called: it is refused like a name that
-- is not registered.

CREATE FUNCTION agentctl.pipeline_problems(documents jsonb)
RETURNS TABLE (document integer, path text, problem text, expected text)
LANGUAGE sql STABLE SET search_path = agentctl, pg_temp AS $$
    WITH RECURSIVE given AS (
        SELECT (each.ordinality - 1)::integer AS document, each.value ->> 'name' AS name, each.value -> 'steps' AS steps
        FROM jsonb_array_elements(documents) WITH ORDINALITY AS each
        WHERE each.value ->> 'kind' = 'tool'
    ), reached (document, step, name, depth) AS (
        SELECT g.document, step.ordinality - 1, step.value ->> 'tool', 2
        FROM given AS g
        CROSS JOIN LATERAL jsonb_array_elements(CASE jsonb_typeof(g.steps) WHEN 'array' THEN g.steps ELSE '[]' END)
            WITH ORDINALITY AS step
        WHERE step.value ->> 'tool' <> g.name
        UNION
        -- One deeper than is allowed is enough to tell.
        SELECT r.document, r.step, step.value ->> 'tool', r.depth + 1
        FROM reached AS r
        JOIN given AS origin ON origin.document = r.document AND origin.name <> r.name
        LEFT JOIN given AS g ON g.name = r.name
        LEFT JOIN definition AS d ON d.kind = 'tool' AND d.name = r.name AND g.name IS NULL
        LEFT JOIN definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
        CROSS JOIN LATERAL (SELECT coalesce(g.steps, v.document -> 'steps') AS steps) AS pipeline
        CROSS JOIN LATERAL jsonb_array_elements(CASE jsonb_typeof(pipeline.steps) WHEN 'array' THEN pipeline.steps ELSE '[]' END) AS step
        WHERE r.depth <= 9
    )
    SELECT r.document, format('steps[%s].tool', r.step),
           format('is %s, which ', (each.value -> 'steps' -> r.step::integer -> 'tool')::text) ||
               CASE WHEN bool_or(r.name = each.value ->> 'name') THEN 'leads back to the pipeline itself'
                    ELSE 'makes pipelines stand within pipelines more than 8 deep' END,
           CASE WHEN bool_or(r.name = each.value ->> 'name') THEN 'a tool that does not call this one' ELSE 'fewer pipelines on the way' END
    FROM reached AS r
    CROSS JOIN LATERAL (SELECT documents -> r.document AS value) AS each
    WHERE r.name = each.value ->> 'name' OR r.depth > 9
    GROUP BY r.document, r.step, each.value
$$;
COMMENT ON FUNCTION agentctl.pipeline_problems(jsonb) IS 'The steps of pipelines, among documents that are to be registered together, that lead back to their pipeline or too deep. Internal: check_documents() calls it.';

CREATE OR REPLACE FUNCTION agentctl.check_documents(documents jsonb)
RETURNS TABLE (document integer, path text, problem text, expected text, nearest text)
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT (each.ordinality - 1)::integer, found.path, found.problem, found.expected, found.nearest
    FROM jsonb_array_elements(documents) WITH ORDINALITY AS each
    CROSS JOIN LATERAL agentctl.document_problems(each.value, documents) AS found
    ORDER BY each.ordinality, found.path;

    RETURN QUERY
    SELECT (each.ordinality - 1)::integer, 'name', format('is used twice: %s %s', each.value ->> 'kind', each.value ->> 'name'),
           'a name that is unique within its kind', NULL::text
    FROM (SELECT e.ordinality, e.value,
                 row_number() OVER (PARTITION BY e.value ->> 'kind', e.value ->> 'name' ORDER BY e.ordinality) AS occurrence
          FROM jsonb_array_elements(documents) WITH ORDINALITY AS e WHERE e.value ->> 'name' IS NOT NULL) AS each
    WHERE each.occurrence > 1;

    RETURN QUERY
    SELECT found.document, found.path, found.problem, found.expected, NULL::text
    FROM agentctl.pipeline_problems(documents) AS found ORDER BY found.document, found.path;
END $$;

REVOKE ALL ON FUNCTION agentctl.pipeline_problems(jsonb) FROM PUBLIC;
REVOKE ALL ON agentctl.model_calls FROM PUBLIC;
INSERT INTO agentctl.role_grant (role, object_type, object, privileges) VALUES ('agentctl_reader', 'table', 'agentctl.model_calls', 'SELECT');
SELECT agentctl.grant_roles();
