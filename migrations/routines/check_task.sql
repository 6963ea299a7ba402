-- replaces: check_task(text, jsonb, text[], text, timestamptz, numeric, numeric, integer)
-- Values come from users and from models. What would fail later, in the statement that claims or ends a turn, is
-- refused here, where it concerns nobody else.
CREATE OR REPLACE FUNCTION agentctl.check_task(
    description text, input jsonb, capabilities text[], agent text, deadline timestamptz, budget_tokens numeric,
    budget_usd numeric, max_attempts integer, number integer DEFAULT NULL, group_key text DEFAULT NULL,
    timeout double precision DEFAULT NULL
) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    largest integer := agentctl.setting('max_message_bytes')::integer;
BEGIN
    IF cardinality(capabilities) > 128 OR EXISTS (
        SELECT FROM unnest(capabilities) AS c (name)
        WHERE c.name IS NULL OR octet_length(c.name) NOT BETWEEN 1 AND 128)
    THEN
        RAISE EXCEPTION 'a task names up to 128 capabilities of 1 to 128 bytes' USING ERRCODE = 'AC001';
    ELSIF octet_length(agent) > 200 THEN
        RAISE EXCEPTION 'an agent''s name has at most 200 bytes' USING ERRCODE = 'AC001';
    ELSIF octet_length(description) + coalesce(octet_length(input::text), 0)
        + coalesce(octet_length(array_to_string(capabilities, '')), 0) + coalesce(octet_length(agent), 0) > largest
    THEN
        RAISE EXCEPTION 'the task has more than % bytes', largest
            USING ERRCODE = 'AC003', HINT = 'Setting max_message_bytes in agentctl.setting.';
    ELSIF description IS NULL OR description !~ '[^[:space:]]' THEN
        RAISE EXCEPTION 'a task has a description' USING ERRCODE = 'AC001';
    ELSIF input @? 'strict $.**{128}' THEN
        RAISE EXCEPTION 'the input nests deeper than 127 levels' USING ERRCODE = 'AC001';
    ELSIF input @? 'strict $.** ? (@.type() == "number" && (@ > 1.7e308 || @ < -1.7e308))' THEN
        RAISE EXCEPTION 'the input holds a number beyond the range of double precision' USING ERRCODE = 'AC001';
    ELSIF NOT isfinite(deadline) THEN
        RAISE EXCEPTION 'a deadline is a point in time, not %', deadline USING ERRCODE = 'AC001',
            HINT = 'NULL for none.';
    ELSIF budget_tokens NOT BETWEEN 1 AND 1e9 OR budget_usd NOT BETWEEN 1e-10 AND 1e9 THEN
        RAISE EXCEPTION 'a budget is 1 to 1e9 tokens, and more than 0 and up to 1e9 USD' USING ERRCODE = 'AC001';
    ELSIF max_attempts NOT BETWEEN 1 AND 100 THEN
        RAISE EXCEPTION 'a task has 1 to 100 attempts' USING ERRCODE = 'AC001';
    ELSIF number > 10000 THEN
        RAISE EXCEPTION 'a turn has at most 10000 tasks' USING ERRCODE = 'AC003';
    ELSIF octet_length(group_key) > 200 OR timeout NOT BETWEEN 0 AND 1e9 THEN
        RAISE EXCEPTION 'a group has at most 200 bytes, and a timeout is 0 to 1e9 seconds' USING ERRCODE = 'AC001';
    END IF;
END $$;
COMMENT ON FUNCTION agentctl.check_task(
    text, jsonb, text[], text, timestamptz, numeric, numeric, integer, integer, text, double precision) IS
    'Fails with AC001 for values that no task can have, and with AC003 when they are too large or too many; number, '
    'group_key and timeout are of tasks of a turn. Internal: '
    'submit_task() and insert_tasks() call it.';
REVOKE ALL ON FUNCTION agentctl.check_task(
    text, jsonb, text[], text, timestamptz, numeric, numeric, integer, integer, text, double precision) FROM PUBLIC;
