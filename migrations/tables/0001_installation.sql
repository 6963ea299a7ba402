-- The installation: settings, and what each role may do.

CREATE TABLE agentctl.setting (
    name text PRIMARY KEY,
    value text NOT NULL CHECK (octet_length(value) <= 8192),
    description text NOT NULL
);
COMMENT ON TABLE agentctl.setting IS 'Settings of this installation, one row each.';
COMMENT ON COLUMN agentctl.setting.name IS 'Name of the setting.';
COMMENT ON COLUMN agentctl.setting.value IS 'Its value, as text.';
COMMENT ON COLUMN agentctl.setting.description IS 'What it does, with its unit.';

CREATE TABLE agentctl.role_grant (
    role text COLLATE "C" NOT NULL CHECK (role ~ '^agentctl_[a-z_]+$'),
    object_type text COLLATE "C" NOT NULL CHECK (object_type IN ('schema', 'table', 'function')),
    object text COLLATE "C" NOT NULL CHECK (object ~ '^agentctl(_sql)?([.].+)?$'),
    privileges text CHECK (privileges IN ('ALL', 'USAGE', 'SELECT', 'EXECUTE')),
    PRIMARY KEY (role, object_type, object)
);
COMMENT ON TABLE agentctl.role_grant IS
    'What each role may do. A row for one object says all of it; a row for every object of a schema (schema.*) holds '
    'for those without a row of their own.';
COMMENT ON COLUMN agentctl.role_grant.role IS 'The role.';
COMMENT ON COLUMN agentctl.role_grant.object_type IS 'schema, table (or view) or function.';
COMMENT ON COLUMN agentctl.role_grant.object IS
    'The object: agentctl, agentctl.agents, agentctl.setting(text), or agentctl.* for all.';
COMMENT ON COLUMN agentctl.role_grant.privileges IS 'ALL, USAGE, SELECT or EXECUTE; NULL for nothing.';

-- SQL that models or authors write is run by functions that the role agentctl_query owns: inside of one PostgreSQL
-- refuses SET ROLE and SET SESSION AUTHORIZATION, however they are reached, so the text acts as that role and as
-- nobody else. The role has no rights but those of PUBLIC and those that an administrator grants it.
CREATE SCHEMA agentctl_sql;
REVOKE ALL ON SCHEMA agentctl_sql FROM PUBLIC;
COMMENT ON SCHEMA agentctl_sql IS 'Functions that run SQL of others, as the role agentctl_query.';
