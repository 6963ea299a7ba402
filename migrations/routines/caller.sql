-- first: defaults of columns call it
-- Who acts: the role that was set, or else the user who logged in. A pool that logs in as one user and sets a role for
-- each request acts as that role, and whoever sets a lesser role acts with no more than that role may. A function that
-- runs as its owner cannot ask current_user, which is the owner.
CREATE OR REPLACE FUNCTION agentctl.caller() RETURNS name
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp AS $$
BEGIN
    RETURN coalesce(nullif(current_setting('role'), 'none')::name, session_user);
END $$;
COMMENT ON FUNCTION agentctl.caller() IS
    'The role that acts: the one set by SET ROLE, or else the user of the session.';
REVOKE ALL ON FUNCTION agentctl.caller() FROM PUBLIC;
