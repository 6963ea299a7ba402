CREATE OR REPLACE FUNCTION agentctl.nearest(word text, candidates text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = agentctl, pg_temp AS $$
    SELECT ranked.candidate
    FROM (SELECT near.candidate, agentctl.edit_distance(given.word, near.candidate, given.maximum) AS distance
          FROM (SELECT left(nearest.word, 64) AS word,
              least(greatest(2, length(left(nearest.word, 64)) / 3), 5) AS maximum) AS given
          CROSS JOIN LATERAL (
              SELECT c.candidate FROM unnest(candidates) AS c (candidate)
              WHERE length(left(c.candidate, 64)) BETWEEN length(given.word) - given.maximum
                AND length(given.word) + given.maximum
              LIMIT 500
          ) AS near) AS ranked
    WHERE ranked.distance IS NOT NULL
    ORDER BY ranked.distance, ranked.candidate
    LIMIT 1
$$;
COMMENT ON FUNCTION agentctl.nearest(text, text[]) IS
    'The candidate that the word was probably meant to be, or NULL. Looks at 500 candidates of about its length.';
REVOKE ALL ON FUNCTION agentctl.nearest(text, text[]) FROM PUBLIC;
