-- What every migration ends with. All of it can be run again.

-- What a backslash means in a literal is a setting of the session, also for the text of a routine.
DO $$
DECLARE
    routine regprocedure;
BEGIN
    FOR routine IN
        SELECT p.oid FROM pg_proc AS p
        WHERE p.pronamespace = 'agentctl'::regnamespace AND p.prosrc ~ $r$(?<!E)'[^'\\]*\\$r$
          AND NOT coalesce(p.proconfig, '{}') && '{standard_conforming_strings=on}'
        ORDER BY p.oid
    LOOP
        EXECUTE format('ALTER FUNCTION %s SET standard_conforming_strings = on', routine);
    END LOOP;
END $$;
-- First: who makes partitions has to own what they belong to.
SELECT agentctl.give_to_schema_role();
SELECT agentctl.create_partitions();
SELECT agentctl.comment_definition_views();
-- The agents of a database that had no index of routing.
SELECT agentctl.rebuild_routes() FROM agentctl.route_index AS i WHERE i.language IS NULL;

-- What agents and chains need is decided by a routine of the release.
SELECT agentctl.queue_responders(ARRAY(
    SELECT d.name::text FROM agentctl.definition AS d WHERE d.kind IN ('agent', 'chain')));
-- No routine uses them any more.
DROP TYPE IF EXISTS agentctl.claimer, agentctl.worked_off;

-- The default policy of a new database. One that was changed or taken out of force stays as it is.
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
        {"implementation": ["remember"], "arguments": {"for": "^everyone$"}, "action": "ask", "reason": "All users of the application would be shown it."},
        {"effect": ["pure", "idempotent", "sql"], "action": "allow", "reason": "Nothing happens, or nothing that a repetition would change."},
        {"action": "ask", "reason": "It does something that cannot be taken back."}]}
$policy$::jsonb)
WHERE NOT EXISTS (SELECT FROM agentctl.definition AS d WHERE d.kind = 'policy' AND d.name = 'default');

-- Nobody but the owner reaches a table that matters: writes go through functions, reads through views. Roles belong to
-- the whole server and making them needs CREATEROLE; where the installing user lacks it, everything works for that user
-- alone, and agentctl doctor says which statement an administrator has to run.
SELECT agentctl.grant_roles();
