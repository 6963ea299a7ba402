CREATE OR REPLACE FUNCTION agentctl.question_terms(question text) RETURNS integer[]
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp AS $$
DECLARE
    words text[] := ARRAY(SELECT DISTINCT w FROM agentctl.memory_words(left(question, 2000)) AS w LIMIT 64);
    telling text[];
BEGIN
    telling := ARRAY(
        SELECT w FROM unnest(words) AS w
        WHERE NOT EXISTS (
            SELECT FROM unnest(('{english_stem,german_stem,french_stem,spanish_stem,italian_stem,portuguese_stem,'
                'dutch_stem,russian_stem,swedish_stem,danish_stem,norwegian_stem,finnish_stem,hungarian_stem,'
                'turkish_stem}')::regdictionary[]) AS d
            WHERE ts_lexize(d, w) = '{}'));
    RETURN agentctl.memory_terms(array_to_string(CASE WHEN telling = '{}' THEN words ELSE telling END, ' '));
END $$;
COMMENT ON FUNCTION agentctl.question_terms(text) IS
    'The terms of a question without what is a stop word in any of 14 languages, unless nothing else is left. Of its '
    'first 2,000 characters, 64 words.';
REVOKE ALL ON FUNCTION agentctl.question_terms(text) FROM PUBLIC;
