import JSON
import Postgres
import Synchronization
import TestSupport
import Testing

import struct FoundationEssentials.UUID

@testable import Conversation
@testable import Engine
@testable import Safety
@testable import Store
@testable import Tools

/// A tool with an effect: what it does is written into a ledger that no crash of the engine undoes.
final class Ledger: Sendable {
    struct Entry: Hashable, Sendable {
        let entry: String
        let key: String?
    }

    private let entries = Mutex<[Entry]>([])
    private let gate: MockGate?

    /// A ledger.
    ///
    /// - Parameter gate: What each call waits for after it was written down.
    init(gate: MockGate? = nil) {
        self.gate = gate
    }

    var all: [Entry] { entries.withLock { $0 } }

    /// The implementations `ledger`, which writes into this ledger, and `row`, which writes into a table.
    var implementations: [ToolImplementation] {
        let parameters = [ToolParameter.required("entry", .string(maximumLength: 100), "What to write.")]
        return [
            ToolImplementation(
                name: "ledger",
                description: "Writes into the ledger.",
                effect: .unsafe,
                parameters: parameters,
                configurationMembers: [],
                make: { settings, _ in LedgerTool(settings: settings, ledger: self) }
            ),
            ToolImplementation(
                name: "row",
                description: "Writes into a table.",
                effect: .sql,
                parameters: parameters,
                configurationMembers: [],
                make: { settings, _ in RowTool(settings: settings) }
            ),
        ]
    }

    /// Waits until something was written.
    func written() async throws {
        try await eventually("an entry in the ledger") { !all.isEmpty }
    }

    fileprivate func write(_ entry: String, key: String?) async throws(ToolError) {
        entries.withLock { $0.append(Entry(entry: entry, key: key)) }
        do { try await gate?.pass() } catch { throw ToolError(.cancelled, "Stopped.") }
    }
}

private struct LedgerTool: ImplementedTool {
    let settings: ToolSettings
    let ledger: Ledger

    func call(_ arguments: JSONValue, in context: ToolContext) async throws(ToolError) -> ToolOutput {
        let entry = arguments["entry"]?.stringValue ?? ""
        try await ledger.write(entry, key: context.idempotencyKey?.uuidString)
        // What others wrote may look like anything.
        return ToolOutput(entry.hasPrefix("=") ? String(entry.dropFirst()) : "wrote \(entry)")
    }
}

private struct RowTool: ImplementedTool, TransactionalTool {
    let settings: ToolSettings

    func call(_ arguments: JSONValue, in context: ToolContext) async throws(ToolError) -> ToolOutput {
        throw ToolError(.failed, "not within a transaction")
    }

    func call(
        _ arguments: JSONValue,
        in context: ToolContext,
        within connection: PostgresConnection
    ) async throws(ToolError) -> ToolOutput {
        let entry = arguments["entry"]?.stringValue ?? ""
        do {
            try await connection.query("INSERT INTO public.ledger (entry) VALUES ($1)", [.text(entry)])
            if entry == "refused" { try await connection.query("SELECT 1 / 0") }
        } catch {
            throw ToolError(.failed, "the database refused it")
        }
        return ToolOutput("stored \(entry)")
    }
}

extension Bench {
    /// A bench whose tool rows can name the implementations of a ledger, with agents that use them.
    static func with(
        _ ledger: Ledger,
        model: MockModel,
        policy: (any CallPolicy)? = nil,
        _ body: (Bench) async throws -> Void
    ) async throws {
        try await withDatabase(template: .migrated) { url in
            try await withBench(url: url, implementations: ledger.implementations, policy: policy ?? PermissivePolicy())
            { bench in
                try await bench.client.withConnection {
                    try await $0.executeScript(
                        """
                        CREATE TABLE public.ledger (entry text PRIMARY KEY);
                        UPDATE agentctl.document_field SET allowed = allowed || '{ledger,row}'
                        WHERE kind = 'tool' AND path = 'implementation';
                        """
                    )
                }
                try await bench.register(
                    """
                    [{"kind": "model", "name": "mock", "provider": "openai", "base_url": "\(model.baseURL)", "model": "m"},
                     {"kind": "tool", "name": "write", "description": "Writes.", "implementation": "ledger", "effect": "unsafe"},
                     {"kind": "tool", "name": "store", "description": "Stores.", "implementation": "row", "effect": "sql"},
                     {"kind": "tool", "name": "calculator", "description": "Calculates.", "implementation": "calculator"},
                     {"kind": "agent", "name": "assistant", "model": "mock", "tools": ["write", "store", "calculator"]}]
                    """
                )
                try await body(bench)
            }
        }
    }

    /// Counts a worker as lost and makes what it holds ready for others, as a crash of its process does some time ago.
    func lose(_ worker: Int64) async throws {
        try await client.query(
            "UPDATE agentctl.worker SET heartbeat_at = heartbeat_at - interval '1 minute' WHERE id = $1",
            [.integer(worker)]
        )
        _ = try await work.reap()
        try await client.query(
            "UPDATE agentctl.conversation_control SET lease_until = lease_until - interval '1 minute'"
        )
    }

    /// Processes what a new worker can claim; the worker's id comes first, in case it is to be lost.
    func process(
        _ began: (Int64) -> Void = { _ in },
        term: LeaseTerm? = nil
    ) async throws -> TurnProcessor.Outcome? {
        let (worker, claim) = try await claim()
        began(worker)
        guard let claim else { return nil }
        let loop = TurnLoop(registry: registry, services: ToolServices(queries: queries), maximumAttempts: 5)
        let processor = TurnProcessor(
            context: .made(work, worker, term: term),
            loop: loop,
            policy: .release
        )
        return await processor.process(claim, claiming: { 0 }) { _ in }
    }
}
