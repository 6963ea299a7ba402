import HTTP
import JSON
import Testing

@testable import Conversation
@testable import Wire

/// A stream of an answer, as a test cuts and changes it.
struct AnswerStream {
    /// The events, each of them JSON.
    var events: [AnswerEvent]

    /// The bytes on the wire.
    var bytes: [UInt8] {
        events.flatMap { ServerSentEvent(event: $0.name, data: $0.data).wireText.utf8 }
    }

    /// What a client reads, as far as it is compared.
    struct Outcome: Equatable {
        var answer: ServerAnswer?
        var natives: [NativeCall?] = []
        var error: ServerAnswerError?
        var shown = ""
    }

    /// What a client reads of the events.
    func outcome(with assembler: some AnswerAssembler) -> Outcome {
        Self.outcome(of: events.map { ($0.name, $0.data) }, with: assembler)
    }

    /// What a client reads of bytes that come in pieces.
    static func outcome(of pieces: [[UInt8]], with assembler: some AnswerAssembler) throws -> Outcome {
        var parser = ServerSentEventParser()
        var events: [ServerSentEvent] = []
        for piece in pieces { events += try parser.consume(piece) }
        return outcome(of: events.map { ($0.event, $0.data) }, with: assembler)
    }

    private static func outcome(
        of events: [(name: String?, data: String)],
        with assembler: some AnswerAssembler
    ) -> Outcome {
        var assembler = assembler
        var outcome = Outcome()
        do throws(ServerAnswerError) {
            for event in events {
                try assembler.consume(event: event.data, named: event.name) { delta in
                    if case .text(let text) = delta { outcome.shown += text }
                }
            }
            let answer = try assembler.answer()
            outcome.answer = answer
            outcome.natives = answer.message.toolCalls.map(\.native)
        } catch {
            outcome.error = error
        }
        return outcome
    }

    /// The same stream with one change, for each place in each of its events.
    func changed(_ change: (JSONValue) -> JSONValue?) -> [(place: String, stream: AnswerStream)] {
        events.indices.flatMap { index -> [(place: String, stream: AnswerStream)] in
            guard let value = try? JSONValue(parsing: events[index].data) else { return [] }
            return value.paths.map { path in
                var stream = self
                let changed = value.changing(path[...], change) ?? .null
                stream.events[index] = AnswerEvent(events[index].name, data: changed.text)
                return ("event \(index) \(path.joined(separator: "."))", stream)
            }
        }
    }
}

extension JSONValue {
    /// The places of all members, and of the value itself.
    fileprivate var paths: [[String]] {
        switch self {
        case .object(let members): [[]] + members.flatMap { member in member.value.paths.map { [member.key] + $0 } }
        case .array(let items): [[]] + items.indices.flatMap { index in items[index].paths.map { ["\(index)"] + $0 } }
        default: [[]]
        }
    }

    /// The value with what is at a place replaced, or removed for nil.
    fileprivate func changing(_ path: ArraySlice<String>, _ change: (JSONValue) -> JSONValue?) -> JSONValue? {
        guard let name = path.first else { return change(self) }
        switch self {
        case .object(var members):
            members[name] = (members[name] ?? .null).changing(path.dropFirst(), change)
            return .object(members)
        case .array(var items):
            guard let index = Int(name) else { return self }
            if let item = items[index].changing(path.dropFirst(), change) {
                items[index] = item
            } else {
                items.remove(at: index)
            }
            return .array(items)
        default: return self
        }
    }
}

/// What every codec of a stream has to withstand.
func expectRobust<Assembler: AnswerAssembler>(_ stream: AnswerStream, _ make: () -> Assembler) throws {
    let whole = stream.outcome(with: make())
    let answer = try #require(whole.answer)
    #expect(whole.shown == answer.message.content)
    let bytes = stream.bytes
    // Cut in two, at every byte.
    for cut in 0...bytes.count {
        let outcome = try AnswerStream.outcome(of: [Array(bytes[..<cut]), Array(bytes[cut...])], with: make())
        #expect(outcome == whole, "cut at \(cut)")
    }
    // In pieces of one size.
    for size in [1, 2, 3, 7, 64, 1_000] {
        let pieces = stride(from: 0, to: bytes.count, by: size).map { Array(bytes[$0..<min($0 + size, bytes.count)]) }
        #expect(try AnswerStream.outcome(of: pieces, with: make()) == whole, "pieces of \(size)")
    }
    // Ended at every byte: the same answer, but for what was counted, or none.
    for end in 0..<bytes.count {
        let outcome = try AnswerStream.outcome(of: [Array(bytes[..<end])], with: make())
        if let early = outcome.answer {
            #expect(early.message == answer.message && early.finishReason == answer.finishReason, "ended at \(end)")
        } else {
            let isTyped =
                if case .truncated? = outcome.error { true } else {
                    outcome.error == .malformed("the server sent no answer")
                }
            #expect(isTyped, "ended at \(end): \(String(describing: outcome.error))")
        }
    }
    // Members that nobody knows.
    for (place, changed) in stream.changed({ value in
        guard case .object(var members) = value else { return value }
        members["x_unknown"] = ["a": [1, .null]]
        return .object(members)
    }) where !place.contains("input") && !place.contains("arguments") {
        let outcome = changed.outcome(with: make())
        #expect(outcome.answer == answer, "an unknown member in \(place)")
    }
    // Members that are missing, null or of another type: the same answer, another whole one, or a typed error.
    let wrong: [JSONValue?] = [nil, .null, 7, "x", [], [:], true, -1.5]
    for replacement in wrong {
        for (place, changed) in stream.changed({ _ in replacement }) {
            let outcome = changed.outcome(with: make())
            #expect((outcome.answer == nil) != (outcome.error == nil), "\(place)")
            for call in outcome.answer?.message.toolCalls ?? [] {
                #expect(!call.name.isEmpty && !call.id.isEmpty, "\(place)")
            }
        }
    }
}
