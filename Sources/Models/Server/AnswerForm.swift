/// The form of an answer's body.
enum AnswerForm: Sendable, Hashable {
    /// Server-sent events.
    case events
    /// One JSON value, or one a line.
    case json
    /// A page for people.
    case webPage

    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// Finds the form by what the body begins with; the label counts where that says nothing.
    ///
    /// - Parameters:
    ///   - beginning: The first bytes of the body.
    ///   - contentType: The label.
    init(beginning: [UInt8], contentType: String?) {
        let label = contentType?.lowercased() ?? ""
        switch Self.telling(beginning) {
        case UInt8(ascii: "{"), UInt8(ascii: "["): self = .json
        case UInt8(ascii: "<"): self = .webPage
        // Comments, and the fields data, event, error, id and retry.
        case UInt8(ascii: ":"), UInt8(ascii: "d"), UInt8(ascii: "e"), UInt8(ascii: "i"), UInt8(ascii: "r"):
            self = .events
        default: self = label.contains("json") ? .json : label.contains("html") ? .webPage : .events
        }
    }

    /// Whether a beginning has a byte that says something.
    static func isTelling(_ beginning: [UInt8]) -> Bool { telling(beginning) != nil }

    private static func telling(_ beginning: [UInt8]) -> UInt8? {
        if byteOrderMark.starts(with: beginning) { return nil }
        let content = beginning.starts(with: byteOrderMark) ? beginning.dropFirst(3) : beginning[...]
        return content.first { !($0 == 0x20 || (0x09...0x0D).contains($0)) }
    }
}
