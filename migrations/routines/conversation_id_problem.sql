-- What cannot be seen makes two ids look alike, and what turns the direction of writing makes one look like another:
-- control and format characters, spaces other than the plain one, fillers and variation selectors.
CREATE OR REPLACE FUNCTION agentctl.conversation_id_problem(id text) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = agentctl, pg_temp AS $$
DECLARE
    unseen CONSTANT text := E'[\u0001-\u001F\u007F-\u00A0\u00AD\u034F\u061C\u115F\u1160\u1680\u17B4\u17B5\u180B-\u180F'
        '\u2000-\u200F\u2028-\u202F\u205F-\u206F\u2800\u3000\u3164\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-\uFFFB'
        '\U0001BCA0-\U0001BCA3\U0001D173-\U0001D17A\U000E0000-\U000E0FFF]';
    character text;
BEGIN
    IF octet_length(id) BETWEEN 1 AND 200 AND id = btrim(id) AND id !~ unseen THEN
        RETURN NULL;
    ELSIF id IS NULL OR octet_length(id) NOT BETWEEN 1 AND 200 THEN
        RETURN format('has %s bytes', coalesce(octet_length(id), 0));
    ELSIF id <> btrim(id) THEN
        RETURN 'has spaces around it';
    END IF;
    character := substring(id FROM unseen);
    RETURN format('holds U+%s at character %s, which cannot be seen', lpad(upper(to_hex(ascii(character))),
        greatest(4, length(to_hex(ascii(character)))), '0'),
        strpos(id, character));
END $$;
COMMENT ON FUNCTION agentctl.conversation_id_problem(text) IS
    'Why no new conversation can have this id; NULL when one can. The only place that has the rule. Internal: '
    'require_conversation_id() calls it.';
REVOKE ALL ON FUNCTION agentctl.conversation_id_problem(text) FROM PUBLIC;
