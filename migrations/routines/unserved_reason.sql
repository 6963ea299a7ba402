CREATE OR REPLACE FUNCTION agentctl.unserved_reason(conversation text, offers text[]) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
    found record;
    -- What agents need, and which worker lacks it, is not for clients; nor can they do it themselves.
    may_work boolean := agentctl.may_see_all();
BEGIN
    unserved_reason.conversation := agentctl.own_conversation(unserved_reason.conversation);
    WITH waiting AS (
        SELECT c.state, c.queue_key FROM conversation_control AS c WHERE c.conversation_id = unserved_reason.conversation
        UNION ALL
        SELECT c.state, c.queue_key FROM task AS t JOIN conversation_control AS c ON c.conversation_id = t.conversation_id
        WHERE t.root_conversation_id = unserved_reason.conversation AND t.finished_at IS NULL
    )
    SELECT bool_or(w.state = 'running') AS is_running, min(w.queue_key) FILTER (
        WHERE w.state = 'ready' AND agentctl.queue_lack(w.queue_key) IS NOT NULL
          AND NOT (may_work AND (SELECT q.needs <@ unserved_reason.offers FROM work_queue AS q WHERE q.key = w.queue_key))) AS key
    INTO found FROM waiting AS w;
    IF found.is_running OR found.key IS NULL THEN
        RETURN NULL;
    END IF;
    IF NOT may_work THEN
        RETURN CASE WHEN agentctl.has_service() THEN 'no worker that runs serves it' ELSE 'no worker runs' END;
    END IF;
    RETURN (
        SELECT format('it %s; this process has not %s', agentctl.queue_lack(q.key),
            agentctl.need_words(q.needs, unserved_reason.offers))
        FROM work_queue AS q WHERE q.key = found.key);
END $$;
COMMENT ON FUNCTION agentctl.unserved_reason(text, text[]) IS
    'Why neither a live worker nor a process that offers this serves what is ready of a conversation and its tasks; '
    'NULL when one does, or part of it runs. Clients are told only that none does.';
REVOKE ALL ON FUNCTION agentctl.unserved_reason(text, text[]) FROM PUBLIC;
