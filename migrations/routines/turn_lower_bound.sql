-- A turn begins after its submission came, whatever the clock says (see finish()), so older partitions need not be
-- looked into, however many there are. The day is for turns of earlier releases, whose beginning was computed from how
-- long they took.
CREATE OR REPLACE FUNCTION agentctl.turn_lower_bound(conversation text, seq bigint) RETURNS timestamptz
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN (
        SELECT s.created_at - interval '1 day' FROM submission AS s
        WHERE s.conversation_id = turn_lower_bound.conversation AND s.seq = turn_lower_bound.seq);
END $$;
COMMENT ON FUNCTION agentctl.turn_lower_bound(text, bigint) IS
    'A time before which the turn of a submission cannot have begun: lets the server skip older partitions.';
REVOKE ALL ON FUNCTION agentctl.turn_lower_bound(text, bigint) FROM PUBLIC;
