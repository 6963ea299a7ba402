-- Whose block a conversation is shown, and what stands in it. Where it is per user and no user is known there is none:
-- it fails closed.
CREATE OR REPLACE FUNCTION agentctl.blocks_of(conversation text, labels text[])
RETURNS TABLE (
    place bigint, label text, description text, character_limit integer, is_read_only boolean, account text,
    user_id text, conversation_id text, id bigint, version integer, value text
)
LANGUAGE sql STABLE SET search_path = agentctl, pg_temp AS $$
    SELECT l.place, l.label, v.document ->> 'description', (v.document ->> 'limit')::integer,
           (v.document ->> 'read_only')::boolean, o.account, o.user_id, o.conversation_id, b.id, coalesce(b.version, 1),
           coalesce(b.value, v.document ->> 'value')
    FROM unnest(labels) WITH ORDINALITY AS l (label, place)
    JOIN definition AS d ON d.kind = 'block' AND d.name = l.label
    JOIN definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
    CROSS JOIN LATERAL (
        SELECT CASE WHEN u.user_id IS NOT NULL THEN u.account END AS account, u.user_id,
               CASE v.document ->> 'per' WHEN 'conversation' THEN blocks_of.conversation END AS conversation_id
        FROM (VALUES (1)) AS one (row)
        LEFT JOIN agentctl.user_of(blocks_of.conversation) AS u ON v.document ->> 'per' = 'user'
    ) AS o
    LEFT JOIN memory_block AS b ON b.label = l.label AND coalesce(b.account, '') = coalesce(o.account, '')
        AND coalesce(b.user_id, '') = coalesce(o.user_id, '')
        AND coalesce(b.conversation_id, '') = coalesce(o.conversation_id, '')
    WHERE v.document ->> 'per' = 'shared' OR num_nonnulls(o.user_id, o.conversation_id) = 1
$$;
COMMENT ON FUNCTION agentctl.blocks_of(text, text[]) IS
    'The blocks with these labels as a conversation has them, in the order of the labels: a shared one is everybody''s, '
    'others are those of its user or its own. id is NULL of a block that was never shown nor edited.';
REVOKE ALL ON FUNCTION agentctl.blocks_of(text, text[]) FROM PUBLIC;
