import TestSupport

/// What the walk of all commands by all roles calls: one line a command, and what it is about.
struct PrivilegeRow {
    /// Which thing of a user a command is about.
    enum Target: CaseIterable {
        case conversation
        case task
        case plan
        case approval
        /// A conversation that a chain answers in.
        case run
    }

    /// The command: the words before its arguments.
    let command: String
    /// Its arguments; `{}` is the thing that it is about.
    let arguments: [String]
    let target: Target?
    /// Whether what it is about is there: a role that is told that it is not may not use the command.
    let isThere: Bool

    init(_ command: String, _ arguments: [String] = [], about target: Target? = nil, isThere: Bool = false) {
        (self.command, self.arguments, self.target) = (command, arguments, target)
        self.isThere = isThere || target != nil
    }

    /// Commands that need no role in the database: why.
    static let unwalked = [
        "init-db": "who installs: a superuser, or a role that may create schemas in the database",
        "db start": "the private server's user", "db stop": "the private server's user",
        "db status": "the private server's user", "db psql": "as what psql does there",
    ]

    /// What is one command for all kinds of definitions, and walked for functions.
    static let ofEachKind: Set = ["history", "diff", "publish", "rollback", "rm"]

    /// The groups of the other kinds.
    static let otherKinds: Set = [
        "agents", "tools", "models", "policies", "guardrails", "chains", "schedules", "hooks", "plans templates",
        "endpoints",
        "blocks",
    ]

