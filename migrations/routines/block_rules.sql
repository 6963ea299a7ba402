CREATE OR REPLACE FUNCTION agentctl.block_rules(document jsonb)
    RETURNS TABLE (path text, problem text, expected text)
LANGUAGE sql STABLE SET search_path = agentctl, pg_temp AS $$
    SELECT 'value', format('has %s characters', length(document ->> 'value')),
           format('at most %s, its limit', n.most)
    FROM (SELECT CASE jsonb_typeof(document -> 'limit') WHEN 'number' THEN (document ->> 'limit')::numeric
        ELSE 2000 END AS most) AS n
    WHERE jsonb_typeof(document -> 'value') = 'string' AND length(document ->> 'value') > n.most
$$;
COMMENT ON FUNCTION agentctl.block_rules(jsonb) IS 'What the fields of a block''s document ask of one another.';
REVOKE ALL ON FUNCTION agentctl.block_rules(jsonb) FROM PUBLIC;
