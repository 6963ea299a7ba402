-- first: a generated column needs it
-- The separators are listed, so that no locale decides.
CREATE OR REPLACE FUNCTION agentctl.memory_words(content text) RETURNS SETOF text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = agentctl, pg_temp AS $$
    SELECT w FROM regexp_split_to_table(lower(normalize(left(memory_words.content, 20000), NFKC)),
        E'[\\u0001-\\u002f\\u003a-\\u0040\\u005b-\\u0060\\u007b-\\u00a9\\u00ab-\\u00b4\\u00b6-\\u00b9\\u00bb-\\u00bf'
        '\\u00d7\\u00f7\\u2000-\\u206f\\u20a0-\\u20cf\\u2190-\\u2bff\\u2e00-\\u2e7f\\u3000-\\u3004\\u3008-\\u3020'
        '\\u3030\\ufe00-\\ufe6f\\uff00-\\uff0f\\uff1a-\\uff20\\uff3b-\\uff40\\uff5b-\\uff65]+') AS w
    WHERE w <> ''
$$;
COMMENT ON FUNCTION agentctl.memory_words(text) IS
    'The words of a text in lower case, in order and with repetitions. Of a text, the first 20,000 characters.';
REVOKE ALL ON FUNCTION agentctl.memory_words(text) FROM PUBLIC;
