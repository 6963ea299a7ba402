/// What servers that speak Chat Completions refuse in a history, and what they are shown in its place.
///
/// One table holds for all of them: which server is asked is known by its address only, and what the strictest one accepts
/// they all do.
struct ReplayRules: Sendable {
    /// Most characters of a tool's or speaker's name: OpenAI.
    var longestName = 64
    /// What a name without one character that is allowed becomes.
    var namelessTool = "unknown"

    /// For an answer that says nothing, which Mistral, Anthropic and SGLang refuse; and between two messages of which the
    /// second is the user's and the first no answer, which the templates of Gemma, Mistral and Phi refuse.
    var missingAnswer = "(no answer)"
    /// For a user's message of nothing but white space: Anthropic, Bedrock.
    var emptyMessage = "(empty message)"
    /// For a tool's output of nothing but white space: Bedrock.
    var emptyOutput = "(no output)"

    /// Characters of an id that the asked server did not make: Mistral takes nine letters and digits, all others those too.
    var idLength = 9

    /// What all servers accept.
    static let chatCompletions = ReplayRules()

    /// Whether a character may be part of a name: OpenAI, Gemini, Anthropic.
    func isOfName(_ byte: UInt8) -> Bool {
        isOfID(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
    }

    /// Whether a character may be part of an id.
    func isOfID(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}
