CREATE OR REPLACE FUNCTION agentctl.is_time(value text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = agentctl, pg_temp AS $$
    SELECT value ~ '^2[01][0-9][0-9]-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,6})?[+]00:00$'
        AND CASE WHEN substr(value, 9, 2) > '28' THEN
            (substr(value, 1, 7) || '-01')::date + substr(value, 9, 2)::integer - 1 < (substr(value, 1, 7)
                || '-01')::date + interval '1 month'
            ELSE true END
$$;
COMMENT ON FUNCTION agentctl.is_time(text) IS
    'Whether a text is a time as a conversation''s document has it: 2026-01-31T12:00:00.5+00:00, of the years 2000 to '
    '2199.';
REVOKE ALL ON FUNCTION agentctl.is_time(text) FROM PUBLIC;
