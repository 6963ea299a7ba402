-- Every strategy becomes nodes and edges, so that there is one interpreter, one drawing and one check. A part keeps the
-- place in the document that it comes from, for messages about it. Handoffs and relationships are compiled for drawing
-- only: there the turn itself goes on with another agent.
CREATE OR REPLACE FUNCTION agentctl.compile_chain(document jsonb) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE SET search_path = agentctl, pg_temp AS $$
DECLARE
    strategy text := CASE WHEN document ? 'from' THEN 'relationship' ELSE document ->> 'strategy' END;
    defaults jsonb := jsonb_strip_nulls(jsonb_build_object('timeout', document -> 'task_timeout'));
    parallel jsonb := coalesce(document -> 'max_parallel', '16');
    rounds integer := coalesce((document ->> 'rounds')::integer, 1);
    replans integer := coalesce((document ->> 'max_replans')::integer, 0);
    judge jsonb := document #> '{decide,judge}';
    nodes jsonb := '[]';
    edges jsonb := '[]';
    names text[];
    parts jsonb;
BEGIN
    -- The parts that a strategy lists, each with a name.
    parts := agentctl.chain_parts(document, CASE strategy WHEN 'sequential' THEN 'stages' WHEN 'parallel'
        THEN 'branches'
        WHEN 'consensus' THEN 'voters' WHEN 'graph' THEN 'nodes' END);
    names := ARRAY(SELECT e.value ->> 'name' FROM jsonb_array_elements(parts) WITH ORDINALITY AS e
        ORDER BY e.ordinality);

    CASE strategy
    WHEN 'sequential' THEN
        SELECT jsonb_agg(agentctl.chain_input(p.value - 'optional', CASE p.ordinality WHEN 1 THEN '"{{input}}"'
                   ELSE '"{{previous}}"' END::jsonb) ORDER BY p.ordinality)
        INTO nodes FROM jsonb_array_elements(parts) WITH ORDINALITY AS p;
        SELECT coalesce(jsonb_agg(jsonb_build_object('path', parts -> i - 1 -> 'path', 'from', names[i],
                   'to', names[i + 1], 'upon', CASE WHEN parts -> i - 1 -> 'optional' = 'true' THEN 'always'
                       ELSE 'success' END) ORDER BY i), '[]')
        INTO edges FROM generate_series(1, cardinality(names) - 1) AS i;

    WHEN 'parallel' THEN
        IF document ? 'for_each' THEN
            nodes := jsonb_build_array(agentctl.chain_input(jsonb_strip_nulls(jsonb_build_object(
                'path', '', 'name', 'each', 'kind', 'map', 'over', document -> 'for_each', 'max_parallel', parallel,
                'on_failure', coalesce(document -> 'on_failure', '"collect"'), 'agent', document -> 'agent',
                'chain', document -> 'chain', 'tool', document -> 'tool', 'function', document -> 'function',
                'attempts', document -> 'attempts', 'timeout', document -> 'task_timeout')) || jsonb_strip_nulls(
                jsonb_build_object('input', document -> 'input', 'arguments', document -> 'arguments')), '"{{item}}"'));
        ELSE
            SELECT '[{"path": "", "name": "start", "kind": "set", "value": "{{input}}"}]'
                   || jsonb_agg(defaults || '{"group": "branches"}' || agentctl.chain_input(p.value, '"{{input}}"')
                        ORDER BY p.ordinality)
                   || jsonb_build_array(jsonb_build_object('path', '', 'name', 'results', 'kind', 'collect',
                        'of', to_jsonb(names), 'on_failure', CASE document ->> 'on_failure' WHEN 'fail' THEN 'fail'
                            WHEN 'cancel' THEN 'cancel' ELSE 'collect' END)),
                   jsonb_agg(jsonb_build_object('path', p.value -> 'path', 'from', 'start', 'to', p.value -> 'name')
                        ORDER BY p.ordinality)
                   || jsonb_agg(jsonb_build_object('path', p.value -> 'path', 'from', p.value -> 'name',
                        'to', 'results', 'upon', CASE document ->> 'on_failure' WHEN 'cancel' THEN 'success'
                            ELSE 'always' END) ORDER BY p.ordinality)
            INTO nodes, edges FROM jsonb_array_elements(parts) WITH ORDINALITY AS p;
        END IF;

    WHEN 'consensus' THEN
        SELECT jsonb_build_array(jsonb_build_object('path', 'question', 'name', 'ask', 'kind', 'set',
                   'value', coalesce(document -> 'question', '"{{input}}"'), 'role', 'question'))
               || jsonb_agg(defaults || '{"group": "voters"}' || agentctl.chain_input(p.value, '"{{nodes.ask}}"')
                    ORDER BY p.ordinality)
               || jsonb_build_array(jsonb_build_object('path', '', 'name', 'count', 'kind', 'vote',
                    'of', to_jsonb(names), 'answer', coalesce(document -> 'answer', '{}'),
                    'decide', coalesce(document -> 'decide', '{}'))),
               jsonb_agg(jsonb_build_object('path', p.value -> 'path', 'from', 'ask', 'to', p.value -> 'name')
                    ORDER BY p.ordinality)
               || jsonb_agg(jsonb_build_object('path', p.value -> 'path', 'from', p.value -> 'name', 'to', 'count',
                    'upon', 'always') ORDER BY p.ordinality)
        INTO nodes, edges FROM jsonb_array_elements(parts) WITH ORDINALITY AS p;
        -- A vote that decides nothing fails; then there is another round, or the judge decides.
        IF rounds > 1 THEN
            edges := edges || jsonb_build_array(jsonb_build_object('path', 'rounds', 'from', 'count', 'to', 'ask',
                'upon', 'failure', 'loop', rounds));
        END IF;
        IF judge IS NOT NULL THEN
            nodes := nodes || jsonb_build_array(jsonb_build_object('path', 'decide.judge', 'name', 'judge',
                'kind', 'agent', 'agent', judge, 'role', 'judge', 'input',
                E'{{nodes.ask}}\n\nThe answers that were given, with their votes:\n{{nodes.count.choices}}'
                || coalesce(E'\n\nAnswer with one of: ' || (SELECT string_agg(o, ', ')
                    FROM jsonb_array_elements_text(document #> '{answer,options}') AS o) || '.', '')));
            edges := edges || jsonb_build_array(jsonb_build_object('path', 'decide.judge', 'from', 'count', 'to',
                'judge',
                'upon', CASE WHEN rounds > 1 THEN 'limit' ELSE 'failure' END));
            -- What the judge says is held to the options as every vote is: it is asked once more, and then it has failed.
            IF document #> '{answer,options}' IS NOT NULL THEN
                nodes := nodes || jsonb_build_array(jsonb_build_object('path', 'decide.judge', 'name', 'verdict',
                    'kind', 'vote', 'of', '["judge"]'::jsonb, 'answer', (document -> 'answer') - 'select',
                    'decide', '{}'::jsonb, 'role', 'verdict'));
                edges := edges || jsonb_build_array(
                    jsonb_build_object('path', 'decide.judge', 'from', 'judge', 'to', 'verdict'),
                    jsonb_build_object('path', 'decide.judge', 'from', 'verdict', 'to', 'judge', 'upon', 'failure',
                        'loop', 2));
            END IF;
        END IF;

    WHEN 'hierarchical' THEN
        nodes := jsonb_build_array(
            jsonb_build_object('path', 'manager', 'name', 'plan', 'kind', 'agent', 'agent', document -> 'manager',
                'role', 'plan', 'input', format(
                    E'Plan how to answer the request below: at most %s subtasks, each for one of %s. A subtask names '
                    'those that have to be done before it.\n\nRequest: {{input}}',
                    coalesce(document ->> 'max_subtasks', '12'), (SELECT string_agg(s, ', ')
                        FROM jsonb_array_elements_text(document -> 'specialists') AS s)),
                'output_schema', agentctl.plan_schema(document -> 'specialists',
                    coalesce(document -> 'max_subtasks', '12'))),
            defaults || jsonb_build_object('path', '', 'name', 'work', 'kind', 'plan', 'plan',
                '{{nodes.plan.subtasks}}',
                'specialists', document -> 'specialists', 'max_parallel', parallel),
            jsonb_build_object('path', 'manager', 'name', 'synthesis', 'kind', 'agent', 'agent', document -> 'manager',
                'role', 'synthesis', 'input', E'Request: {{input}}\n\nResults of the subtasks: {{nodes.work}}\n\n'
                    'Answer the request from these results.'));
        edges := '[{"path": "", "from": "plan", "to": "work"}, {"path": "", "from": "work", "to": "synthesis"}]';
        IF document -> 'approve_plan' = 'true' THEN
            nodes := jsonb_insert(nodes, '{0}', '{"path": "approve_plan", "name": "approve", "kind": "approval",
                "message": "Run this plan? {{nodes.plan.subtasks}}"}', true);
            edges := '[{"path": "", "from": "plan", "to": "approve"},
                {"path": "", "from": "approve", "to": "work", "when": {"output.approved": {"const": true}}},
                {"path": "", "from": "approve", "to": "end", "otherwise": true},
                {"path": "", "from": "work", "to": "synthesis"}]';
        END IF;
        IF replans > 0 THEN
            edges := edges || jsonb_build_array(
                jsonb_build_object('path', 'max_replans', 'from', 'work', 'to', 'plan', 'upon', 'failure',
                    'loop', replans + 1),
                jsonb_build_object('path', 'max_replans', 'from', 'work', 'to', 'synthesis', 'upon', 'limit'));
        END IF;

    WHEN 'graph' THEN
        SELECT jsonb_agg(agentctl.chain_input(p.value, CASE p.ordinality WHEN 1 THEN '"{{input}}"'
                   ELSE '"{{previous}}"' END::jsonb) ORDER BY p.ordinality)
        INTO nodes FROM jsonb_array_elements(parts) WITH ORDINALITY AS p;
        SELECT coalesce(jsonb_agg(jsonb_build_object('path', format('edges[%s]', e.ordinality - 1)) || e.value
                   ORDER BY e.ordinality), '[]')
        INTO edges FROM jsonb_array_elements(document -> 'edges') WITH ORDINALITY AS e;
        -- What collects or counts does so for all that lead to it, unless it says for which.
        SELECT jsonb_agg(CASE WHEN n.value ->> 'kind' IN ('collect', 'vote') AND NOT n.value ? 'of'
                   THEN n.value || jsonb_build_object('of', (SELECT coalesce(jsonb_agg(e.value -> 'from'
                       ORDER BY e.ordinality), '[]') FROM jsonb_array_elements(edges) WITH ORDINALITY AS e
                       WHERE e.value -> 'to' = n.value -> 'name' AND NOT e.value ? 'loop'))
                   ELSE n.value END ORDER BY n.ordinality)
        INTO nodes FROM jsonb_array_elements(nodes) WITH ORDINALITY AS n;

    ELSE
        RETURN agentctl.chain_ways(document);
    END CASE;
    RETURN jsonb_build_object('nodes', nodes, 'edges', edges);
END $$;
COMMENT ON FUNCTION agentctl.compile_chain(jsonb) IS
    'The nodes and edges of a valid chain: {nodes: [{path, name, kind, …}], edges: [{path, from, to, upon, when, '
    'otherwise, choose, loop}]}; path is the place in the document.';
REVOKE ALL ON FUNCTION agentctl.compile_chain(jsonb) FROM PUBLIC;
