-- What a schedule submits belongs to the user who registered it, and reaches no further than that user: a worker, which
-- may write to any conversation, only carries it out.
CREATE OR REPLACE FUNCTION agentctl.submit_schedule(
    name text, schedule jsonb, owner text, due_at timestamptz,
    OUT conversation_id text, OUT seq bigint, OUT task_id bigint
)
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    zone text := schedule ->> 'time_zone';
    priority integer := schedule ->> 'priority';
    task jsonb := schedule -> 'task';
    id text := schedule ->> 'conversation';
    named text;
    task_conversation text;
    holder text;
BEGIN
    -- A worker, which carries it out, may use everything.
    PERFORM agentctl.require_usable_by(coalesce(task ->> 'agent', schedule ->> 'agent', schedule ->> 'chain'), owner);
    IF task IS NOT NULL THEN
        task_id := agentctl.submit_task(
            agentctl.schedule_text(task ->> 'description', submit_schedule.due_at, zone),
            ARRAY(SELECT jsonb_array_elements_text(task -> 'capabilities')), task -> 'input', task ->> 'agent',
            priority, clock_timestamp() + make_interval(secs => (task ->> 'timeout')::double precision),
            task -> 'budget', coalesce((task ->> 'max_attempts')::integer, 2));
        UPDATE task AS t SET created_by = owner WHERE t.id = submit_schedule.task_id
        RETURNING t.conversation_id INTO task_conversation;
        UPDATE conversation AS c SET created_by = owner WHERE c.id = task_conversation;
        UPDATE submission AS s SET created_by = owner WHERE s.conversation_id = task_conversation;
        SELECT t.agent INTO named FROM task AS t WHERE t.id = submit_schedule.task_id;
        PERFORM agentctl.require_usable_by(named, owner);
        RETURN;
    END IF;

    named := coalesce(id, format('schedule:%s:%s', submit_schedule.name,
        to_char(submit_schedule.due_at AT TIME ZONE 'UTC',
            CASE WHEN date_trunc('minute', submit_schedule.due_at) = submit_schedule.due_at
                THEN 'YYYYMMDD"T"HH24MI"Z"' ELSE 'YYYYMMDD"T"HH24MISS.US"Z"' END)));
    -- What the owner calls by this name, as conversation_id() has it.
    conversation_id := CASE
        WHEN agentctl.account_sees_all(owner)
            OR EXISTS (SELECT FROM conversation AS c WHERE c.id = named AND c.created_by = owner) THEN named
        ELSE coalesce((SELECT CASE WHEN starts_with(named, a.prefix) THEN named ELSE a.prefix || named END
                       FROM account AS a WHERE a.name = owner), named) END;
    SELECT c.created_by INTO holder FROM conversation AS c WHERE c.id = submit_schedule.conversation_id;
    -- Whoever takes the name of a run's conversation keeps no run from taking place.
    IF FOUND AND id IS NULL THEN
        conversation_id := conversation_id || '.' || substr(gen_random_uuid()::text, 1, 8);
        holder := NULL;
    END IF;
    seq := agentctl.submit(
        submit_schedule.conversation_id,
        agentctl.schedule_text(schedule ->> 'message', submit_schedule.due_at, zone),
        coalesce(schedule ->> 'agent', schedule ->> 'chain'),
        format('schedule:%s:%s', submit_schedule.name, trim_scale(extract(epoch FROM submit_schedule.due_at))),
        priority, schedule -> 'input');
    IF holder IS NULL THEN
        UPDATE conversation AS c SET created_by = owner
        WHERE c.id = submit_schedule.conversation_id AND c.created_by = agentctl.account_name();
        SELECT c.created_by INTO holder FROM conversation AS c WHERE c.id = submit_schedule.conversation_id;
    END IF;
    IF holder <> owner AND NOT agentctl.account_sees_all(owner) THEN
        RAISE EXCEPTION 'conversation "%" belongs to another user', submit_schedule.conversation_id
            USING ERRCODE = 'AC004';
    END IF;
    UPDATE submission AS s SET created_by = owner
    WHERE s.conversation_id = submit_schedule.conversation_id AND s.seq = submit_schedule.seq;
    SELECT coalesce(s.agent, c.agent) INTO named
    FROM submission AS s JOIN conversation AS c ON c.id = s.conversation_id
    WHERE s.conversation_id = submit_schedule.conversation_id AND s.seq = submit_schedule.seq;
    PERFORM agentctl.require_usable_by(named, owner);
END $$;
COMMENT ON FUNCTION agentctl.submit_schedule(text, jsonb, text, timestamptz) IS
    'Submits what a schedule sends, for its owner, and returns where. Internal: begin_schedule_run() calls it.';
REVOKE ALL ON FUNCTION agentctl.submit_schedule(text, jsonb, text, timestamptz) FROM PUBLIC;
