CREATE OR REPLACE FUNCTION agentctl.need_words(needs text[], offers text[] DEFAULT '{}') RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = agentctl, pg_temp AS $$
    SELECT string_agg(CASE WHEN n.need = 'workspace' THEN 'a workspace'
        WHEN n.need LIKE 'workspace:%' THEN 'the workspace ' || substr(n.need, 11)
        ELSE regexp_replace(n.need, '^(variable|implementation):', '') END, ' and ' ORDER BY n.place)
    FROM unnest(need_words.needs) WITH ORDINALITY AS n (need, place)
    WHERE n.need <> ALL (coalesce(need_words.offers, need_words.needs))
$$;
COMMENT ON FUNCTION agentctl.need_words(text[], text[]) IS
    'What of these needs is not offered (NULL offers everything), in words; NULL for nothing. Internal.';
REVOKE ALL ON FUNCTION agentctl.need_words(text[], text[]) FROM PUBLIC;
