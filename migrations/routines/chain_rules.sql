CREATE OR REPLACE FUNCTION agentctl.chain_rules(document jsonb) RETURNS TABLE (path text, problem text, expected text)
LANGUAGE sql IMMUTABLE SET search_path = agentctl, pg_temp AS $$
    WITH given AS (
        SELECT CASE WHEN document ? 'from' THEN 'relationship' ELSE document ->> 'strategy' END AS strategy
    ), allowed (strategy, fields) AS (VALUES
        ('relationship', '{from,to}'::text[]),
        ('sequential', '{stages}'),
        ('parallel', '{branches,for_each,agent,chain,tool,function,input,arguments,attempts,task_timeout,max_parallel,'
            'on_failure}'),
        ('consensus', '{question,rounds,voters,answer,decide,task_timeout}'),
        ('hierarchical', '{manager,specialists,max_subtasks,max_parallel,max_replans,approve_plan,task_timeout}'),
        ('handoff', '{start,to,sticky,max_handoffs}'),
        ('graph', '{state,nodes,edges,output,max_parallel}')
    ), needed (strategy, field) AS (VALUES
        ('relationship', 'to'), ('sequential', 'stages'), ('consensus', 'voters'), ('hierarchical', 'manager'),
        ('hierarchical', 'specialists'), ('handoff', 'start'), ('handoff', 'to'), ('graph', 'nodes')
    ), target AS (
        -- What runs: each has exactly one target.
        SELECT format('%s[%s]', l.list, e.ordinality - 1) AS path, l.list, e.value, NULL::text AS kind
        FROM unnest('{stages,branches,voters}'::text[]) AS l (list)
        CROSS JOIN LATERAL jsonb_array_elements(CASE jsonb_typeof(document -> l.list) WHEN 'array'
            THEN document -> l.list
            ELSE '[]' END) WITH ORDINALITY AS e
        WHERE jsonb_typeof(e.value) = 'object'
        UNION ALL
        SELECT '', 'for_each', document - 'capabilities', NULL WHERE document ? 'for_each'
        UNION ALL
        SELECT format('nodes[%s]', e.ordinality - 1), 'nodes', e.value, coalesce(e.value ->> 'kind',
               CASE WHEN e.value ?| '{agent,capabilities}' THEN 'agent' WHEN e.value ? 'chain' THEN 'chain'
                   WHEN e.value ? 'tool' THEN 'tool' WHEN e.value ? 'function' THEN 'function'
                   WHEN e.value ? 'message' THEN 'approval' WHEN e.value ? 'plan' THEN 'plan'
                   WHEN e.value ? 'value' THEN 'set' ELSE '' END)
        FROM jsonb_array_elements(CASE jsonb_typeof(document -> 'nodes') WHEN 'array' THEN document -> 'nodes'
            ELSE '[]' END) WITH ORDINALITY AS e
        WHERE jsonb_typeof(e.value) = 'object'
    ), counted AS (
        SELECT t.*, ARRAY(SELECT k FROM unnest('{agent,capabilities,chain,tool,function}'::text[]) AS k
            WHERE t.value ? k) AS targets
        FROM target AS t
    )
    SELECT 'strategy' AS path, 'is missing' AS problem,
           'one of sequential, parallel, consensus, hierarchical, handoff, graph; or from and to' AS expected
    FROM given AS g WHERE g.strategy IS NULL
    UNION ALL
    SELECT 'strategy', format('is "%s"', document ->> 'strategy'),
           'sequential, parallel, consensus or hierarchical with from and to'
    FROM given AS g WHERE g.strategy = 'relationship' AND document ->> 'strategy' IN ('handoff', 'graph')
    UNION ALL
    SELECT f.field, format('is for strategy %s only', (SELECT string_agg(o.strategy, ' or ') FROM allowed AS o
               WHERE f.field = ANY (o.fields))), format('no %s with %s', f.field, CASE g.strategy WHEN 'relationship'
                   THEN 'from' ELSE 'strategy ' || g.strategy END)
    FROM given AS g
    JOIN allowed AS a ON a.strategy = g.strategy
    CROSS JOIN (SELECT DISTINCT unnest(o.fields) FROM allowed AS o) AS f (field)
    WHERE document ? f.field AND NOT f.field = ANY (a.fields)
    UNION ALL
    SELECT n.field, 'is missing', 'needed by ' || CASE n.strategy WHEN 'relationship' THEN 'from'
        ELSE 'strategy ' || n.strategy END
    FROM given AS g JOIN needed AS n ON n.strategy = g.strategy WHERE NOT document ? n.field
    UNION ALL
    SELECT 'branches', CASE WHEN document ? 'branches' THEN 'stands beside for_each' ELSE 'is missing' END,
           'branches or for_each'
    FROM given AS g WHERE g.strategy = 'parallel' AND (document ? 'branches') = (document ? 'for_each')
    UNION ALL
    SELECT f.field, 'is for for_each only', 'for_each beside it'
    FROM unnest('{agent,chain,tool,function,input,arguments,attempts}'::text[]) AS f (field)
    WHERE document ->> 'strategy' = 'parallel' AND document ? f.field AND NOT document ? 'for_each'
    UNION ALL
    SELECT c.path, CASE cardinality(c.targets) WHEN 0 THEN 'has nothing to run'
               ELSE 'has ' || array_to_string(c.targets, ' and ') END,
           'exactly one of ' || CASE c.list WHEN 'for_each' THEN '' ELSE 'capabilities, ' END
               || 'agent, chain, tool, function'
    FROM counted AS c
    WHERE (c.kind IS NULL OR c.kind = 'map') AND cardinality(c.targets) <> 1
    UNION ALL
    SELECT concat_ws('.', nullif(c.path, ''), k.field), k.problem, k.expected
    FROM counted AS c
    CROSS JOIN LATERAL (VALUES
        ('arguments', c.value ? 'arguments' AND NOT c.value ?| '{tool,function}', 'is for tools and functions only',
            'input for an agent or chain'),
        ('input', c.value ? 'input' AND c.value ?| '{tool,function}', 'is for agents and chains only',
            'arguments for a tool or function'),
        ('input', jsonb_typeof(c.value -> 'input') NOT IN ('string', 'object'), 'is '
            || agentctl.json_type_name(c.value -> 'input'), 'a text or an object')
    ) AS k (field, is_broken, problem, expected)
    WHERE k.is_broken
    UNION ALL
    SELECT c.path || '.kind', 'is ' || CASE c.kind WHEN '' THEN 'missing' ELSE format('"%s"', c.kind) END,
           CASE WHEN c.kind = '' THEN 'a kind, such as set or collect, or what runs'
               ELSE format('%s beside it', n.needed) END
    FROM counted AS c
    LEFT JOIN (VALUES ('agent', 'agent or capabilities', '{agent,capabilities}'::text[]), ('chain', 'chain', '{chain}'),
        ('tool', 'tool', '{tool}'), ('function', 'function', '{function}'), ('approval', 'message', '{message}'),
        ('map', 'over', '{over}'), ('plan', 'plan', '{plan}'), ('set', 'value', '{value}')) AS n (kind, needed, any_of)
        ON n.kind = c.kind
    WHERE c.kind = '' OR NOT c.value ?| n.any_of
    UNION ALL
    SELECT format('%s.%s', c.path, f.field), format('is for kind %s only', f.kinds),
        format('no %s with kind %s', f.field, c.kind)
    FROM counted AS c
    CROSS JOIN (VALUES ('message', 'approval'), ('over', 'map'), ('plan', 'plan'), ('specialists', 'plan'),
        ('max_parallel', 'map or plan'), ('on_failure', 'map or collect'), ('value', 'set'), ('of', 'collect or vote'),
        ('answer', 'vote'), ('decide', 'vote'), ('agent', 'agent or map'), ('capabilities', 'agent or map'),
        ('chain', 'chain or map'), ('tool', 'tool or map'), ('function', 'function or map')) AS f (field, kinds)
    WHERE c.kind <> '' AND c.value ? f.field AND NOT c.kind = ANY (string_to_array(f.kinds, ' or '))
    UNION ALL
    SELECT format('edges[%s].%s', e.ordinality - 1, x.field), x.problem, x.expected
    FROM jsonb_array_elements(CASE jsonb_typeof(document -> 'edges') WHEN 'array' THEN document -> 'edges'
        ELSE '[]' END) WITH ORDINALITY AS e
    CROSS JOIN LATERAL (VALUES
        ('otherwise', e.value -> 'otherwise' = 'true' AND e.value ? 'when', 'stands beside when', 'one of them'),
        ('otherwise', e.value -> 'otherwise' = 'true' AND coalesce(e.value ->> 'upon', 'success') <> 'success',
            'is true', 'upon: success beside it'),
        ('choose', e.value -> 'choose' = 'true' AND (e.value ? 'when' OR e.value -> 'otherwise' = 'true'), 'is true',
            'no when and no otherwise beside it'),
        ('loop', e.value ? 'loop' AND e.value ->> 'upon' = 'limit', 'stands beside upon: limit', 'one of them')
    ) AS x (field, is_broken, problem, expected)
    WHERE jsonb_typeof(e.value) = 'object' AND x.is_broken
    UNION ALL
    SELECT v.path || x.field, x.problem, x.expected
    FROM (SELECT '' AS path, document AS value, coalesce((document -> 'rounds')::text, '1') <> '1' AS can_retry
          WHERE document ->> 'strategy' = 'consensus'
          UNION ALL SELECT c.path || '.', c.value, true FROM counted AS c WHERE c.kind = 'vote') AS v
    CROSS JOIN LATERAL (VALUES
        ('decide.tie', v.value #>> '{decide,tie}' = 'judge' AND v.path = '' AND v.value #> '{decide,judge}' IS NULL,
            'is "judge"', 'judge: the name of an agent beside it'),
        ('decide.tie', v.value #>> '{decide,tie}' = 'retry' AND NOT v.can_retry, 'is "retry"', 'rounds: more than 1'),
        ('decide.judge', v.path <> '' AND v.value #> '{decide,judge}' IS NOT NULL, 'is for strategy consensus only',
            'a node after the vote, with upon: failure'),
        ('decide.at_least', v.value #> '{decide,at_least}' IS NOT NULL AND v.value #>> '{decide,by}' = 'plurality',
            'stands beside by: plurality', 'by: majority or weighted'),
        ('answer.tolerance', v.value #> '{answer,tolerance}' IS NOT NULL
            AND NOT coalesce(v.value #> '{answer,normalize}' @> '["number"]', false), 'is given',
            'normalize with number beside it')
    ) AS x (field, is_broken, problem, expected)
    WHERE x.is_broken
    UNION ALL
    SELECT w.path, w.problem, w.expected FROM agentctl.chain_relation_rules(document) AS w
$$;
COMMENT ON FUNCTION agentctl.chain_rules(jsonb) IS 'What one field of a document of kind chain asks of another.';
REVOKE ALL ON FUNCTION agentctl.chain_rules(jsonb) FROM PUBLIC;
