-- replaces: route(text, text[], jsonb, text[])
-- The work is bounded: 16 words, the rarest first; postings of the rarest words until these have 600 agents, more where
-- there are very many; 20 agents inspected closely, and 16 more where capabilities are required. The plans are pinned:
-- one made while a table was empty would scan it later, and every number is bounded by the statement itself. OFFSET 0
-- keeps the server from beginning with all that have a capability, which may be nearly all agents.
CREATE OR REPLACE FUNCTION agentctl.route(
    message text DEFAULT NULL, capabilities text[] DEFAULT '{}', input jsonb DEFAULT NULL,
    excluding text[] DEFAULT '{}', account text DEFAULT NULL
) RETURNS TABLE (
    place bigint, agent text, score real, words jsonb, success_rate real, turns integer, open bigint
)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off
    SET client_min_messages = warning AS $$
#variable_conflict use_column
DECLARE
    required text[] := coalesce(route.capabilities, '{}');
    excluded text[] := coalesce(route.excluding, '{}');
    -- Plain text is {"message": text}; an agent without a schema takes text only.
    members text[] := CASE WHEN route.input IS NULL THEN '{message}'
        WHEN jsonb_typeof(route.input) = 'object' THEN ARRAY(SELECT jsonb_object_keys(route.input)) ELSE '{}' END;
    spoken text := left(coalesce(route.message, concat_ws(' ', array_to_string(members, ' '), (
        SELECT string_agg(t.value #>> '{}', ' ')
        FROM (SELECT jsonb_path_query(route.input, 'strict $.** ? (@.type() == "string")') AS value LIMIT 200) AS t))),
        4000);
    state record;
    bound integer;
    terms text[];
    idfs double precision[];
    total double precision;
    seeds integer;
    rarest text;
    capable integer[] := '{}';
    is_free boolean := route.account IS NULL OR agentctl.account_sees_all(route.account);
    granted text[] := CASE WHEN NOT is_free THEN agentctl.granted_names('{agent,chain}', (
        SELECT r.rolname FROM account AS u JOIN pg_roles AS r ON r.oid = u.role WHERE u.name = route.account)) END;
BEGIN
    SELECT i.agents, i.language::regconfig AS language, i.refreshed_at INTO state FROM route_index AS i;
    IF state.agents = 0 THEN
        RETURN;
    END IF;
    bound := greatest(600, state.agents / 20);
    -- The words that tell agents apart. One that no agent has counts a quarter of the rarest.
    SELECT array_agg(k.term ORDER BY k.agents, k.term) FILTER (WHERE k.agents IS NOT NULL),
           array_agg(k.idf ORDER BY k.agents, k.term) FILTER (WHERE k.agents IS NOT NULL), sum(k.idf),
           greatest(1, count(*) FILTER (WHERE k.so_far <= bound))
    INTO terms, idfs, total, seeds
    FROM (
        SELECT w.term, w.agents, w.idf, sum(w.agents) OVER (ORDER BY w.agents, w.term) AS so_far
        FROM (
            SELECT x.term, t.agents,
                   ln(1 + state.agents::double precision / coalesce(t.agents, 1))
                       * CASE WHEN t.term IS NULL THEN 0.25 ELSE 1 END AS idf
            FROM (SELECT u.term FROM unnest(tsvector_to_array(to_tsvector(state.language, spoken))) AS u (term)
                  LIMIT 200) AS x
            LEFT JOIN route_term AS t ON t.term = x.term
            ORDER BY t.agents NULLS LAST, x.term LIMIT 16
        ) AS w
    ) AS k;

    IF required <> '{}' THEN
        SELECT r.capability INTO rarest FROM unnest(required) AS r (capability)
        ORDER BY (SELECT count(*) FROM (
            SELECT FROM route_capability AS c WHERE c.capability = r.capability LIMIT 100) AS few), 1
        LIMIT 1;
        -- The best by their record of those that have all, beside those that words speak for.
        capable := ARRAY(
            SELECT c.agent_id
            FROM (SELECT c.agent_id, c.success_rate FROM route_capability AS c WHERE c.capability = rarest
                  ORDER BY c.success_rate DESC, c.agent_id DESC LIMIT 100) AS c
            CROSS JOIN LATERAL (
                SELECT FROM route_agent AS a
                WHERE a.id = c.agent_id AND a.capabilities @> required AND a.name <> ALL (excluded)
                  AND (is_free OR a.is_open OR a.name = ANY (granted))
                  AND (a.required_members <@ members OR a.required_members IS NULL AND route.input IS NULL)
                OFFSET 0) AS fits
            ORDER BY c.success_rate DESC, c.agent_id DESC LIMIT 16);
        IF NOT EXISTS (SELECT FROM route_capability AS c WHERE c.capability = rarest OFFSET 99 LIMIT 1) THEN
            -- All that have it were seen.
            seeds := CASE WHEN cardinality(capable) < 16 THEN 0 ELSE seeds END;
        ELSIF capable = '{}' THEN
            -- None of the best has all: then any that has.
            capable := ARRAY(
                SELECT a.id FROM route_agent AS a
                WHERE a.capabilities @> required AND a.name <> ALL (excluded)
                  AND (is_free OR a.is_open OR a.name = ANY (granted))
                  AND (a.required_members <@ members OR a.required_members IS NULL AND route.input IS NULL)
                ORDER BY a.success_rate DESC, a.name LIMIT 16);
            seeds := CASE WHEN cardinality(capable) < 16 THEN 0 ELSE seeds END;
        END IF;
    END IF;

    RETURN QUERY
    WITH seed AS MATERIALIZED (
        SELECT h.agent_id AS id, h.score
        FROM (SELECT p.agent_id, sum(k.idf * p.weight) AS score
              FROM unnest(terms[:seeds], idfs[:seeds]) AS k (term, idf)
              CROSS JOIN LATERAL (
                  SELECT o.agent_id, o.weight FROM route_posting AS o WHERE o.term = k.term
                  ORDER BY o.agent_id LIMIT bound) AS p
              -- What may not be used must not displace what may.
              WHERE is_free OR (
                  SELECT u.is_open OR u.name = ANY (granted) FROM route_agent AS u WHERE u.id = p.agent_id)
              GROUP BY p.agent_id ORDER BY 2 DESC, 1 LIMIT 200) AS h
        CROSS JOIN LATERAL (
            SELECT FROM route_agent AS a
            WHERE a.id = h.agent_id AND a.capabilities @> required AND a.name <> ALL (excluded)
              AND (is_free OR a.is_open OR a.name = ANY (granted))
              AND (a.required_members <@ members OR a.required_members IS NULL AND route.input IS NULL)
            OFFSET 0) AS fits
        ORDER BY h.score DESC, h.agent_id LIMIT 20
    ), scored AS MATERIALIZED (
        -- In thousandths. Some words are counted already; the others gave no candidates.
        SELECT a.id, a.name, a.success_rate, a.turns, a.open, round((c.score + coalesce((
                   SELECT sum(k.idf * p.weight)
                   FROM unnest(terms[c.counted + 1:], idfs[c.counted + 1:]) AS k (term, idf)
                   JOIN route_posting AS p ON p.term = k.term AND p.agent_id = c.id), 0)) / total * 1000) AS score
        FROM (SELECT s.id, s.score, seeds AS counted FROM seed AS s
              UNION ALL
              SELECT u.id, 0, 0 FROM unnest(capable) AS u (id)
              WHERE NOT EXISTS (SELECT FROM seed AS s WHERE s.id = u.id)) AS c
        JOIN route_agent AS a ON a.id = c.id
    ), best AS MATERIALIZED (
        SELECT s.id, s.name, s.success_rate, s.turns, coalesce(s.score, 0) / 1000 AS score, s.open + (
                   -- What was routed to it since the last count; where no worker counts, in the last minute.
                   SELECT count(*) FROM (
                       SELECT FROM routing AS r
                       WHERE r.agent = s.name
                         AND r.decided_at > greatest(state.refreshed_at, now() - interval '1 minute')
                       LIMIT 1000) AS since) AS open
        FROM scored AS s
        ORDER BY 5 DESC, 3 DESC, 6, 2 LIMIT 5
    )
    SELECT row_number() OVER (ORDER BY b.score DESC, b.success_rate DESC, b.open, b.name), b.name, b.score::real,
           coalesce((
               SELECT jsonb_object_agg(k.term, round((k.idf * p.weight / total)::numeric, 3))
               FROM unnest(terms, idfs) AS k (term, idf)
               JOIN route_posting AS p ON p.term = k.term AND p.agent_id = b.id), '{}'),
           b.success_rate, b.turns, b.open
    FROM best AS b
    ORDER BY 1;
END $$;
COMMENT ON FUNCTION agentctl.route(text, text[], jsonb, text[], text) IS
    'The agents that fit a message or an input best, at most five, best first: those that have all the capabilities, '
    'take what is sent, are not excluded, and, with an account, may be used by it. score is the share of what the '
    'message says that the agent answers for, from 0 to 1; words has the part of each word. Then success_rate, then '
    'open submissions, then the name decide.';
REVOKE ALL ON FUNCTION agentctl.route(text, text[], jsonb, text[], text) FROM PUBLIC;
