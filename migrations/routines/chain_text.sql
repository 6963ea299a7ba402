-- Each way on is a lane. A lane waits for the node that it leads to; where several wait for the same one, they are
-- joined above it. Edges back and to the end have no lane: a line below their node says them.
CREATE OR REPLACE FUNCTION agentctl.chain_text(document jsonb) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = agentctl, pg_temp SET jit = off AS $$
#variable_conflict use_column
DECLARE
    graph jsonb := agentctl.compile_chain(document);
    strategy text := CASE WHEN document ? 'from' THEN concat_ws(', ', 'relationship', document ->> 'strategy')
        ELSE document ->> 'strategy' END;
    lanes text[] := '{}';
    drawn text[] := '{}';
    said text[] := '{}';
    name_width integer := (SELECT max(length(n ->> 'name')) FROM jsonb_array_elements(graph -> 'nodes') AS n);
    width integer;
    ordered text[];
    here integer;
    free integer;
    last integer;
    node jsonb;
    way record;
    targets text[];
    fresh integer[];
BEGIN
    IF document ? 'from' OR document ->> 'strategy' = 'handoff' THEN
        RETURN format(E'%s · %s%s\n\n', document ->> 'name', strategy,
            coalesce(', starts at ' || (document ->> 'start'), ''))
            || (SELECT string_agg(f.lines, E'\n' ORDER BY f.first)
                FROM (SELECT min(e.i) AS first, (e.value ->> 'from') || E'\n' || string_agg(format('%s %s → %s',
                                 CASE WHEN e.i = e.last THEN '└─' ELSE '├─' END, e.value ->> 'upon', e.value ->> 'to'),
                                 E'\n' ORDER BY e.i) AS lines
                      FROM (SELECT x.value, x.i, max(x.i) OVER (PARTITION BY x.value -> 'from') AS last
                            FROM jsonb_array_elements(graph -> 'edges') WITH ORDINALITY AS x (value, i)) AS e
                      GROUP BY e.value ->> 'from') AS f);
    END IF;

    ordered := ARRAY(SELECT s.name FROM agentctl.chain_structure(graph) AS s ORDER BY s."position");
    FOR node IN
        SELECT graph -> 'nodes' -> s.number - 1
            || CASE WHEN s.bound IS NULL THEN '{}' ELSE jsonb_build_object('bound', s.bound) END
        FROM agentctl.chain_structure(graph) AS s ORDER BY s."position"
    LOOP
        here := array_position(lanes, node ->> 'name');
        IF here IS NULL THEN
            lanes := lanes || (node ->> 'name');
            here := cardinality(lanes);
        END IF;
        last := (SELECT max(l.i) FROM unnest(lanes) WITH ORDINALITY AS l (name, i) WHERE l.name = node ->> 'name');
        IF last > here THEN
            drawn := drawn || agentctl.chain_lanes(lanes, here, last, ARRAY(SELECT l.i::integer
                FROM unnest(lanes) WITH ORDINALITY AS l (name, i) WHERE l.name = node ->> 'name'), '┴', '╯');
            said := said || ''::text;
            FOR other IN here + 1 .. last LOOP
                IF lanes[other] = node ->> 'name' THEN lanes[other] := NULL; END IF;
            END LOOP;
        END IF;
        drawn := drawn || (SELECT string_agg(CASE WHEN l.i = here THEN CASE node ->> 'kind' WHEN 'approval' THEN '◇'
                WHEN 'vote' THEN '◆' WHEN 'collect' THEN '○' WHEN 'set' THEN '○' ELSE '●' END
            WHEN l.name IS NULL THEN ' ' ELSE '│' END, ' ' ORDER BY l.i) FROM unnest(lanes)
                WITH ORDINALITY AS l (name, i));
        said := said || rtrim(rpad(node ->> 'name', name_width + 2) || agentctl.chain_node_words(node)
            || CASE WHEN node ? 'bound' THEN format('  ⟲ at most %s times', node ->> 'bound') ELSE '' END);

        targets := ARRAY(SELECT DISTINCT e ->> 'to' FROM jsonb_array_elements(graph -> 'edges') AS e
            WHERE e -> 'from' = node -> 'name' AND NOT e ? 'loop' AND e ->> 'to' <> 'end');
        targets := ARRAY(SELECT t FROM unnest(targets) AS t ORDER BY array_position(ordered, t));
        lanes[here] := targets[1];
        FOR way IN
            SELECT e.value, agentctl.chain_condition(e.value) AS words
            FROM jsonb_array_elements(graph -> 'edges') WITH ORDINALITY AS e
            WHERE e.value -> 'from' = node -> 'name'
              AND (agentctl.chain_condition(e.value) IS NOT NULL AND NOT node ? 'group'
                   OR e.value ->> 'to' = 'end' AND targets <> '{}')
            ORDER BY e.ordinality
        LOOP
            drawn := drawn || coalesce((SELECT string_agg(CASE WHEN l.name IS NULL THEN ' ' ELSE '│' END, ' '
                ORDER BY l.i)
                FROM unnest(lanes) WITH ORDINALITY AS l (name, i)), '');
            said := said || format('  %s %s', CASE WHEN way.value ? 'loop' THEN '⟲' ELSE '→' END, rtrim(
                rpad(way.value ->> 'to', greatest(name_width, length(way.value ->> 'to')) + 2)
                    || coalesce(way.words, '')));
        END LOOP;

        IF cardinality(targets) > 1 THEN
            fresh := ARRAY[here];
            last := here;
            FOR i IN 2 .. cardinality(targets) LOOP
                free := here + 1;
                WHILE lanes[free] IS NOT NULL LOOP free := free + 1; END LOOP;
                lanes[free] := targets[i];
                fresh := fresh || free;
                last := greatest(last, free);
            END LOOP;
            drawn := drawn || agentctl.chain_lanes(lanes, here, last, fresh, '┬', '╮');
            said := said || ''::text;
        END IF;
        WHILE cardinality(lanes) > 0 AND lanes[cardinality(lanes)] IS NULL LOOP
            lanes := lanes[1:cardinality(lanes) - 1];
        END LOOP;
    END LOOP;
    width := (SELECT max(length(d)) FROM unnest(drawn) AS d);
    RETURN format(E'%s · %s\n\n', document ->> 'name', strategy)
        || (SELECT string_agg(rtrim(rpad(l.drawn, width + 2) || l.said), E'\n' ORDER BY l.i)
            FROM unnest(drawn, said) WITH ORDINALITY AS l (drawn, said, i))
        || coalesce(E'\n\nstate: ' || (SELECT string_agg(concat_ws(' ', k.key, k.value #>> '{schema,type}',
               '(' || (k.value ->> 'reduce') || ')'), ', ' ORDER BY k.key) FROM jsonb_each(document -> 'state') AS k),
                   '');
END $$;
COMMENT ON FUNCTION agentctl.chain_text(jsonb) IS 'A valid chain as text for a terminal, from its document.';
REVOKE ALL ON FUNCTION agentctl.chain_text(jsonb) FROM PUBLIC;

CREATE OR REPLACE FUNCTION agentctl.chain_text(name text, version integer DEFAULT NULL) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
    SELECT agentctl.chain_text(agentctl.chain_document(name, version))
$$;
COMMENT ON FUNCTION agentctl.chain_text(text, integer) IS
    'A chain as text for a terminal: the version in force, or another. Fails with AC002 when there is none.';
REVOKE ALL ON FUNCTION agentctl.chain_text(text, integer) FROM PUBLIC;
