-- Whoever decides about a call is told why a rule asks.
ALTER TABLE agentctl.approval ADD COLUMN cause text;
COMMENT ON COLUMN agentctl.approval.cause IS 'Why a person is asked, as the rule says; NULL where it says nothing.';
