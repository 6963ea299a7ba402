-- Sets of nodes are bit strings, one bit a node: a graph of 200 nodes is done in a few thousand steps, and "leads to"
-- is one bit. must holds the edges, one bit each, that every way from the first node uses: two nodes that need edges of
-- which only one can be taken never run in the same iteration.
CREATE OR REPLACE FUNCTION agentctl.chain_structure(graph jsonb)
RETURNS TABLE (number integer, name text, "position" integer, before bit varying, after bit varying, must bit varying,
    body bit varying, bound integer, region integer)
LANGUAGE plpgsql IMMUTABLE SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    names text[] := ARRAY(SELECT e.value ->> 'name' FROM jsonb_array_elements(graph -> 'nodes') WITH ORDINALITY AS e
        ORDER BY e.ordinality);
    size integer := cardinality(names);
    sources integer[];
    targets integer[];
    bounds integer[];
    leaving integer[];
    edge_count integer;
    first_edge integer[] := array_fill(0, ARRAY[size]);
    next_edge integer[];
    waiting integer[] := array_fill(0, ARRAY[size]);
    positions integer[] := array_fill(NULL::integer, ARRAY[size]);
    ordered integer[] := '{}';
    empty bit varying := repeat('0', size)::bit varying;
    befores bit varying[] := array_fill(empty, ARRAY[size]);
    afters bit varying[] := array_fill(empty, ARRAY[size]);
    musts bit varying[];
    bodies bit varying[] := array_fill(NULL::bit varying, ARRAY[size]);
    body_bounds integer[] := array_fill(NULL::integer, ARRAY[size]);
    regions integer[] := array_fill(NULL::integer, ARRAY[size]);
    smallest integer;
    here integer;
    there integer;
    edge integer;
BEGIN
    SELECT array_agg(f.i ORDER BY e.ordinality), array_agg(t.i ORDER BY e.ordinality),
           array_agg((e.value ->> 'loop')::integer ORDER BY e.ordinality), count(*)
    INTO sources, targets, bounds, edge_count
    FROM jsonb_array_elements(graph -> 'edges') WITH ORDINALITY AS e
    LEFT JOIN unnest(names) WITH ORDINALITY AS f (name, i) ON f.name = e.value ->> 'from'
    LEFT JOIN unnest(names) WITH ORDINALITY AS t (name, i) ON t.name = e.value ->> 'to';
    musts := array_fill(NULL::bit varying, ARRAY[size]);
    next_edge := array_fill(0, ARRAY[greatest(edge_count, 1)]);
    FOR edge IN REVERSE edge_count .. 1 LOOP
        CONTINUE WHEN bounds[edge] IS NOT NULL OR targets[edge] IS NULL;
        next_edge[edge] := first_edge[sources[edge]];
        first_edge[sources[edge]] := edge;
        waiting[targets[edge]] := waiting[targets[edge]] + 1;
    END LOOP;

    -- Of the nodes that wait for no other, always the first of the document.
    LOOP
        here := array_position(waiting, 0);
        EXIT WHEN here IS NULL;
        waiting[here] := -1;
        ordered := ordered || here;
        positions[here] := cardinality(ordered);
        musts[here] := coalesce(musts[here], repeat('0', greatest(edge_count, 1))::bit varying);
        edge := first_edge[here];
        WHILE edge > 0 LOOP
            there := targets[edge];
            waiting[there] := waiting[there] - 1;
            befores[there] := befores[there] | set_bit(befores[here], here - 1, 1);
            musts[there] := CASE WHEN musts[there] IS NULL THEN set_bit(musts[here], edge - 1, 1)
                ELSE musts[there] & set_bit(musts[here], edge - 1, 1) END;
            edge := next_edge[edge];
        END LOOP;
    END LOOP;
    FOR i IN REVERSE cardinality(ordered) .. 1 LOOP
        here := ordered[i];
        edge := first_edge[here];
        WHILE edge > 0 LOOP
            afters[here] := afters[here] | set_bit(afters[targets[edge]], targets[edge] - 1, 1);
            edge := next_edge[edge];
        END LOOP;
    END LOOP;

    -- A loop is what lies between the node that it begins at and the nodes that lead back to it.
    FOR edge IN 1 .. edge_count LOOP
        CONTINUE WHEN bounds[edge] IS NULL OR targets[edge] IS NULL;
        here := sources[edge];
        there := targets[edge];
        CONTINUE WHEN here <> there AND get_bit(befores[here], there - 1) = 0;
        bodies[there] := coalesce(bodies[there], empty)
            | (set_bit(afters[there], there - 1, 1) & set_bit(befores[here], here - 1, 1));
        body_bounds[there] := greatest(body_bounds[there], bounds[edge]);
    END LOOP;
    FOR there IN 1 .. size LOOP
        smallest := size + 1;
        FOR here IN 1 .. size LOOP
            IF bodies[here] IS NOT NULL AND get_bit(bodies[here], there - 1) = 1 AND bit_count(bodies[here]) < smallest
                THEN
                smallest := bit_count(bodies[here]);
                regions[there] := here;
            END IF;
        END LOOP;
    END LOOP;
    RETURN QUERY SELECT i, names[i], positions[i], befores[i], afters[i], musts[i], bodies[i], body_bounds[i],
        regions[i]
        FROM generate_series(1, size) AS i;
END $$;
COMMENT ON FUNCTION agentctl.chain_structure(jsonb) IS
    'How the nodes of a compiled chain stand to each other: position (NULL on a way that leads back without a bound '
    'and behind it), nodes before and after as bits, edges that must have been taken, and of a node at which a loop '
    'begins its nodes and bound; region is the beginning of the innermost loop.';
REVOKE ALL ON FUNCTION agentctl.chain_structure(jsonb) FROM PUBLIC;
