-- Policies: which tool calls are carried out, which a person is asked about, which are refused.

INSERT INTO agentctl.definition_kind (kind, description) VALUES
    ('policy', 'Rules that decide which tool calls run, which a person is asked about and which are refused.');

INSERT INTO agentctl.document_field
    (kind, path, type, required, default_value, allowed, pattern, minimum, maximum, reference_kind, description) VALUES
    ('policy', 'kind', 'string', true, NULL, '{policy}', NULL, NULL, NULL, NULL, 'policy'),
    ('policy', 'name', 'string', true, NULL, NULL, '^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$', 1, 64, NULL, 'Name that agents refer to.'),
    ('policy', 'description', 'string', false, '""', NULL, NULL, NULL, 8192, NULL, 'What it is for.'),
    ('policy', 'rules', 'array', false, '[]', NULL, NULL, NULL, 1000, NULL, 'Rules about single calls: the first that a call fits decides.'),
    ('policy', 'rules[]', 'object', false, NULL, NULL, NULL, NULL, NULL, NULL, 'One rule; all of its conditions have to hold.'),
    ('policy', 'rules[].tool', 'any', false, NULL, NULL, NULL, 1, 8192, NULL, 'Names of tools, with * and ?: one or a list.'),
    ('policy', 'rules[].implementation', 'any', false, NULL, NULL, NULL, 1, 8192, NULL, 'Implementations that the tools'' rows name, one or a list; function for a stored function.'),
    ('policy', 'rules[].effect', 'array', false, NULL, NULL, NULL, 1, 4, NULL, 'What running the call twice would do.'),
    ('policy', 'rules[].effect[]', 'string', false, NULL, '{pure,idempotent,sql,unsafe}', NULL, NULL, NULL, NULL, 'One effect.'),
    ('policy', 'rules[].agent', 'any', false, NULL, NULL, NULL, 1, 8192, NULL, 'Names of agents, with * and ?: one or a list.'),
    ('policy', 'rules[].arguments', 'map', false, NULL, NULL, NULL, NULL, 65536, NULL, 'Regular expressions by the argument that they are searched in; a missing one is empty text.'),
    ('policy', 'rules[].command', 'array', false, NULL, NULL, NULL, 1, 1000, NULL, 'Patterns of commands: to allow, every command of the line has to match one; to ask or deny, any is enough.'),
    ('policy', 'rules[].command[]', 'string', false, NULL, NULL, NULL, 1, 4096, NULL, 'One pattern, such as rm ** +-*r*.'),
    ('policy', 'rules[].path', 'array', false, NULL, NULL, NULL, 1, 1000, NULL, 'Patterns of paths, with **, * and ?.'),
    ('policy', 'rules[].path[]', 'string', false, NULL, NULL, NULL, 1, 4096, NULL, 'One pattern.'),
    ('policy', 'rules[].host', 'array', false, NULL, NULL, NULL, 1, 1000, NULL, 'Hosts of URLs, with * and ?.'),
    ('policy', 'rules[].host[]', 'string', false, NULL, NULL, NULL, 1, 255, NULL, 'One host.'),
    ('policy', 'rules[].cost_usd', 'number', false, NULL, NULL, NULL, 0, 1000000000, NULL, 'The turn has cost at least so much already, in USD.'),
    ('policy', 'rules[].action', 'string', true, NULL, '{allow,ask,deny}', NULL, NULL, NULL, NULL, 'What becomes of the call.'),
    ('policy', 'rules[].reason', 'string', false, NULL, NULL, NULL, 1, 4096, NULL, 'Why, in a sentence for the model and for a person.'),
    ('policy', 'order', 'array', false, '[]', NULL, NULL, NULL, 1000, NULL, 'Rules about the order of calls in a turn; a call that breaks one is denied.'),
    ('policy', 'order[]', 'object', false, NULL, NULL, NULL, NULL, NULL, NULL, 'One rule.'),
    ('policy', 'order[].tool', 'string', true, NULL, NULL, NULL, 1, 200, NULL, 'Names of the tools that it is about, with * and ?.'),
    ('policy', 'order[].rule', 'string', true, NULL, '{first,last,after,at_most}', NULL, NULL, NULL, NULL, 'No other tool before it; no tool after it; only after another has succeeded; no more than count times.'),
    ('policy', 'order[].other', 'string', false, NULL, NULL, NULL, 1, 200, NULL, 'The other tool of after.'),
    ('policy', 'order[].count', 'integer', false, NULL, NULL, NULL, 0, 1000000, NULL, 'The count of at_most.'),
    ('policy', 'approval_timeout', 'number', false, '86400', NULL, NULL, 0.001, 31536000, NULL, 'Seconds that a person may take to decide.'),

    ('agent', 'policies', 'array', false, '[]', NULL, NULL, NULL, 32, NULL, 'Names of the policies that decide about its calls, before the default one.'),
    ('agent', 'policies[]', 'string', false, NULL, NULL, NULL, 1, 64, 'policy', 'Name of a policy.');

