import Conversation
import Engine
import JSON
import Logging
import Store

extension Command {
    /// Submits an operation, waits until it was carried out, and says what it led to.
    ///
    /// - Parameters:
    ///   - conversation: The conversation's id.
    ///   - console: Where it is said.
    ///   - tools: What a turn that has to be worked off before it may use.
    ///   - submit: Submits the operation; returns its number.
    ///   - sentence: What is said of the event that it led to.
    /// - Throws: ``CommandFailure`` when it was refused or failed: ``ExitStatus/refused`` or ``ExitStatus/failed``.
    func operate(
        on conversation: String,
        console: Console,
        tools: ToolOptions,
        submit: @escaping @Sendable (ConversationStore) async throws(StoreError) -> Int64,
        sentence: @escaping @Sendable (ConversationEvent) -> String
    ) async throws -> ExitStatus {
        try await withStores(on: console) { stores in
            let events = try await withEngine(stores, tools) { engine in
                let (client, seq) = (engine.client, try await submit(stores.conversations))
                return try await SignalInterruption.run { try await client.settle(seq, of: conversation) }
            }
            for event in events {
                if console.isJSON { console.print(event.json) }
                if let failure = OperationResult(event).failure(of: conversation) { throw failure }
                if !console.isJSON { console.note(sentence(event)) }
            }
            return .done
        }
    }
}
