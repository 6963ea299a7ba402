import Conversation
import Engine
import JSON
import Store
import Synchronization
import TestSupport
import Tools

/// How much of each request of a long conversation the server has read with the one before.
struct SharedPrefix {
    let plan: Plan
    let database: BenchmarkDatabase

    private struct Count: Sendable {
        var last: [[UInt8]] = []
        var shared = 0
        var all = 0

        mutating func add(_ messages: [[UInt8]]) {
            let same = zip(messages, last).prefix { $0 == $1 }.count
            shared += messages[..<same].reduce(0) { $0 + $1.count }
            all += messages.reduce(0) { $0 + $1.count }
            last = messages
        }
    }

    func measurement() async throws -> Measurement {
        let count = Mutex(Count())
        let messages = plan.isQuick ? 20 : 300
        try await withMockModel(keepsRequests: false) { request in
            let messages = request.messages.map { message in
                var bytes: [UInt8] = []
                message.write(to: &bytes)
                return bytes
            }
            count.withLock { $0.add(messages) }
            return .text(Documents.answer)
        } perform: { model in
            try await database.withRegistry { stores, registry in
                _ = try await stores.definitions.register(Documents.offline + Documents.networked(model.baseURL))
                let client = ConversationClient(
                    conversations: stores.conversations,
                    work: stores.work,
                    registry: registry,
                    services: ToolServices(),
                    logger: .silent
                )
                for number in 1...messages / 2 {
                    let text = "\(number). \(Documents.question)"
                    let summary = try await client.send(.message(text), to: "prefix", agent: "networked") { _ in }
                    guard summary.status == .succeeded else { throw BenchmarkError("turn \(number) failed") }
                }
            }
        }
        let (shared, all) = count.withLock { ($0.shared, $0.all) }
        let percent = 100 * Double(shared) / Double(max(all, 1))
        return Measurement(
            subject: "Share of the input in a prefix that the request before had, \(messages) messages",
            measured: "\(Format.number(percent)) %",
            target: .init(text: "≥ 90 %", isMet: percent >= 90)
        )
    }
}