    /// The commands in the order of the help.
    ///
    /// What deletes or closes comes last.
    static func all(file: String, plan: String, export: String) -> [PrivilegeRow] {
        [
            .init("register", ["--dry-run", file]), .init("doctor"),
            .init("users rm", ["nobody", "--yes"]),
            .init("users erase", ["nobody", "--yes"]), .init("users export", ["nobody"]),
            .init("prune", ["--older-than", "900d", "--dry-run"]),
            .init("grants list"), .init("grants add", ["agent", "assistant", "agentctl_client"]),
            .init("grants remove", ["agent", "assistant", "agentctl_client"]),
            .init("send", ["--conversation", "sent", "hello"]), .init("chat", ["--conversation", "said"]),
            .init("work"),
            .init("approvals list"), .init("approvals show", ["{}"], about: .approval),
            .init("approvals approve", ["{}"], about: .approval), .init("approvals deny", ["{}"], about: .approval),
            .init("interrupt", ["{}"], about: .conversation), .init("steer", ["{}", "more"], about: .conversation),
            .init("tasks list"), .init("tasks show", ["{}"], about: .task),
            .init("tasks run", ["Say hello", "--agent", "assistant"]),
            .init("tasks cancel", ["{}"], about: .task), .init("tasks retry", ["{}"], about: .task),
            .init("plan-task", ["List the files"]), .init("plans list"), .init("plans show", ["{}"], about: .plan),
            .init("plans edit", ["{}", plan], about: .plan), .init("plans approve", ["{}"], about: .plan),
            .init("plans run", ["{}"], about: .plan), .init("plans templates list"),
            .init("plans templates show", ["none"]), .init("execute", ["List the files"]),
            .init("schedules list"), .init("schedules show", ["nightly"]), .init("schedules next", ["nightly"]),
            .init("schedules runs", ["nightly"]), .init("schedules run", ["nightly"], isThere: true),
            .init("schedules pause", ["nightly"], isThere: true), .init("schedules resume", ["nightly"], isThere: true),
            .init("hooks list"), .init("hooks show", ["bell"]), .init("hooks deliveries", ["bell"]),
            .init("hooks test", ["bell"]), .init("hooks redeliver", ["1"]),
            .init("memory remember", ["A fact"]), .init("memory recall", ["fact"]), .init("memory list"),
            .init("memory show", ["1"]), .init("memory history", ["1"]), .init("memory forget", ["1"]),
            .init("memory clear", ["--dry-run"]), .init("memory export"), .init("memory import", ["/dev/null"]),
            .init("memory stats"), .init("memory evaluate", [export]), .init("memory purge", ["--yes"]),
            .init("blocks list"), .init("blocks show", ["project"]),
            .init("blocks edit", ["project", "--add", "x"]), .init("blocks undo", ["project"]),
            .init("conversations list"), .init("conversations show", ["{}"], about: .conversation),
            .init("conversations prompt", ["{}"], about: .conversation),
            .init("conversations cancel", ["{}", "--message", "1"], about: .conversation),
            .init("conversations undo", ["{}"], about: .conversation),
            .init("conversations redo", ["{}"], about: .conversation),
            .init("conversations retry", ["{}"], about: .conversation),
            .init("conversations fork", ["{}", "forked"], about: .conversation),
            .init("conversations set", ["{}", "--limit", "timeout=9"], about: .conversation),
            .init("conversations compact", ["{}"], about: .conversation),
            .init("conversations resolve", ["{}/1", "happened", "--call", "1"], about: .conversation),
            .init("conversations grant", ["{}", "--to", "agentctl_reader"], about: .conversation),
            .init("conversations grants"),
            .init("conversations export", ["{}"], about: .conversation),
            .init("conversations import", ["--dry-run", "--as", "imported", export]),
            .init("agents list"), .init("agents show", ["assistant"]), .init("tools list"),
            .init("tools show", ["calculator"]), .init("tools call", ["calculator", #"{"expression": "1+1"}"#]),
            .init("tools export", ["--format", "openai", "calculator"]),
            .init("functions list"), .init("functions show", ["twice"]),
            .init("functions run", ["twice", #"{"n": 1}"#]),
            .init("functions test", ["twice"]), .init("functions diff", ["twice", "1"]),
            .init("functions history", ["twice"]), .init("functions publish", ["twice", "1"], isThere: true),
            .init("functions rollback", ["twice"]), .init("functions rm", ["spare"]),
            .init("models list"), .init("models show", ["offline"]), .init("models test", ["offline"]),
            .init("policies list"),
            .init("policies show", ["default"]), .init("guardrails list"), .init("guardrails show", ["none"]),
            .init("chains list"), .init("chains show", ["pair"]), .init("chains check", [file]),
            .init("chains run", ["pair", "hello"]), .init("chains runs"),
            .init("chains state", ["{}/1"], about: .run),
            .init("chains rerun", ["{}/1", "--from", "one"], about: .run), .init("route", ["hello"]),
            .init("trace", ["{}"], about: .conversation), .init("events", ["{}"], about: .conversation),
            .init("watch", ["--root", "{}/1"], about: .conversation), .init("workers"), .init("endpoints list"),
            .init("endpoints show", ["gateway"]),
            .init("endpoints close", ["https://nowhere.example/v1"]), .init("metrics"),
            .init("conversations close", ["{}"], about: .conversation),
            .init("conversations rm", ["{}", "--yes"], about: .conversation),
        ]
    }

    /// What the commands find: definitions, and of each kind of thing some.
    static let documents = """
        [{"kind": "function", "name": "twice", "source": "def twice(n):\\n    return n * 2", "examples": [
            {"arguments": {"n": 1}, "result": 2}]},
         {"kind": "function", "name": "spare", "source": "def spare():\\n    return 1"},
         {"kind": "chain", "name": "pair", "access": "everyone", "strategy": "sequential", "stages": [
            {"name": "one", "agent": "assistant"}, {"name": "two", "agent": "assistant"}]},
         {"kind": "schedule", "name": "nightly", "cron": "0 3 1 1 *", "message": "hello", "agent": "assistant"},
         {"kind": "endpoint", "name": "gateway", "base_url": "https://nowhere.example/v1"},
         {"kind": "hook", "name": "bell", "url": "http://127.0.0.1:9/bell",
          "events": ["turn_complete"], "secret_env": "BELL_SECRET", "allow_private": true}]
        """
}
