import Conversation
import Definitions
import Engine
import Functions
import JSON
import Logging
import Sandbox
import TestSupport
import Tools

/// A bench whose process can run code.
struct FunctionBench: Sendable {
    let base: Bench
    let services: ToolServices
    let functions: FunctionStore

    /// Makes a table that says which transaction wrote the row of each call.
    static let transactionsOfCalls = """
        CREATE TABLE public.written (exit_reason text, written_by xid8);
        CREATE FUNCTION public.keep() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
        BEGIN
            INSERT INTO public.written VALUES (NEW.exit_reason, pg_current_xact_id());
            RETURN NULL;
        END $$;
        CREATE TRIGGER keep AFTER INSERT ON agentctl.function_call FOR EACH ROW EXECUTE FUNCTION public.keep();
        """

    /// Stores a function that is written as JSON members.
    @discardableResult
    func store(_ members: JSONObject) async throws -> Registration {
        var document: JSONObject = ["kind": "function"]
        for member in members { document[member.key] = member.value }
        return try await functions.store(.object(document))
    }

    /// Calls a function.
    func run(_ name: String, _ arguments: JSONValue = [:]) async throws -> FunctionOutcome {
        try await functions.execute(name, arguments: arguments).outcome
    }

    /// A worker that runs functions.
    func worker(_ configuration: WorkerConfiguration = .init(slots: 8)) -> Worker {
        Worker(
            store: base.work,
            registry: base.registry,
            services: services,
            configuration: configuration,
            logger: .silent
        )
    }

    /// Sends a message and processes it here.
    func send(_ message: String, to conversation: String = "c") async throws -> TurnSummary {
        let client = ConversationClient(
            conversations: base.conversations,
            work: base.work,
            registry: base.registry,
            services: services,
            logger: .silent
        )
        return try await client.send(.message(message), to: conversation) { _ in }
    }
}

/// Runs a test over a new database, with a sandbox.
func withFunctions<Result>(
    secrets: [String: String] = [:],
    _ body: (FunctionBench) async throws -> Result
) async throws -> Result {
    try await withBench { bench in
        let sandbox = Sandbox(SandboxConfiguration(spareWorkers: 1), logger: .silent)
        let services = ToolServices(sandbox: sandbox, queries: bench.queries, secrets: Secrets(environment: secrets))
        do {
            let result = try await body(
                FunctionBench(
                    base: bench,
                    services: services,
                    functions: FunctionStore(
                        definitions: bench.definitions,
                        work: bench.work,
                        queries: bench.queries,
                        services: services
                    )
                )
            )
            await sandbox.shutdown()
            return result
        } catch {
            await sandbox.shutdown()
            throw error
        }
    }
}
