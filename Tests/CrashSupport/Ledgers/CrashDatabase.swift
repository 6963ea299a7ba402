import Engine
public import JSON
import Logging
public import Postgres
import Store

/// The database of a run: definitions for the mock model and the effect ledger, and a record of who changed what.
public struct CrashDatabase: Sendable {
    /// Connections that nothing disturbs.
    public let client: PostgresClient

    /// Opens the database of a URL.
    public init(url: String) throws {
        client = PostgresClient(
            try PostgresConfiguration(url: url),
            logger: Logger(label: "crash") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    /// The variable that tells a process its name; the model is told it as the key.
    public static let nameVariable = "CRASH_WORKER"

    /// Prepares a database that has the schema.
    ///
    /// - Parameters:
    ///   - model: The base URL of the mock model.
    ///   - effectPort: The port of the effect ledger.
    ///   - timeToLive: Seconds without a heartbeat after which a worker counts as lost.
    public func prepare(model: String, effectPort: Int, timeToLive: Double) async throws {
        try await client.withConnection { connection in
            try await connection.executeScript(Self.audit)
            try await connection.executeScript(
                "UPDATE agentctl.setting SET value = '\(timeToLive)' WHERE name = 'worker_ttl'"
            )
        }
        let documents = try JSONValue(parsing: Self.documents(model: model, effectPort: effectPort))
        let definitions = Stores(client: client).definitions
        _ = try await definitions.register(documents.arrayValue ?? [])
        // What another one names has to be there before it.
        for text in Self.chainDocuments(effects: "http://127.0.0.1:\(effectPort)") {
            let value = try JSONValue(parsing: text)
            _ = try await definitions.register(value.arrayValue ?? [value])
        }
    }

    /// The rows of a query as JSON objects.
    ///
    /// - Parameters:
    ///   - query: The query.
    ///   - connection: A transaction whose changes are to be seen; nil for what is committed.
    public func rows(_ query: String, within connection: PostgresConnection? = nil) async throws -> [JSONValue] {
        let statement = PostgresStatement("SELECT to_jsonb(x)::text AS row FROM (\(query)) AS x")
        let rows =
            if let connection { try await connection.query(statement) } else { try await client.query(statement) }
        return try rows.map { try JSONValue(parsing: $0.decode("row", as: String.self)) }
    }

    /// Whether a query's one value is true.
    public func isTrue(_ query: String) async throws -> Bool {
        try await client.query(PostgresStatement("SELECT (\(query))::text AS value")).first?
            .decode("value", as: String?.self) == "true"
    }

    /// The calls in doubt of which a person can say what became of them: nobody is left who believes that it is to make them.
    public func callsInDoubt() async throws -> [JSONValue] {
        try await rows(
            """
            SELECT d.* FROM agentctl.calls_in_doubt AS d JOIN agentctl.conversation_control AS c USING (conversation_id)
            WHERE d.waits AND (c.lease_until IS NULL OR c.lease_until < clock_timestamp())
            """
        )
    }

    private static func documents(model: String, effectPort: Int) -> String {
        let remote = """
            "implementation": "http_request", "timeout": 60,
            "configuration": {"allowed_hosts": ["127.0.0.1:\(effectPort)"], "allow_private": true, "methods": ["GET", "POST"]}
            """
        return """
            [{"kind": "model", "name": "mock", "provider": "openai", "base_url": "\(model)", "model": "mock-1",
              "api_key_env": "\(nameVariable)", "idle_timeout": 60, "prices": {"input": 1, "output": 2}},
             {"kind": "tool", "name": "pure", "description": "Calculates.", "implementation": "calculator"},
             {"kind": "tool", "name": "idempotent", "description": "May be repeated.", "effect": "idempotent", \(remote)},
             {"kind": "tool", "name": "unsafe", "description": "Must not be repeated.", "effect": "unsafe", \(remote)},
             {"kind": "tool", "name": "asking", "description": "A person is asked.", "effect": "unsafe", \(remote)},
             {"kind": "function", "name": "sql", "description": "Books.", "language": "sql", "effect": "sql",
              "read_only": false, "source": "INSERT INTO public.booking (marker) VALUES (:marker) RETURNING marker",
              "input_schema": {"type": "object", "properties": {"marker": {"type": "string"}}, "required": ["marker"]}},
             {"kind": "agent", "name": "assistant", "model": "mock", "system_prompt": "Do as you are told.",
              "tools": ["pure", "idempotent", "unsafe", "asking"], "functions": ["sql"], "max_iterations": 1000,
              "delegates": ["middle", "low", "leaf"], "chain_strategy": "parallel"},
             {"kind": "agent", "name": "eager", "model": "mock", "system_prompt": "Do as you are told.",
              "tools": ["pure", "idempotent", "unsafe", "asking"], "functions": ["sql"], "max_iterations": 1000,
              "when_busy": "steer", "delegates": ["middle", "low", "leaf"], "chain_strategy": "parallel"},
             {"kind": "agent", "name": "middle", "model": "mock", "delegates": ["low"], "chain_strategy": "parallel"},
             {"kind": "agent", "name": "low", "model": "mock", "delegates": ["leaf"], "chain_strategy": "parallel"},
             {"kind": "agent", "name": "leaf", "model": "mock", "tools": ["unsafe"]}]
            """
    }

    /// Every change of a conversation's control row, with the name of the process that made it.
    ///
    /// What the workers know of their leases does not matter here: the row says who holds it, and the session says who
    /// writes.
    private static let audit = """
        CREATE TABLE public.booking (number bigint GENERATED ALWAYS AS IDENTITY, marker text NOT NULL);
        GRANT SELECT, INSERT ON public.booking TO agentctl_query;
        CREATE TABLE public.change (
            number bigint GENERATED ALWAYS AS IDENTITY, application text, conversation_id text, old jsonb, new jsonb,
            transaction text NOT NULL DEFAULT pg_current_xact_id()::text);
        CREATE TABLE public.start (worker_id bigint PRIMARY KEY, application text);
        CREATE FUNCTION public.audit_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = public, pg_temp AS $$
        BEGIN
            INSERT INTO change (application, conversation_id, old, new)
            VALUES (split_part(current_setting('application_name'), ' statement ', 1), new.conversation_id, to_jsonb(old), to_jsonb(new));
            RETURN NULL;
        END $$;
        CREATE FUNCTION public.audit_start() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = public, pg_temp AS $$
        BEGIN
            INSERT INTO start VALUES (new.id, current_setting('application_name'));
            RETURN NULL;
        END $$;
        CREATE TRIGGER audit AFTER UPDATE ON agentctl.conversation_control
            FOR EACH ROW EXECUTE FUNCTION public.audit_change();
        CREATE TRIGGER audit AFTER INSERT ON agentctl.worker FOR EACH ROW EXECUTE FUNCTION public.audit_start();
        """
}
