import JSON
import Postgres
import TestSupport
import Testing

@testable import Engine
@testable import Store

/// Numbers that are the same in every run.
private struct Dice: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// Files that were changed at random: refused with a reason and without a trace, or whole.
@Suite struct ExchangeFuzzTests {
    private static let values: [JSONValue] = [
        nil, true, -1, 0, 1, 2, 3, 1.5, 1e300, .integer(.max), "", "x", "once", "always", "idle", "ready", "parked",
        "waiting",
        "agent/assistant/1", "2026-02-31T00:00:00+00:00", "2020-05-01T00:00:00+00:00", [], [[]], [:], ["message": 1],
    ]

    /// A document with one value changed, taken away, doubled or moved.
    private static func mutated(_ value: JSONValue, _ dice: inout Dice) -> JSONValue {
        switch value {
        case .object(var object) where !object.isEmpty:
            let key = object.keys.randomElement(using: &dice) ?? ""
            if Int.random(in: 0..<12, using: &dice) == 0 {
                object[key] = nil
            } else if Int.random(in: 0..<20, using: &dice) == 0 {
                object["unknown"] = 1
            } else {
                object[key] = object[key].map { mutated($0, &dice) }
            }
            return .object(object)
        case .array(var items) where !items.isEmpty:
            let index = Int.random(in: items.indices, using: &dice)
            switch Int.random(in: 0..<8, using: &dice) {
            case 0: items.remove(at: index)
            case 1: items.insert(items[index], at: index)
            case 2: items.swapAt(index, Int.random(in: items.indices, using: &dice))
            default: items[index] = mutated(items[index], &dice)
            }
            return .array(items)
        case .integer(let number) where Bool.random(using: &dice):
            return .integer(number &+ Int64.random(in: -2...2, using: &dice))
        default: return values.randomElement(using: &dice) ?? .null
        }
    }

    /// The rows that a conversation has left in any table.
    private static let traces: PostgresStatement = """
        SELECT concat_ws(' ', (SELECT count(*) FROM agentctl.conversation), (SELECT count(*) FROM agentctl.conversation_control),
            (SELECT count(*) FROM agentctl.submission), (SELECT count(*) FROM agentctl.message), (SELECT count(*) FROM agentctl.turn),
            (SELECT count(*) FROM agentctl.step), (SELECT count(*) FROM agentctl.tool_call), (SELECT count(*) FROM agentctl.approval),
            (SELECT count(*) FROM agentctl.compaction), (SELECT count(*) FROM agentctl.function_call),
            (SELECT count(*) FROM agentctl.security_event), (SELECT count(*) FROM agentctl.events),
            (SELECT count(*) FROM agentctl.turn_progress), (SELECT count(*) FROM agentctl.definition_version)) AS text
        """

    @Test func aChangedFileIsRefusedOrWhole() async throws {
        try await ExchangeBench.withTwo { first, second, _ in
            try await ExchangeBench.fill(first)
            let original = try JSONValue(parsing: try await first.exported())
            var dice = Dice(state: 20_261_121)
            var taken = 0
            var refused = 0
            for number in 0..<300 {
                var value = original
                for _ in 0...Int.random(in: 0...1, using: &dice) { value = Self.mutated(value, &dice) }
                let before = try await second.text(Self.traces)
                let id = "fuzz \(number)"
                do throws(StoreError) {
                    // Half of them past the schema, straight to the database.
                    if number.isMultiple(of: 2) {
                        let file: ConversationFile
                        do throws(ConversationFileError) {
                            file = try ConversationFile(parsing: Array(value.text.utf8))
                        } catch {
                            #expect(!error.problems.isEmpty)
                            refused += 1
                            continue
                        }
                        var options = ImportOptions()
                        options.id = id
                        _ = try await second.conversations.importConversation(file, options: options)
                    } else {
                        _ = try await Database(client: second.client).onLeased(
                            "SELECT agentctl.import_conversation($1::jsonb, $2)",
                            [.json(JSONText(value)), .text(id)]
                        )
                    }
                } catch {
                    let isTold = [StoreError.Code.invalid, .refused].contains(error.code) && !error.message.isEmpty
                    #expect(isTold, "\(number): \(error.code) \(error)")
                    #expect(try await second.text(Self.traces) == before, "\(number)")
                    refused += 1
                    continue
                }
                taken += 1
                // Whatever was taken is a conversation: it is written out, and what is written is taken again.
                let written = try await second.exported(id)
                let again = try await second.imported(written) { $0.id = "\(id) again" }
                #expect(again.conversation == "\(id) again")
            }
            #expect(taken > 20 && refused > 100, "\(taken) taken, \(refused) refused")
        }
    }
}