CREATE FUNCTION agentctl.policy_rules(document jsonb) RETURNS TABLE (path text, problem text, expected text)
LANGUAGE sql STABLE SET search_path = agentctl, pg_temp AS $$
    WITH rule AS (
        SELECT format('rules[%s]', each.ordinality - 1) AS path, each.value
        FROM jsonb_array_elements(CASE jsonb_typeof(document -> 'rules') WHEN 'array' THEN document -> 'rules' ELSE '[]' END)
            WITH ORDINALITY AS each
        WHERE jsonb_typeof(each.value) = 'object'
    )
    SELECT rule.path || '.' || names.key, 'is ' || agentctl.json_type_name(rule.value -> names.key), 'a string or a list of strings'
    FROM rule CROSS JOIN unnest('{tool,implementation,agent}'::text[]) AS names (key)
    WHERE CASE jsonb_typeof(rule.value -> names.key)
        WHEN 'array' THEN rule.value -> names.key = '[]'
            OR EXISTS (SELECT FROM jsonb_array_elements(rule.value -> names.key) AS e WHERE jsonb_typeof(e.value) <> 'string' OR e.value = '""')
        ELSE jsonb_typeof(rule.value -> names.key) IN ('object', 'number', 'boolean') END
    UNION ALL
    SELECT rule.path || '.arguments.' || left(argument.key, 64), 'is ' || agentctl.json_type_name(argument.value), 'a regular expression'
    FROM rule
    CROSS JOIN jsonb_each(CASE jsonb_typeof(rule.value -> 'arguments') WHEN 'object' THEN rule.value -> 'arguments' ELSE '{}' END) AS argument
    WHERE jsonb_typeof(argument.value) <> 'string'
    UNION ALL
    SELECT format('order[%s].%s', each.ordinality - 1, need.field), 'is missing', format('needed by rule %s', need.rule)
    FROM jsonb_array_elements(CASE jsonb_typeof(document -> 'order') WHEN 'array' THEN document -> 'order' ELSE '[]' END)
        WITH ORDINALITY AS each
    JOIN (VALUES ('after', 'other'), ('at_most', 'count')) AS need (rule, field) ON each.value ->> 'rule' = need.rule
    WHERE NOT each.value ? need.field
$$;
COMMENT ON FUNCTION agentctl.policy_rules(jsonb) IS 'What one field of a document of kind policy asks of another.';

CREATE VIEW agentctl.policies AS
SELECT v.name,
       v.document ->> 'description' AS description,
       v.document -> 'rules' AS rules,
       v.document -> 'order' AS "order",
       (v.document ->> 'approval_timeout')::double precision AS approval_timeout,
       v.version, v.id AS version_id, v.created_at, v.created_by
FROM agentctl.definition AS d
JOIN agentctl.definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
WHERE d.kind = 'policy';
COMMENT ON VIEW agentctl.policies IS 'The policies in force. INSERT and UPDATE register a new version.';
CREATE TRIGGER register_row INSTEAD OF INSERT OR UPDATE ON agentctl.policies FOR EACH ROW EXECUTE FUNCTION agentctl.register_row('policy');

DO $$
DECLARE
    comment record;
BEGIN
    FOR comment IN
        SELECT CASE f.kind WHEN 'policy' THEN 'policies' ELSE 'agents' END AS view, f.path AS name, f.description
        FROM agentctl.document_field AS f
        WHERE f.path !~ '[.[]' AND (f.kind = 'policy' AND f.path <> 'kind' OR f.kind = 'agent' AND f.path = 'policies')
        UNION ALL
        VALUES ('policies', 'version', 'Version in force, counted from 1.'), ('policies', 'version_id', 'Identifies the version.'),
            ('policies', 'created_at', 'When the version was registered.'), ('policies', 'created_by', 'Database user who registered it.')
    LOOP
        EXECUTE format('COMMENT ON COLUMN agentctl.%I.%I IS %L', comment.view, comment.name, comment.description);
    END LOOP;
