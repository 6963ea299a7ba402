-- Pure: from the stored ballots anybody can count again.
CREATE OR REPLACE FUNCTION agentctl.count_ballots(ballots jsonb, answer jsonb DEFAULT '{}', decide jsonb DEFAULT '{}')
    RETURNS jsonb
LANGUAGE sql IMMUTABLE SET search_path = agentctl, pg_temp AS $$
    WITH rule AS (
        SELECT coalesce(decide ->> 'by', 'majority') AS by, (decide ->> 'at_least')::numeric AS at_least,
               coalesce((decide ->> 'quorum')::integer, 1) AS quorum, decide ->> 'tie' = 'first' AS first_wins
    ), ballot AS (
        SELECT b.ordinality AS number, b.value ->> 'voter' AS voter,
               coalesce((b.value ->> 'weight')::numeric, 1) AS weight,
               agentctl.normal_answer(b.value -> 'answer', count_ballots.answer) AS answer
        FROM jsonb_array_elements(ballots) WITH ORDINALITY AS b
    ), choice AS (
        SELECT b.answer, count(*) AS votes, sum(b.weight) AS weight, min(b.number) AS first,
               jsonb_agg(b.voter ORDER BY b.number) AS voters
        FROM ballot AS b WHERE b.answer IS NOT NULL GROUP BY b.answer
    ), ranked AS (
        SELECT c.*, row_number() OVER (ORDER BY c.weight DESC, c.first) AS place,
               count(*) OVER (PARTITION BY c.weight) AS equals
        FROM choice AS c
    ), total AS (
        SELECT count(*) AS asked, coalesce(sum(b.weight), 0) AS asked_weight, count(b.answer) AS votes,
               coalesce(sum(b.weight) FILTER (WHERE b.answer IS NOT NULL), 0) AS weight
        FROM ballot AS b
    ), figure AS (
        SELECT t.*, w.answer, w.votes AS winner_votes, w.weight AS winner_weight, coalesce(w.equals, 0) > 1 AS is_tie,
               w.weight / nullif(t.weight, 0) AS share,
               -- The least share that the most frequent of k answers can have among n: what chance alone gives.
               ceil(t.votes::numeric / least(t.votes,
                   coalesce(jsonb_array_length(count_ballots.answer -> 'options'), t.votes)))
                   / nullif(t.votes, 0) AS least_share
        FROM total AS t LEFT JOIN ranked AS w ON w.place = 1
    ), decided AS (
        SELECT f.*, coalesce(f.votes >= r.quorum AND (NOT f.is_tie OR r.first_wins) AND CASE
            WHEN r.by = 'plurality' OR f.is_tie THEN true
            WHEN r.at_least IS NULL THEN f.share > 0.5
            ELSE f.share >= r.at_least END, false) AS is_decided
        FROM figure AS f CROSS JOIN rule AS r
    )
    SELECT jsonb_build_object(
        'decided', d.is_decided, 'answer', CASE WHEN d.is_decided THEN d.answer END, 'leading', d.answer,
        'tie', d.is_tie, 'asked', d.asked, 'votes', d.votes,
        'agreement', round(coalesce(d.share, 0), 4),
        'support', round(coalesce(d.winner_weight / nullif(d.asked_weight, 0), 0), 4),
        'agreement_normalized', CASE WHEN d.votes > 1 AND d.least_share < 1
            THEN round(greatest(0, (d.winner_votes::numeric / d.votes - d.least_share) / (1 - d.least_share)), 4) END,
        'choices', (SELECT coalesce(jsonb_agg(jsonb_build_object('answer', c.answer, 'votes', c.votes, 'weight',
            c.weight,
            'voters', c.voters) ORDER BY c.place), '[]') FROM ranked AS c))
    FROM decided AS d
$$;
COMMENT ON FUNCTION agentctl.count_ballots(jsonb, jsonb, jsonb) IS
    'The result of a vote. ballots: [{voter, weight, answer}], one for each who was asked; answer is missing where '
    'there is none, and weight is 1 unless given. answer: {select, normalize, options, tolerance}; decide: {by, at_least, '
    'quorum, tie}. Returns {decided, answer, leading, tie, asked, votes, agreement, support, agreement_normalized, '
    'choices}: agreement is the winner''s share of the votes cast, support of all who were asked, agreement_normalized '
    'is 0 for what chance gives.';
REVOKE ALL ON FUNCTION agentctl.count_ballots(jsonb, jsonb, jsonb) FROM PUBLIC;
