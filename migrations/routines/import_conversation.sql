CREATE OR REPLACE FUNCTION agentctl.import_conversation(
    document jsonb, as_id text DEFAULT NULL, register boolean DEFAULT false, keep_always boolean DEFAULT false,
    dry_run boolean DEFAULT false
) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp SET jit = off
    SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    target text;
    problems jsonb;
    outcome jsonb;
    what text;
BEGIN
    target := coalesce(as_id, CASE jsonb_typeof(document #> '{conversation,id}') WHEN 'string'
        THEN document #>> '{conversation,id}' END, '?');
    PERFORM agentctl.require_conversation_id(target);
    PERFORM agentctl.refuse_task_conversation_id(target);
    IF EXISTS (SELECT FROM conversation AS v WHERE v.id = target) THEN
        RAISE EXCEPTION 'there is a conversation "%" already', target USING ERRCODE = 'AC003',
            HINT = 'Import it under another id with --as (SQL: as_id).';
    END IF;
    SELECT jsonb_agg(to_jsonb(p)) INTO problems
    FROM agentctl.conversation_document_problems(import_conversation.document) AS p;
    IF problems IS NOT NULL THEN
        RAISE EXCEPTION 'invalid document of a conversation: %', (
            SELECT string_agg(format('%s %s (expected %s)', coalesce(nullif(p ->> 'path', ''), 'document'),
                p ->> 'problem', p ->> 'expected'), '; ')
            FROM (SELECT e.value AS p FROM jsonb_array_elements(problems) AS e LIMIT 20) AS first)
            USING ERRCODE = 'AC001', DETAIL = problems::text, HINT = 'Nothing was stored.';
    END IF;
    BEGIN
        outcome := agentctl.store_conversation(document, target, coalesce(register, false),
            coalesce(keep_always, false));
        IF dry_run THEN
            RAISE EXCEPTION 'rehearsed' USING ERRCODE = 'AC099';
        END IF;
    EXCEPTION
        WHEN SQLSTATE 'AC099' THEN NULL;
        WHEN unique_violation THEN
            RAISE EXCEPTION 'there is a conversation "%" already, or something of it', target USING ERRCODE = 'AC003';
        WHEN check_violation OR not_null_violation OR data_exception THEN
            GET STACKED DIAGNOSTICS what = MESSAGE_TEXT;
            RAISE EXCEPTION 'invalid document of a conversation: %', what USING ERRCODE = 'AC001',
                HINT = 'Nothing was stored.';
    END;
    RETURN outcome || jsonb_build_object('dry_run', coalesce(dry_run, false));
END $$;
COMMENT ON FUNCTION agentctl.import_conversation(jsonb, text, boolean, boolean, boolean) IS
    'Stores a conversation that export_conversation() wrote, all of it or nothing, under its id or as_id; returns '
    'what was stored. register stores versions of definitions that are missing, keep_always keeps decisions of the '
    'scope always, which otherwise count once, dry_run stores nothing. Fails with AC001, naming every problem, and '
    'with AC003 when the id is taken or versions are missing.';
REVOKE ALL ON FUNCTION agentctl.import_conversation(jsonb, text, boolean, boolean, boolean) FROM PUBLIC;
