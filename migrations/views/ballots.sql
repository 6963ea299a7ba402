CREATE OR REPLACE VIEW agentctl.ballots AS
SELECT n.conversation_id, n.seq, n.node, n.visit AS round, b.ordinality::integer AS number, b.value ->> 'voter' AS voter,
       coalesce((b.value ->> 'weight')::numeric, 1) AS weight, b.value -> 'answer' AS answer,
       n.output ->> 'answer' AS decision, (n.output ->> 'agreement')::numeric AS agreement,
       (n.output ->> 'support')::numeric AS support, n.finished_at AS counted_at
FROM agentctl.node_run AS n
CROSS JOIN LATERAL jsonb_array_elements(CASE jsonb_typeof(n.input) WHEN 'array' THEN n.input END) WITH ORDINALITY AS b
WHERE n.output ? 'agreement' AND n.output ? 'decided';
COMMENT ON VIEW agentctl.ballots IS
    'The votes of runs of chains, one row for each who was asked; count_ballots() counts them again.';
COMMENT ON COLUMN agentctl.ballots.conversation_id IS 'Conversation of the run.';
COMMENT ON COLUMN agentctl.ballots.seq IS 'Submission of the run.';
COMMENT ON COLUMN agentctl.ballots.node IS 'The node that counted.';
COMMENT ON COLUMN agentctl.ballots.round IS 'Counts from 1.';
COMMENT ON COLUMN agentctl.ballots.number IS 'Place among those who were asked, from 1.';
COMMENT ON COLUMN agentctl.ballots.voter IS 'Who was asked.';
COMMENT ON COLUMN agentctl.ballots.weight IS 'Weight of the vote.';
COMMENT ON COLUMN agentctl.ballots.answer IS 'The answer; NULL where there was none.';
COMMENT ON COLUMN agentctl.ballots.decision IS 'What the vote decided; NULL for nothing.';
COMMENT ON COLUMN agentctl.ballots.agreement IS 'The winner''s share of the votes cast, from 0 to 1.';
COMMENT ON COLUMN agentctl.ballots.support IS 'The winner''s share of all who were asked, from 0 to 1.';
COMMENT ON COLUMN agentctl.ballots.counted_at IS 'When they were counted.';
