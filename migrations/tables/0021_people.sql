-- People: who may decide about what waits, and who may use which agents, chains and functions.

ALTER TABLE agentctl.approval
    ADD COLUMN approvers text[] CHECK (cardinality(approvers) BETWEEN 1 AND 64),
    ADD COLUMN not_requester boolean NOT NULL DEFAULT true;
COMMENT ON COLUMN agentctl.approval.approvers IS
    'Roles whose members may decide, as the rule names them; NULL for agentctl_approver. Owners always may.';
COMMENT ON COLUMN agentctl.approval.not_requester IS 'Whether those who have asked for the turn may not decide.';
COMMENT ON COLUMN agentctl.approval.decided_by IS 'Account that decided.';

-- What users have allowed themselves for longer than once was no decision of an approver.
UPDATE agentctl.approval AS a SET not_requester = false
FROM agentctl.conversation AS v
WHERE v.id = a.conversation_id AND a.scope <> 'once' AND a.decided_by = v.created_by
  AND NOT EXISTS (
      SELECT FROM agentctl.account AS o JOIN pg_roles AS r ON r.oid = o.role
      WHERE o.name = v.created_by
        AND (r.rolsuper OR pg_has_role(r.oid, to_regrole('agentctl_owner')::oid, 'USAGE')));

-- Everybody could use what there was before there were grants, and still can.
ALTER TABLE agentctl.definition
    ADD COLUMN access text COLLATE "C" NOT NULL DEFAULT 'everyone' CHECK (access IN ('everyone', 'granted'));
ALTER TABLE agentctl.definition ALTER COLUMN access SET DEFAULT 'granted';
COMMENT ON COLUMN agentctl.definition.access IS
    'Of an agent, a chain or a function, who may use it: everyone, or the roles of use_grant (granted).';

-- Grants are to roles, which are known as those of accounts are: by oid, and by name in another cluster.
CREATE TABLE agentctl.use_grant (
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('agent', 'chain', 'function')),
    name text COLLATE "C" NOT NULL,
    cluster text COLLATE "C" NOT NULL,
    role oid NOT NULL,
    role_name text COLLATE "C" NOT NULL,
    granted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    granted_by text NOT NULL DEFAULT agentctl.keep_account(),
    PRIMARY KEY (kind, name, cluster, role),
    FOREIGN KEY (kind, name) REFERENCES agentctl.definition (kind, name) ON DELETE CASCADE
);
COMMENT ON TABLE agentctl.use_grant IS
    'Which roles may use which agents, chains and functions; owners and workers may use all of them.';
COMMENT ON COLUMN agentctl.use_grant.kind IS 'agent, chain or function.';
COMMENT ON COLUMN agentctl.use_grant.name IS 'Its name.';
COMMENT ON COLUMN agentctl.use_grant.cluster IS 'The system identifier of the cluster that the oid is of.';
COMMENT ON COLUMN agentctl.use_grant.role IS 'The oid of the role whose members may use it.';
COMMENT ON COLUMN agentctl.use_grant.role_name IS 'The name under which the role was last seen.';
COMMENT ON COLUMN agentctl.use_grant.granted_at IS 'When it was granted.';
COMMENT ON COLUMN agentctl.use_grant.granted_by IS 'Account that granted it.';

ALTER TABLE agentctl.route_agent ADD COLUMN is_open boolean NOT NULL DEFAULT true;
COMMENT ON COLUMN agentctl.route_agent.is_open IS 'Whether everybody may use it.';
