/// What servers refuse in a history, and what they are shown in its place.
///
/// One table holds for all servers of a dialect: which one is asked is known by its address only, and what the strictest
/// one accepts they all do.
struct ReplayRules: Sendable {
    /// Which ids of calls are accepted.
    enum IDs: Sendable {
        /// Those of the asked server, whatever they are, and those of nine letters and digits: Mistral.
        case nineCharacters
        /// Those of 1 to 64 letters, digits, `_` and `-`.
        case names
    }

    /// Most characters of a tool's or speaker's name: OpenAI.
    var longestName = 64
    /// What a name without one character that is allowed becomes.
    var namelessTool = "unknown"

    /// For an answer that says nothing, which Mistral, Anthropic and SGLang refuse; and between two messages of which the
    /// second is the user's and the first no answer, which the templates of Gemma, Mistral and Phi refuse.
    var missingAnswer = "(no answer)"
    /// For a user's message of nothing but white space, which Anthropic and Bedrock refuse; and where the first message
    /// would not be the user's.
    var emptyMessage = "(empty message)"
    /// For a tool's output of nothing but white space: Bedrock.
    var emptyOutput = "(no output)"

    /// Whether an answer has to be between the outputs of tools and a message of the user.
    var separatesOutputs = true

    /// The ids that are accepted.
    var ids = IDs.nineCharacters

    /// Characters of an id that is made.
    var idLength = 9

    /// What all servers that speak Chat Completions accept.
    static let chatCompletions = ReplayRules()

    /// What all servers that speak Messages accept, or Responses.
    static let contentItems = ReplayRules(separatesOutputs: false, ids: .names)

    /// Whether an id is accepted as it is.
    ///
    /// - Parameters:
    ///   - id: The id.
    ///   - isOwn: Whether it comes from the server that is asked.
    func accepts(id: String, isOwn: Bool) -> Bool {
        switch ids {
        case .nineCharacters: isOwn || id.utf8.count == idLength && id.utf8.allSatisfy(isOfID)
        case .names: (1...64).contains(id.utf8.count) && id.utf8.allSatisfy(isOfName)
        }
    }

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