END $$;

INSERT INTO agentctl.setting (name, value, description) VALUES
    ('default_policy', 'default', 'The policy that decides about the calls of every agent, after the policies that the agent names.');

-- Agents are built with the default policy, so another one reaches workers as a changed definition does.
CREATE TRIGGER definition_changed AFTER INSERT OR UPDATE OR DELETE ON agentctl.setting
    FOR EACH STATEMENT EXECUTE FUNCTION agentctl.definition_changed();

SELECT agentctl.register($policy$
    {"kind": "policy", "name": "default",
     "description": "Reading is allowed, what cannot be undone is refused, the rest is asked about.",
     "rules": [
        {"implementation": ["shell", "run_tests"], "action": "deny", "reason": "It would remove or change files of the system, or all files of a user.", "command": [
            "rm ** +re:^(-[A-Za-z]*[rR]|--r) +re:^((~[A-Za-z0-9_.+-]*|[$]HOME|[$][{]HOME[}]|/|[.][.])[/.*?]*|/+(bin|boot|dev|etc|home|lib|lib32|lib64|media|mnt|opt|proc|root|run|sbin|srv|sys|usr|var)(/[/.*?]*)?)$",
            "rm ** +--no-preserve-root",
            "find ** +re:^((~[A-Za-z0-9_.+-]*|[$]HOME|[$][{]HOME[}]|/|[.][.])[/.*?]*|/+(bin|boot|dev|etc|home|lib|lib32|lib64|media|mnt|opt|proc|root|run|sbin|srv|sys|usr|var)(/[/.*?]*)?)$ +-delete",
            "chmod|chown|chgrp ** +re:^(-[A-Za-z]*R|--rec) +re:^((~[A-Za-z0-9_.+-]*|[$]HOME|[$][{]HOME[}]|/|[.][.])[/.*?]*|/+(bin|boot|dev|etc|home|lib|lib32|lib64|media|mnt|opt|proc|root|run|sbin|srv|sys|usr|var)(/[/.*?]*)?)$",
            "mv re:^((~[A-Za-z0-9_.+-]*|[$]HOME|[$][{]HOME[}]|/|[.][.])[/.*?]*|/+(bin|boot|dev|etc|home|lib|lib32|lib64|media|mnt|opt|proc|root|run|sbin|srv|sys|usr|var)(/[/.*?]*)?)$ **",
            "tee ** +re:^/+(etc|dev|boot|sys|proc)/(?!null$)",
            "cp|mv|ln|install ** re:^/+(etc|dev|boot|sys|proc)(/(?!null$)|$)",
            ">re:^/+(etc|boot|sys|proc)(/|$)",
            ">re:^/+dev/(?!(null|stdout|stderr|tty|fd/[0-9]+)$)"]},
        {"implementation": ["shell", "run_tests"], "action": "deny", "reason": "It would overwrite or reconfigure a device.", "command": [
            "mkfs|mkfs.*|mkswap|wipefs|fdisk|sfdisk|parted|shred **",
            "dd ** +re:^of=/+dev/(?!(null|stdout|stderr)$)",
            "mount|umount|swapon|swapoff|losetup|insmod|rmmod|modprobe **"]},
        {"implementation": ["shell", "run_tests"], "action": "deny", "reason": "It would stop or restart the machine.", "command": [
            "shutdown|reboot|halt|poweroff|telinit|init **",
            "systemctl ** +halt|poweroff|reboot|kexec|rescue|emergency|suspend|hibernate"]},
        {"implementation": ["shell", "run_tests"], "action": "deny", "reason": "Commands run with the rights that the agent has, never with another user's.", "command": [
            "sudo|doas|su|pkexec|runuser|sudoedit|visudo **"]},
        {"implementation": ["shell", "run_tests"], "action": "deny", "reason": "What is fetched or decoded is not run without anybody having read it: save it to a file first.", "command": [
            "curl|wget|fetch|aria2c|base64|base32|xxd|uudecode|openssl ** | sh|bash|dash|ash|zsh|ksh|fish|python*|perl|ruby|node|php|source|.|eval **"]},
        {"implementation": ["shell", "run_tests"], "action": "deny", "reason": "It would start processes without end.", "command": [
            "function * --calls-itself"]},
        {"implementation": ["shell", "run_tests"], "action": "deny", "reason": "It would stop processes that the agent did not start.", "command": [
            "pkill|killall|killall5 **",
            "kill ** re:^-?0*1$"]},
        {"implementation": ["shell", "run_tests"], "action": "deny", "reason": "It would rewrite what others have of the repository.", "command": [
            "git ** push ** +re:^(-[A-Za-z]*f|--force|--mirror|[+])"]},
        {"implementation": ["shell", "run_tests"], "action": "deny", "reason": "It would open a connection that runs commands.", "command": [
            "nc|ncat|netcat ** +re:^(-[A-Za-z]*[ec]|--exec|--sh-exec)",
            "socat ** +re:(?i)(exec|system):"]},
        {"implementation": ["shell", "run_tests"], "action": "allow", "reason": "It only reads.", "command": [
            "ls|cat|head|tail|wc|pwd|echo|grep|egrep|fgrep|cut|tr|cmp|stat|true|false|: **",
            "basename|dirname|realpath|readlink|nl|tac|rev|fold|expand|unexpand|paste|join|comm|od|jq **",
            "cksum|md5sum|sha1sum|sha256sum|sha512sum|seq|df|du|id|whoami|uname|nproc|uptime **",
            "type|which **",
            "command -v **",
            "cd",
            "cd *",
            "exit",
            "exit re:^[0-9]+$",
            "sleep re:^[0-9.]+$",
            "printf re:^[^-] **",
            "test|[ ** !-v !-R",
            "find ** !-delete !-exec* !-ok* !-fprint* !-fls !-files0-from",
            "rg ** !--pre* !--hostname-bin* !--search-zip !re:^-[A-Za-z0-9]*z",
            "sort ** !-*o*",
            "uniq ** !re:^[^-]",
            "uniq re:^[^-]",
            "date ** !re:^[^-+] !re:^-[A-Za-z]*s !--s*",
            "file ** !-*C* !-*z* !-*Z* !--c* !--u*",
            "diff ** !re:^-[A-Za-z0-9]*l !--pa*",
            "sed -n re:^([0-9]+|[$])(,([0-9]+|[$]))?p$ ** !-*",
            "git status|diff|log|show|rev-parse|ls-files ** !--ou* !--ext* !--show-sig* !--textconv !-O* !*%G*",
            "git branch",
            "git branch --list|-l ** !-*",
            "git branch -a|-r|-v|-vv|--all|--remotes|--show-current",
            "git remote",
            "git remote -v"]},
        {"implementation": ["run_tests"], "arguments": {"command": "^$"}, "action": "allow", "reason": "The command is the one that the tool's row names."},
        {"implementation": ["shell", "run_tests"], "action": "ask", "reason": "The command line does more than read, or it is not certain that it does not."},
        {"implementation": ["file_write", "file_edit"], "path": ["**/.git/**", ".git"], "action": "ask", "reason": "Programs run what the files of a repository's own directory say."},
        {"implementation": ["file_*", "list_directory", "search"], "action": "allow", "reason": "Files of the workspace only."},
        {"implementation": ["http_request"], "arguments": {"method": "^(GET|HEAD)?$"}, "action": "allow", "reason": "It only asks, and the tool's row names the hosts."},
        {"implementation": ["http_request"], "action": "ask", "reason": "It may change something on another host."},
        {"implementation": ["run_python"], "action": "allow", "reason": "It runs in the sandbox."},
        {"effect": ["pure", "idempotent", "sql"], "action": "allow", "reason": "Nothing happens, or nothing that a repetition would change."},
        {"action": "ask", "reason": "It does something that cannot be taken back."}]}
$policy$::jsonb);

REVOKE ALL ON FUNCTION agentctl.policy_rules(jsonb) FROM PUBLIC;
INSERT INTO agentctl.role_grant (role, object_type, object, privileges) VALUES
    ('agentctl_reader', 'table', 'agentctl.policies', 'SELECT');
SELECT agentctl.grant_roles();
