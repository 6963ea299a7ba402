-- The shape of a graph. One kind of mistake makes the next ones meaningless, so the first kind found is reported.
CREATE OR REPLACE FUNCTION agentctl.chain_graph_problems(graph jsonb)
RETURNS TABLE (path text, problem text, expected text, nearest text)
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp SET jit = off AS $$
#variable_conflict use_column
DECLARE
    names text[] := ARRAY(SELECT e.value ->> 'name' FROM jsonb_array_elements(graph -> 'nodes') WITH ORDINALITY AS e
        ORDER BY e.ordinality);
    positions integer[];
    befores bit varying[];
    afters bit varying[];
    bodies bit varying[];
    bounds integer[];
    regions integer[];
    runs numeric := 0;
    product numeric;
    walk integer[] := '{}';
    here integer;
BEGIN
    RETURN QUERY
    SELECT concat_ws('.', nullif(n.path, ''), 'name'), format('is used twice: %s', n.name),
           'a name that is unique within the chain, and not end', NULL::text
    FROM (SELECT e.value ->> 'path' AS path, e.value ->> 'name' AS name, e.ordinality,
                 row_number() OVER (PARTITION BY e.value ->> 'name' ORDER BY e.value ->> 'path' <> '', e.ordinality)
                     + (e.value ->> 'name' = 'end')::integer AS occurrence
          FROM jsonb_array_elements(graph -> 'nodes') WITH ORDINALITY AS e) AS n
    WHERE n.occurrence > 1 ORDER BY n.ordinality;
    IF FOUND THEN RETURN; END IF;
    RETURN QUERY
    SELECT format('%s.%s', e.value ->> 'path', k.key), format('is "%s"', e.value ->> k.key),
           CASE k.key WHEN 'from' THEN 'the name of a node' ELSE 'the name of a node, or end' END,
           agentctl.nearest(e.value ->> k.key, names || CASE k.key WHEN 'to' THEN '{end}'::text[] ELSE '{}' END)
    FROM jsonb_array_elements(graph -> 'edges') WITH ORDINALITY AS e
    CROSS JOIN (VALUES ('from'), ('to')) AS k (key)
    WHERE NOT e.value ->> k.key = ANY (names) AND (k.key = 'from' OR e.value ->> 'to' <> 'end')
    UNION ALL
    SELECT format('%s.of[%s]', n.value ->> 'path', o.ordinality - 1), format('is "%s"', o.value), 'the name of a node',
           agentctl.nearest(o.value, names)
    FROM jsonb_array_elements(graph -> 'nodes') AS n
    CROSS JOIN LATERAL jsonb_array_elements_text(coalesce(n.value -> 'of', '[]')) WITH ORDINALITY AS o
    WHERE NOT o.value = ANY (names);
    IF FOUND THEN RETURN; END IF;

    SELECT array_agg(s."position" ORDER BY s.number), array_agg(s.before ORDER BY s.number),
           array_agg(s.after ORDER BY s.number), array_agg(s.body ORDER BY s.number),
           array_agg(s.bound ORDER BY s.number), array_agg(s.region ORDER BY s.number)
    INTO positions, befores, afters, bodies, bounds, regions
    FROM agentctl.chain_structure(graph) AS s;

    -- Each node without a position has such a node before it: going back, one comes round.
    here := array_position(positions, NULL);
    IF here IS NOT NULL THEN
        WHILE NOT here = ANY (walk) LOOP
            walk := here || walk;
            SELECT min(f.i) INTO here
            FROM jsonb_array_elements(graph -> 'edges') AS e
            JOIN unnest(names) WITH ORDINALITY AS f (name, i) ON f.name = e.value ->> 'from' AND positions[f.i] IS NULL
            WHERE e.value ->> 'to' = names[walk[1]] AND NOT e.value ? 'loop';
        END LOOP;
        walk := walk[1:array_position(walk, here)];
        here := array_position(walk, (SELECT min(w) FROM unnest(walk) AS w));
        walk := walk[here:] || walk[:here - 1];
        RETURN QUERY
        SELECT e.value ->> 'path', format('leads back without a bound: %s',
                   array_to_string(ARRAY(SELECT names[w] FROM unnest(walk || walk[1]) WITH ORDINALITY AS u (w, i)
                       ORDER BY u.i), ' → ')),
               'loop: the most iterations', NULL::text
        FROM unnest(walk) WITH ORDINALITY AS u (w, i)
        JOIN jsonb_array_elements(graph -> 'edges') AS e ON NOT e.value ? 'loop' AND e.value ->> 'from' = names[u.w]
            AND e.value ->> 'to' = names[coalesce(walk[u.i + 1], walk[1])]
        ORDER BY u.w - coalesce(walk[u.i + 1], walk[1]) DESC LIMIT 1;
        RETURN;
    END IF;

    RETURN QUERY
    WITH edge AS (
        SELECT e.value ->> 'path' AS path, e.ordinality, f.i AS source, t.i AS target,
               (e.value ->> 'loop')::integer AS bound, e.value ->> 'to' = 'end' AS is_exit, e.value ->> 'upon' AS upon
        FROM jsonb_array_elements(graph -> 'edges') WITH ORDINALITY AS e
        JOIN unnest(names) WITH ORDINALITY AS f (name, i) ON f.name = e.value ->> 'from'
        LEFT JOIN unnest(names) WITH ORDINALITY AS t (name, i) ON t.name = e.value ->> 'to'
    )
    SELECT e.path || '.loop', CASE WHEN e.is_exit THEN 'leads to the end' ELSE format(
               'does not lead back: no way goes from "%s" to "%s"', names[e.target], names[e.source]) END,
           'no loop, or an edge to a node before it', NULL::text
    FROM edge AS e
    WHERE e.bound IS NOT NULL
      AND (e.is_exit OR e.source <> e.target AND get_bit(befores[e.source], (e.target - 1)::integer) = 0)
    UNION ALL
    SELECT e.path || '.loop', format('is %s, and %s on another edge back to "%s"', e.bound, o.bound, names[e.target]),
           'the same bound on all edges back to a node', NULL
    FROM edge AS e
    JOIN LATERAL (SELECT o.bound FROM edge AS o WHERE o.target = e.target AND o.bound <> e.bound
        AND o.ordinality < e.ordinality LIMIT 1) AS o ON true
    WHERE e.bound IS NOT NULL
    UNION ALL
    SELECT e.path, format('leads into the loop of "%s" past its beginning', names[h.i]),
           format('an edge to "%s", or one from within the loop', names[h.i]), NULL
    FROM edge AS e
    JOIN unnest(bodies) WITH ORDINALITY AS h (body, i) ON h.body IS NOT NULL AND e.target <> h.i
        AND get_bit(h.body, (e.target - 1)::integer) = 1 AND get_bit(h.body, (e.source - 1)::integer) = 0
    WHERE e.bound IS NULL AND NOT e.is_exit
    UNION ALL
    SELECT 'edges', format('the loops of "%s" and "%s" overlap', names[a.i], names[b.i]),
           'loops of which one lies within the other, or that share no node', NULL
    FROM unnest(bodies) WITH ORDINALITY AS a (body, i)
    JOIN unnest(bodies) WITH ORDINALITY AS b (body, i) ON a.i < b.i
        AND bit_count(a.body & b.body) NOT IN (0, bit_count(a.body), bit_count(b.body))
    UNION ALL
    SELECT n.value ->> 'path', format('"%s" cannot be reached from "%s"', names[n.i], names[1]),
           'an edge that leads to it', NULL
    FROM jsonb_array_elements(graph -> 'nodes') WITH ORDINALITY AS n (value, i)
    WHERE n.i > 1 AND get_bit(befores[n.i], 0) = 0
    UNION ALL
    SELECT e.path, format('is for the bound of a loop, and no edge leads back from "%s"', names[e.source]),
           'an edge back from it, or another upon', NULL
    FROM edge AS e
    WHERE e.upon = 'limit'
      AND NOT EXISTS (SELECT FROM edge AS b WHERE b.source = e.source AND b.bound IS NOT NULL)
    UNION ALL
    SELECT n.value ->> 'path', x.problem, x.expected, NULL
    FROM jsonb_array_elements(graph -> 'nodes') WITH ORDINALITY AS n (value, i)
    JOIN (
        -- Open is a way without a condition, or for when no other is taken.
        SELECT w.source, bool_or(w.has_condition) AS has_conditions, bool_or(w.is_back AND w.is_success) AS has_loop,
               bool_or(w.is_open) AS is_open, bool_or(w.is_open AND NOT w.is_back) AS leads_on,
               bool_or(w.is_for_bound) AS has_limit
        FROM (SELECT e.value ->> 'from' AS source, e.value ? 'when' AS has_condition, e.value ? 'loop' AS is_back,
                     coalesce(e.value ->> 'upon', 'success') IN ('success', 'always') AS is_success,
                     coalesce(e.value ->> 'upon', 'success') IN ('success', 'always')
                         AND NOT e.value ? 'when' AS is_open,
                     e.value ->> 'upon' = 'limit' AS is_for_bound
              FROM jsonb_array_elements(graph -> 'edges') AS e) AS w
        GROUP BY w.source
    ) AS way ON way.source = names[n.i]
    CROSS JOIN LATERAL (VALUES
        (way.has_conditions AND NOT way.is_open, format('"%s" has only ways on with conditions', names[n.i]),
            'an edge with otherwise: true, to another node or to end'),
        (way.has_loop AND way.is_open AND NOT way.leads_on AND NOT coalesce(way.has_limit, false),
            format('"%s" has no way on when the bound of its loop is reached', names[n.i]),
            'an edge with upon: limit or otherwise: true, to another node or to end')
    ) AS x (is_broken, problem, expected)
    WHERE x.is_broken;
    IF FOUND THEN RETURN; END IF;

    -- Iterations within iterations.
    FOR i IN 1 .. cardinality(names) LOOP
        product := 1;
        FOR h IN 1 .. cardinality(names) LOOP
            IF bodies[h] IS NOT NULL AND get_bit(bodies[h], i - 1) = 1 THEN product := product * bounds[h]; END IF;
        END LOOP;
        runs := runs + product;
    END LOOP;
    RETURN QUERY SELECT 'edges', format('the bounds of the loops allow %s runs of nodes', runs), 'at most 10000',
        NULL::text
    WHERE runs > 10000;
END $$;
COMMENT ON FUNCTION agentctl.chain_graph_problems(jsonb) IS
    'What is wrong with the shape of a compiled chain. Internal: chain_problems() calls it.';
REVOKE ALL ON FUNCTION agentctl.chain_graph_problems(jsonb) FROM PUBLIC;
