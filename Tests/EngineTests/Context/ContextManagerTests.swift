import Testing

@testable import Conversation
@testable import Definitions
@testable import Engine
@testable import Models

/// What the model is shown, for histories that no engine should write.
@Suite struct ContextManagerTests {
    @Test func anyHistoryIsBroughtIntoOrder() {
        for seed in 0..<3_000 {
            var random = HistoryGenerator(seed: UInt64(seed))
            let history = random.history(upTo: 40)
            let repaired = TranscriptRepair.repaired(history[...])
            #expect(complaint(about: repaired) == nil, "seed \(seed)")
            #expect(TranscriptRepair.isInOrder(repaired), "seed \(seed)")
            // Repairing again changes nothing, and nobody's words are lost.
            #expect(TranscriptRepair.repaired(repaired) == repaired)
            #expect(
                repaired.filter { $0.role == .user }.map(\.content)
                    == history.filter { $0.role == .user }.map(\.content)
            )
            #expect(repaired.count { $0.role == .assistant } == history.count { $0.role == .assistant })
            let said = Set(history.map(\.content))
            #expect(repaired.allSatisfy { said.contains($0.content) || $0.content == TranscriptRepair.missingOutput })
        }
    }

    @Test func whatIsShownFitsAndKeepsItsInvariants() {
        for seed in 0..<4_000 {
            var random = HistoryGenerator(seed: UInt64(seed))
            let history = random.history(upTo: 40)
            let turn = random.turn(upTo: 5)
            let manager = ContextManager(
                systemPrompt: random.once(in: 3) ? "" : "You are " + random.text(upTo: 20),
                messageLimit: Int.random(in: 0...50, using: &random),
                tokenLimit: random.once(in: 5) ? nil : Int.random(in: 20...6_000, using: &random),
                fixedBytes: Int.random(in: 0...300, using: &random)
            )
            let summary = random.once(in: 2) ? random.text(upTo: 200) : nil
            let past = manager.past(of: history)
            let messages = manager.messages(summary: summary, past: past, turn: turn)
            #expect(complaint(about: messages) == nil, "seed \(seed)")
            #expect(past.count <= manager.messageLimit && past.first.map { $0.role == .user } ?? true)
            #expect(manager.systemPrompt.isEmpty || messages.first == .system(manager.systemPrompt))
            #expect(messages.contains(turn[0]), "seed \(seed): the user's message was left out")
            #expect(messages.last?.role == TranscriptRepair.repaired(turn[...]).last?.role)
            if let limit = manager.tokenLimit, manager.bytes(of: messages) > limit * 4 {
                // What does not fit then is what always stays: instructions, the user's message, the last round.
                let rest = messages.drop { $0.role == .system }
                #expect(rest.first == turn[0], "seed \(seed)")
                #expect(rest.count { $0.role == .assistant } <= 1, "seed \(seed)")
                #expect(
                    rest.allSatisfy { $0.role != .tool || $0.content.utf8.count <= ContextDraft.shortestOutput },
                    "seed \(seed)"
                )
            }
        }
    }

    @Test func nothingIsChangedThatFits() {
        let call = ToolCallRequest(id: "a", name: "t", arguments: "{}")
        let history: [ChatMessage] = [
            .user("1"), .assistant("", toolCalls: [call]), .tool(String(repeating: "x", count: 9_000), for: call),
            .assistant("2"),
        ]
        let manager = ContextManager(systemPrompt: "s", tokenLimit: 3_000)
        #expect(manager.past(of: history) == history[...])
        let shown = manager.messages(past: manager.past(of: history), turn: [.user("3")])
        #expect(shown == [.system("s")] + history + [.user("3")])
        // The same storage: no copy was made.
        history.withUnsafeBufferPointer { whole in
            manager.past(of: history).withUnsafeBufferPointer { #expect($0.baseAddress == whole.baseAddress) }
        }
    }

    @Test func longOutputsAreCutInTheMiddleOldestFirstAndOnlyAsFarAsNeeded() throws {
        let calls = ["a", "b"].map { ToolCallRequest(id: $0, name: "t", arguments: "{}") }
        let old = String(repeating: "0", count: 4_000) + "end"
        let new = String(repeating: "1", count: 4_000)
        let history: [ChatMessage] = [
            .user("1"), .assistant("", toolCalls: calls), .tool(old, for: calls[0]), .tool(new, for: calls[1]),
        ]
        let manager = ContextManager(tokenLimit: 1_600)
        let shown = manager.messages(past: manager.past(of: history), turn: [.user("2")])
        try #require(shown.count == 5)
        #expect(shown[2].content.hasPrefix("000") && shown[2].content.hasSuffix("end"))
        #expect(shown[2].content.contains("bytes left out here"))
        #expect(shown[3].content == new)
        #expect((6_300...6_400).contains(manager.bytes(of: shown)))
    }

    @Test func earlierTurnsGoBeforeTheTurnsOwnRounds() {
        let call = ToolCallRequest(id: "a", name: "t", arguments: "{}")
        let long = String(repeating: "x", count: 400)
        let history: [ChatMessage] = [.user("old" + long), .assistant(long), .user("new" + long), .assistant(long)]
        let turn: [ChatMessage] = [.user("now"), .assistant("", toolCalls: [call]), .tool(long, for: call)]
        let manager = ContextManager(tokenLimit: 380)
        let shown = manager.messages(past: manager.past(of: history), turn: turn)
        #expect(shown == Array(history[2...]) + turn)
        let tight = ContextManager(tokenLimit: 10)
        let least = tight.messages(
            summary: "s",
            past: tight.past(of: history),
            turn: turn + [.assistant("", toolCalls: [call])]
        )
        #expect(least.map(\.role) == [.user, .assistant, .tool])
        #expect(least.last?.content == TranscriptRepair.missingOutput)
    }

    @Test func whatTheProviderReportsCorrectsTheEstimateWithinBounds() {
        let estimator = TokenEstimator()
        #expect(estimator.tokens(forBytes: 401) == 101)
        estimator.learn(bytes: 4_000, usage: TokenUsage(input: 1_500, output: 1))
        #expect(estimator.correction == 1.5)
        estimator.learn(bytes: 4_000, usage: TokenUsage(input: 500, output: 1))
        #expect(estimator.correction == 1)
        estimator.learn(bytes: 4_000, usage: TokenUsage(input: 100_000, output: 1))
        #expect(estimator.correction == 2)
        for _ in 0..<9 { estimator.learn(bytes: 4_000, usage: TokenUsage(input: 1, output: 1)) }
        #expect(estimator.correction == 0.5)
        // An estimate teaches nothing, nor does a request that is mostly frame.
        estimator.learn(bytes: 4_000, usage: TokenUsage(input: 2_000, output: 1, isEstimated: true))
        estimator.learn(bytes: 10, usage: TokenUsage(input: 2_000, output: 1))
        #expect(estimator.correction == 0.5)
    }

    @Test func aCutTextKeepsItsEndsAndItsBound() {
        for seed in 0..<500 {
            var random = HistoryGenerator(seed: UInt64(seed))
            let text = random.text(upTo: 600)
            let limit = Int.random(in: 60...400, using: &random)
            let cut = text.cutInTheMiddle(to: limit)
            #expect(cut.utf8.count <= max(limit, 0), "seed \(seed)")
            if text.utf8.count <= limit { #expect(cut == text) }
            #expect(!cut.unicodeScalars.contains("\u{FFFD}"))
        }
    }
}
