-- Who may do what: privileges of tables that are less than all of them.

-- Its rows come with the release: rows/role_grant.sql.
TRUNCATE agentctl.role_grant;
ALTER TABLE agentctl.role_grant DROP CONSTRAINT role_grant_privileges_check;
ALTER TABLE agentctl.role_grant ADD CONSTRAINT role_grant_privileges_check
    CHECK (privileges IN ('USAGE', 'SELECT', 'SELECT, INSERT, UPDATE, DELETE', 'EXECUTE'));
COMMENT ON COLUMN agentctl.role_grant.privileges IS
    'USAGE, SELECT, "SELECT, INSERT, UPDATE, DELETE" or EXECUTE; NULL for nothing.';

-- Who owns what is an account, not a name that another role can have tomorrow. An account's name is that of the role
-- that was first to have it, and is what created_by holds, so rows can be read without this table. Which role acts for
-- it is known by the role's oid. A database that was restored elsewhere has other oids: cluster says which ones these
-- are, and the names are all that is left to go by.
CREATE TABLE agentctl.account (
    name text COLLATE "C" PRIMARY KEY CHECK (octet_length(name) BETWEEN 1 AND 80),
    -- The first slash ends it, so that no two of them begin alike.
    prefix text COLLATE "C" NOT NULL
        GENERATED ALWAYS AS (replace(replace(name, '%', '%25'), '/', '%2F') || '/') STORED,
    role oid,
    role_name text COLLATE "C" NOT NULL,
    cluster text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX account_role ON agentctl.account (role);
CREATE INDEX account_role_name ON agentctl.account (role_name, created_at);
COMMENT ON TABLE agentctl.account IS
    'Users as owners of conversations, tasks and so on: a role that was dropped and made again is another one, a role '
    'that was renamed is the same.';
COMMENT ON COLUMN agentctl.account.name IS
    'What created_by holds: the name of the role, with #oid where an earlier role had it.';
COMMENT ON COLUMN agentctl.account.prefix IS
    'What the ids of the conversations begin with that a client of this account starts.';
COMMENT ON COLUMN agentctl.account.role IS 'The oid of the role in that cluster; NULL when there is none.';
COMMENT ON COLUMN agentctl.account.role_name IS 'The name under which the role was last seen.';
COMMENT ON COLUMN agentctl.account.cluster IS 'The system identifier of the cluster that the oid is of.';
COMMENT ON COLUMN agentctl.account.created_at IS 'When the role first made something.';

INSERT INTO agentctl.account (name, role, role_name, cluster)
SELECT u.name, to_regrole(quote_ident(u.name)), u.name, c.system_identifier
FROM (
    SELECT v.created_by FROM agentctl.conversation AS v
    UNION SELECT t.created_by FROM agentctl.task AS t
    UNION SELECT p.created_by FROM agentctl.plan AS p
    UNION SELECT r.created_by FROM agentctl.function_request AS r
    UNION SELECT d.created_by FROM agentctl.definition_version AS d
) AS u (name)
CROSS JOIN pg_control_system() AS c;

ALTER TABLE agentctl.conversation ALTER COLUMN created_by SET DEFAULT agentctl.keep_account();
ALTER TABLE agentctl.submission ALTER COLUMN created_by SET DEFAULT agentctl.keep_account();
ALTER TABLE agentctl.task ALTER COLUMN created_by SET DEFAULT agentctl.keep_account();
ALTER TABLE agentctl.plan ALTER COLUMN created_by SET DEFAULT agentctl.keep_account();
ALTER TABLE agentctl.plan_revision ALTER COLUMN created_by SET DEFAULT agentctl.keep_account();
ALTER TABLE agentctl.function_request ALTER COLUMN created_by SET DEFAULT agentctl.keep_account();
ALTER TABLE agentctl.definition_version ALTER COLUMN created_by SET DEFAULT agentctl.keep_account();
