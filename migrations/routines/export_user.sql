CREATE OR REPLACE FUNCTION agentctl.export_user(user_id text, account text DEFAULT NULL) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
BEGIN
    export_user.account := coalesce(export_user.account, agentctl.account_name());
    IF NOT EXISTS (
            SELECT FROM conversation AS v WHERE (v.created_by, v.user_id) = (export_user.account, export_user.user_id))
        AND NOT EXISTS (
            SELECT FROM memory_scope AS s WHERE (s.account, s.user_id) = (export_user.account, export_user.user_id))
        AND NOT EXISTS (
            SELECT FROM memory_block AS b WHERE (b.account, b.user_id) = (export_user.account, export_user.user_id))
    THEN
        RAISE EXCEPTION 'account "%" has no user "%"', export_user.account, export_user.user_id USING ERRCODE = 'AC002';
    END IF;
    RETURN jsonb_build_object(
        'user_id', export_user.user_id, 'account', export_user.account,
        'memories', (
            SELECT coalesce(jsonb_agg(to_jsonb(m) || jsonb_build_object('versions', (
                       SELECT jsonb_agg(to_jsonb(v) - 'memory_id' ORDER BY v.version)
                       FROM memory_versions AS v WHERE v.memory_id = m.id)) ORDER BY m.id), '[]')
            FROM memories AS m WHERE (m.account, m.user_id) = (export_user.account, export_user.user_id)),
        'blocks', (
            SELECT coalesce(jsonb_agg(jsonb_build_object('label', b.label, 'value', b.value, 'versions', (
                       SELECT jsonb_agg(to_jsonb(v) - 'block_id' ORDER BY v.version)
                       FROM memory_block_version AS v WHERE v.block_id = b.id)) ORDER BY b.label), '[]')
            FROM memory_block AS b WHERE (b.account, b.user_id) = (export_user.account, export_user.user_id)),
        'conversations', (
            SELECT coalesce(jsonb_agg(agentctl.export_conversation(v.id) ORDER BY v.created_at, v.id), '[]')
            FROM conversation AS v WHERE (v.created_by, v.user_id) = (export_user.account, export_user.user_id)));
END $$;
COMMENT ON FUNCTION agentctl.export_user(text, text) IS
    'All of a user of an application as one document: {user_id, account, memories and blocks with their versions, '
    'conversations as export_conversation() returns them}; AC002 when there is no such user. account is the database user of the application, the caller without it. '
    'For owners.';
REVOKE ALL ON FUNCTION agentctl.export_user(text, text) FROM PUBLIC;
