CREATE OR REPLACE FUNCTION agentctl.schedule_rules(document jsonb)
    RETURNS TABLE (path text, problem text, expected text)
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp AS $$
DECLARE
    given record;
    zone text;
    hint text;
    first timestamptz;
    last timestamptz;
    moment CONSTANT text := 'a time as 2026-12-01, 2026-12-01T08:00 or 2026-12-01T08:00:00+01:00';
    sent text[] := ARRAY(SELECT k.name FROM unnest('{message,input,task}'::text[]) AS k (name)
                         WHERE document ? k.name);
BEGIN
    IF cardinality(sent) <> 1 THEN
        RETURN QUERY SELECT '', CASE cardinality(sent) WHEN 0 THEN 'sends nothing'
            ELSE 'has ' || array_to_string(sent, ' and ') END, 'one of message, input and task';
    END IF;
    RETURN QUERY
    SELECT k.name, 'stands beside ' || k.other, k.wanted
    FROM (VALUES ('chain', 'agent', 'one of them'), ('agent', 'task', 'agent within task'),
                 ('chain', 'task', 'message or input, which a chain can be sent'),
                 ('conversation', 'task', 'nothing: a task has a conversation of its own')
    ) AS k (name, other, wanted)
    WHERE document ?& ARRAY[k.name, k.other];
    RETURN QUERY
    SELECT t.path, CASE WHEN t.text !~ '[^[:space:]]' THEN 'is blank' ELSE format('has %s', left(m.found[1], 64)) END,
           CASE WHEN t.text !~ '[^[:space:]]' THEN 'what is to be done' ELSE '{{due}} or {{date}}' END
    FROM (VALUES ('message', document -> 'message'), ('task.description', document #> '{task,description}')
    ) AS v (path, value)
    CROSS JOIN LATERAL (SELECT v.path, v.value #>> '{}' AS text WHERE jsonb_typeof(v.value) = 'string') AS t
    LEFT JOIN LATERAL regexp_matches(t.text, '{{.*?}}', 'g') AS m (found) ON m.found[1] !~ '^{{ *(due|date) *}}$'
    WHERE t.text !~ '[^[:space:]]' OR m.found IS NOT NULL;
    IF jsonb_typeof(document -> 'conversation') = 'string' THEN
        BEGIN
            PERFORM agentctl.require_conversation_id(document ->> 'conversation');
            PERFORM agentctl.refuse_task_conversation_id(document ->> 'conversation');
        EXCEPTION WHEN SQLSTATE 'AC001' OR SQLSTATE 'AC003' THEN
            RETURN QUERY SELECT 'conversation', format('is "%s"', left(document ->> 'conversation', 64)),
                'an id of a conversation: ' || SQLERRM;
        END;
    END IF;

    IF NOT document ? 'time_zone' THEN
        zone := 'UTC';
    ELSIF jsonb_typeof(document -> 'time_zone') = 'string' THEN
        SELECT t.name INTO zone FROM agentctl.time_in(document ->> 'time_zone') AS t;
        IF zone IS NULL OR zone <> document ->> 'time_zone' THEN
            RETURN QUERY SELECT 'time_zone', format('is "%s"', left(document ->> 'time_zone', 64)),
                coalesce('the name ' || zone, 'a time zone such as Europe/Berlin, or UTC' || coalesce(
                    '; did you mean ' || nullif(array_to_string(
                        agentctl.nearest_time_zones(document ->> 'time_zone'), ' or '), '') || '?', ''));
            zone := NULL;
        END IF;
    END IF;
    FOR given IN SELECT k.name, document ->> k.name AS written FROM unnest('{from,until}'::text[]) AS k (name)
                 WHERE zone IS NOT NULL AND jsonb_typeof(document -> k.name) = 'string' LOOP
        IF agentctl.schedule_time(given.written, zone) IS NULL THEN
            RETURN QUERY SELECT given.name, format('is "%s"', left(given.written, 64)), moment;
            zone := NULL;
        END IF;
    END LOOP;
    IF jsonb_typeof(document -> 'cron') <> 'string' THEN
        RETURN;
    END IF;
    BEGIN
        PERFORM agentctl.cron_fields(document ->> 'cron');
    EXCEPTION WHEN invalid_parameter_value THEN
        GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
        RETURN QUERY SELECT 'cron', SQLERRM, hint;
        RETURN;
    END;
    IF zone IS NULL OR jsonb_typeof(document -> 'from') <> 'string' OR jsonb_typeof(document -> 'until') <> 'string'
    THEN
        RETURN;
    END IF;
    first := agentctl.schedule_time(document ->> 'from', zone);
    last := agentctl.schedule_time(document ->> 'until', zone);
    IF last <= first THEN
        RETURN QUERY SELECT 'until', format('is "%s"', left(document ->> 'until', 64)), 'a time after from';
    ELSIF agentctl.next_time(document ->> 'cron', zone, coalesce(first, '2000-01-01Z')) IS NULL THEN
        RETURN QUERY SELECT 'cron', format('is "%s", which is never due', document ->> 'cron'),
            'a day that its months have';
    ELSIF agentctl.next_due(document, coalesce(first - interval '1 microsecond', '2000-01-01Z')) IS NULL THEN
        RETURN QUERY SELECT 'until', format('is "%s", before it is ever due', left(document ->> 'until', 64)),
            'a later time';
    END IF;
END $$;
COMMENT ON FUNCTION agentctl.schedule_rules(jsonb) IS
    'What one field of a document of kind schedule asks of another, and what a cron text, a time zone and a time are.';
REVOKE ALL ON FUNCTION agentctl.schedule_rules(jsonb) FROM PUBLIC;
