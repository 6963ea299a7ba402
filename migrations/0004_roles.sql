-- Least privilege. Nobody but the owner reaches a table that matters: writes go through functions, reads through views.
-- Roles belong to the whole server and making them needs CREATEROLE; where the installing user lacks it, everything
-- works for that user alone, and agentctl doctor says which statement an administrator has to run.

REVOKE ALL ON SCHEMA agentctl FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA agentctl FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA agentctl FROM PUBLIC;

CREATE FUNCTION agentctl.grant_roles() RETURNS text[]
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
DECLARE
    role text;
    missing text[] := '{}';
BEGIN
    FOREACH role IN ARRAY '{agentctl_owner,agentctl_worker,agentctl_client,agentctl_reader}'::text[] LOOP
        IF to_regrole(role) IS NULL THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I NOLOGIN', role);
            EXCEPTION
                WHEN duplicate_object OR unique_violation THEN NULL;  -- another database of this server made it just now
                WHEN insufficient_privilege THEN missing := missing || role;
            END;
        END IF;
    END LOOP;

    IF to_regrole('agentctl_owner') IS NOT NULL THEN
        GRANT ALL ON SCHEMA agentctl TO agentctl_owner;
        GRANT ALL ON ALL TABLES IN SCHEMA agentctl TO agentctl_owner;
        GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA agentctl TO agentctl_owner;
    END IF;

    IF to_regrole('agentctl_worker') IS NOT NULL THEN
        GRANT USAGE ON SCHEMA agentctl TO agentctl_worker;
        GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA agentctl TO agentctl_worker;
        REVOKE EXECUTE ON FUNCTION agentctl.register(jsonb), agentctl.publish(text, integer, text), agentctl.rollback(text, integer, text),
            agentctl.grant_roles(), agentctl.register_row(), agentctl.definition_changed(), agentctl.definition_version_is_immutable()
            FROM agentctl_worker;
        GRANT SELECT ON ALL TABLES IN SCHEMA agentctl TO agentctl_worker;
    END IF;

    IF to_regrole('agentctl_client') IS NOT NULL THEN
        GRANT USAGE ON SCHEMA agentctl TO agentctl_client;
        GRANT EXECUTE ON FUNCTION agentctl.submit(text, text, text, text, integer, jsonb), agentctl.reply(text, bigint),
            agentctl.follow(text, bigint, bigint, integer, integer) TO agentctl_client;
    END IF;

    IF to_regrole('agentctl_reader') IS NOT NULL THEN
        GRANT USAGE ON SCHEMA agentctl TO agentctl_reader;
        GRANT SELECT ON agentctl.agents, agentctl.models, agentctl.tools, agentctl.agent_metrics, agentctl.tool_metrics,
            agentctl.model_metrics, agentctl.error_patterns, agentctl.turn_trace, agentctl.conversation_history,
            agentctl.conversations, agentctl.pending_approvals, agentctl.worker_status TO agentctl_reader;
        GRANT EXECUTE ON FUNCTION agentctl.setting(text) TO agentctl_reader;
        GRANT SELECT ON agentctl.setting TO agentctl_reader;
    END IF;
    RETURN missing;
END $$;
COMMENT ON FUNCTION agentctl.grant_roles() IS 'Makes the roles agentctl_owner, agentctl_worker, agentctl_client and agentctl_reader where it may, and grants them what they need; returns the roles that an administrator has to make. Safe to run again.';
REVOKE ALL ON FUNCTION agentctl.grant_roles() FROM PUBLIC;
SELECT agentctl.grant_roles();
