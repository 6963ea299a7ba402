import Conversation
import JSON
import TestSupport
import Testing

import struct FoundationEssentials.Date
import struct FoundationEssentials.UUID

@testable import Engine
@testable import Store

@Suite struct MessageMemoryTests {
    /// A memory that changes inside of expectations.
    private final class Memory {
        private var memory: MessageMemory

        init(_ memory: MessageMemory = MessageMemory()) { self.memory = memory }

        var bytes: Int { memory.bytes }

        func keep(_ record: TurnRecord, after claim: ClaimedSubmission, at now: ContinuousClock.Instant) -> Bool {
            memory.keep(record, after: claim, at: now)
        }

        func take(_ claim: ClaimedSubmission, from first: Int64) -> PastMessages? { memory.take(claim, from: first) }
    }

    private func claim(_ conversation: String, last: Int64 = 0, _ past: PastMessages) -> ClaimedSubmission {
        ClaimedSubmission(
            conversation: conversation,
            seq: last / 2 + 1,
            lease: UUID(),
            attempt: 1,
            operation: .message,
            body: ["message": "hello"],
            agent: "assistant",
            epoch: 1,
            submittedAt: .now,
            generation: 1,
            settings: nil,
            progress: nil,
            task: nil,
            lastMessage: last,
            history: past,
            defect: nil
        )
    }

    private func turn(_ reply: String) -> TurnRecord {
        var record = TurnRecord(agent: "assistant")
        record.messages = [.user("hello"), .assistant(reply)]
        return record
    }

    @Test func whatIsKeptIsTakenOnceAndFromANumberOn() throws {
        let memory = Memory()
        #expect(memory.keep(turn("a\u{0}b"), after: claim("c", .sent([], summary: nil)), at: .now))
        let next = claim("c", last: 2, .known(from: 2))
        let past = PastMessages.sent([NumberedMessage(number: 2, message: .assistant("a\u{FFFD}b"))], summary: nil)
        #expect(memory.take(next, from: 2) == past)
        #expect(memory.take(next, from: 2) == nil && memory.bytes == 0)
        // Nothing of another conversation, and nothing that does not go up to its last message.
        #expect(memory.keep(turn("x"), after: claim("c", .sent([], summary: nil)), at: .now))
        #expect(memory.take(claim("d", last: 2, .known(from: 1)), from: 1) == nil)
        #expect(memory.take(claim("c", last: 4, .known(from: 1)), from: 1) == nil)
    }

    @Test func whatIsNotWholeIsNotKept() {
        let memory = Memory()
        // A run of a chain is shown nothing of what was said.
        #expect(!memory.keep(turn("x"), after: claim("c", last: 2, .sent([], summary: nil)), at: .now))
        var summarizing = turn("x")
        summarizing.steps = [StepRecord(.compaction, offset: .zero)]
        #expect(!memory.keep(summarizing, after: claim("c", .sent([], summary: nil)), at: .now))
        let long = turn(String(repeating: "x", count: MessageMemory.largest))
        #expect(!memory.keep(long, after: claim("c", .sent([], summary: nil)), at: .now))
        #expect(memory.keep(turn("x"), after: claim("c", last: 2, .sent([], summary: "s")), at: .now))
        // What is not kept is not what was kept before either.
        #expect(!memory.keep(long, after: claim("c", last: 4, .sent([], summary: "s")), at: .now))
        #expect(memory.take(claim("c", last: 4, .known(from: 1)), from: 1) == nil && memory.bytes == 0)
    }

    @Test func whatIsOldMakesRoomAndWhatIsNewDoesNot() {
        let memory = Memory(MessageMemory(maximumBytes: 10_000))
        let start = ContinuousClock.now
        var kept = 0
        while memory.keep(turn("x"), after: claim("c\(kept)", .sent([], summary: nil)), at: start) { kept += 1 }
        #expect(kept > 10 && memory.bytes <= 10_000)
        let later = start + MessageMemory.leastTime
        #expect(memory.take(claim("c1", last: 2, .known(from: 1)), from: 1) != nil)
        for number in 0..<5 {
            #expect(memory.keep(turn("x"), after: claim("d\(number)", .sent([], summary: nil)), at: later))
        }
        #expect(memory.bytes <= 10_000)
        // The oldest have gone.
        #expect(memory.take(claim("c0", last: 2, .known(from: 1)), from: 1) == nil)
        #expect(memory.take(claim("c\(kept - 1)", last: 2, .known(from: 1)), from: 1) != nil)
        #expect(memory.take(claim("d4", last: 2, .known(from: 1)), from: 1) != nil)
    }
}
