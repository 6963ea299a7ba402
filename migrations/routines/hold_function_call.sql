CREATE OR REPLACE FUNCTION agentctl.hold_function_call(call bigint, lease uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
BEGIN
    PERFORM FROM function_queue AS q WHERE q.id = hold_function_call.call
        AND q.lease = hold_function_call.lease FOR UPDATE;
    RETURN FOUND;
END $$;
COMMENT ON FUNCTION agentctl.hold_function_call(bigint, uuid) IS
    'Locks a claimed call to the end of the transaction; false when the lease was taken away. For calls that write in '
    'the transaction that finishes them.';
REVOKE ALL ON FUNCTION agentctl.hold_function_call(bigint, uuid) FROM PUBLIC;
