import JSON

@testable import Conversation
@testable import Wire

/// Makes values at random that a conversation can hold; a seed makes the same ones each time.
struct ChatCompletionGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    /// SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    /// What breaks codecs: quotes, line ends of every kind, control characters, composed and far characters, framing.
    private static let fragments = [
        "a", "Z", " ", "0", "\"", "\\", "/", "\n", "\r", "\r\n", "\t", "\u{8}", "\u{1}", "\u{7F}", "\u{2028}", "é",
        "e\u{301}",
        "ß", "漢字", "👋🏽", "👨‍👩‍👧", "\u{FEFF}", "\u{FFFD}", "data: ", "\n\n", "[DONE]", "{", "}", "null", "<b>", "%s",
        "\\u0041",
    ]

    mutating func text(_ lengths: ClosedRange<Int> = 0...12) -> String {
        let length = Int.random(in: lengths, using: &self)
        return (0..<length).map { _ in Self.fragments.randomElement(using: &self) ?? "" }.joined()
    }

    mutating func value(depth: Int = 2) -> JSONValue {
        switch Int.random(in: 0...(depth > 0 ? 6 : 4), using: &self) {
        case 0: .null
        case 1: .bool(Bool.random(using: &self))
        case 2: .integer(Int64.random(in: .min ... .max, using: &self))
        case 3: .number(Double.random(in: -1e6...1e6, using: &self))
        case 4: .string(text())
        case 5: .array((0..<Int.random(in: 0...3, using: &self)).map { _ in value(depth: depth - 1) })
        default: .object(object(depth: depth - 1))
        }
    }

    mutating func object(depth: Int = 1) -> JSONObject {
        JSONObject((0..<Int.random(in: 0...4, using: &self)).map { _ in (text(), value(depth: depth)) })
    }

    /// Something half of the time.
    mutating func maybe<Value>(_ make: (inout Self) -> Value) -> Value? {
        Bool.random(using: &self) ? make(&self) : nil
    }

    mutating func calls(_ counts: ClosedRange<Int>, arguments: (inout Self) -> String) -> [ToolCallRequest] {
        (0..<Int.random(in: counts, using: &self)).map { index in
            ToolCallRequest(id: "call_\(index)_\(text())", name: text(1...3), arguments: arguments(&self))
        }
    }

    /// A message and what answers it: the results of the calls of an answer follow it.
    mutating func exchange() -> [ChatMessage] {
        switch Int.random(in: 0...3, using: &self) {
        case 0:
            return [ChatMessage(role: .system, content: text(), name: maybe { $0.text(1...3) })]
        case 1:
            return [ChatMessage(role: .user, content: text(), name: maybe { $0.text(1...3) })]
        default:
            let calls = calls(0...3) { JSONValue.object($0.object()).text }
            let answer = ChatMessage(
                role: .assistant,
                content: text(),
                toolCalls: calls,
                name: maybe { $0.text(1...3) }
            )
            return [answer] + calls.map { .tool(text(), for: $0) }
        }
    }

    mutating func request() -> ChatCompletionRequest {
        let tools = (0..<Int.random(in: 0...3, using: &self)).map { _ in
            ToolSpecification(name: text(1...3), description: text(), inputSchema: JSONText(.object(object())))
        }
        let content = ModelRequest(
            messages: (0...Int.random(in: 0...5, using: &self)).flatMap { _ in exchange() },
            tools: tools,
            temperature: maybe { Double.random(in: 0...2, using: &$0) },
            topP: maybe { Double.random(in: 0...1, using: &$0) },
            presencePenalty: maybe { Double.random(in: -2...2, using: &$0) },
            frequencyPenalty: maybe { Double.random(in: -2...2, using: &$0) },
            maximumOutputTokens: maybe { Int.random(in: 1...100_000, using: &$0) },
            outputSchema: maybe { .object($0.object()) }
        )
        // The member of a limit that is not set is not on the wire.
        let others: [ChatCompletionRequest.OutputLimitMember] = [.maximumTokens, .maximumCompletionTokens]
        let isLimited = content.maximumOutputTokens != nil
        return ChatCompletionRequest(
            modelID: text(1...4),
            content: content,
            outputLimitMember: isLimited ? others.randomElement(using: &self) ?? .maximumTokens : .maximumTokens,
            isStreaming: Bool.random(using: &self),
            includesUsage: Bool.random(using: &self)
        )
    }

    mutating func answer() -> ServerAnswer {
        let calls = calls(0...3) { $0.text() }
        let input = Int.random(in: 0...1_000_000, using: &self)
        let usual: FinishReason = calls.isEmpty ? .stop : .toolCalls
        return ServerAnswer(
            message: .assistant(calls.isEmpty ? "A" + text() : text(), toolCalls: calls),
            finishReason: Int.random(in: 0...4, using: &self) == 0 ? .length : usual,
            usage: TokenUsage(
                input: input,
                cachedInput: Int.random(in: 0...input, using: &self),
                output: Int.random(in: 0...1_000_000, using: &self)
            ),
            modelID: text(1...4)
        )
    }

    /// The text cut into pieces between any two Unicode scalars.
    mutating func pieces(of text: String) -> [String] {
        var pieces: [String] = []
        var rest = text.unicodeScalars[...]
        while !rest.isEmpty {
            let length = Int.random(in: 1...5, using: &self)
            pieces.append(String(rest.prefix(length)))
            rest = rest.dropFirst(length)
        }
        return pieces
    }
}
