/// The parts of an answer that is written in steps, each under its heading, while it comes.
///
/// The first action counts: what follows it, and all from the first Observation on, the model made up. What it thinks
/// between `<think>` and `</think>` is no part. In a string of an action's input nothing is a heading.
struct ReactParts: Sendable {
    /// A part; the first one has no heading.
    struct Part: Sendable {
        let heading: ReactHeading?
        /// Whether marks stand around the heading, which may end after it.
        var isMarked = false
        var text: [UInt8] = []
    }

    /// The parts so far, one at least.
    private(set) var parts = [Part(heading: nil)]
    /// How often the last part has become another one.
    private(set) var changes = 0
    /// Whether all that follows is left out.
    private(set) var hasEnded = false
    /// Whether the parts stay, even where what was written turns out to have been a thought: some of it was shown.
    var isFixed = false

    /// The beginning of a line that may be a heading or a tag; nil in the middle of a line.
    private var held: [UInt8]? = []
    /// The last bytes of what is left out as a thought, or after the end; nil where nothing is.
    private var hidden: [UInt8]?
    private var string = OpenString()

    private static let (lineFeed, greater) = (UInt8(ascii: "\n"), UInt8(ascii: ">"))
    private static let thoughtTags = ["<think>", "<thinking>"].map { Array($0.utf8) }
    private static let thoughtEnds = ["</think>", "</thinking>"].map { Array($0.utf8) }
    private static let callTag = Array("<tool_call>".utf8)
    private static let longestEnd = 11

    /// Takes the next piece.
    mutating func consume(_ piece: String) {
        for byte in piece.utf8 { consume(byte) }
    }

    /// Takes the end of the answer: what was held back is no heading.
    mutating func finish() {
        release()
    }

    private mutating func consume(_ byte: UInt8) {
        if hidden != nil || hasEnded {
            hide(byte)
        } else if held != nil {
            held?.append(byte)
            judge()
        } else {
            append(byte)
        }
    }

    // MARK: The beginning of a line

    private mutating func judge() {
        guard let held else { return }
        if held.last == Self.lineFeed { return release() }
        let word = Array(held.drop { $0 == UInt8(ascii: " ") })
        if word.first == UInt8(ascii: "<") { return judge(tag: word) }
        switch ReactHeading.judge(held) {
        case .open: break
        case .none: release()
        case .heading(let heading, let isMarked):
            if begins(heading) { begin(heading, isMarked: isMarked) } else { release() }
        }
    }

    private mutating func judge(tag word: [UInt8]) {
        let lower = word.map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }
        if Self.thoughtTags.contains(lower) {
            (held, hidden) = (nil, [])
        } else if lower == Self.callTag, begins(.action) {
            begin(.action, isMarked: false)
        } else if !(Self.thoughtTags + [Self.callTag]).contains(where: { $0.starts(with: lower) }) {
            release()
        }
    }

    /// Whether a heading is one where it stands; all that follows is left out where it ends the step.
    private func begins(_ heading: ReactHeading) -> Bool {
        switch (heading, parts.last?.heading) {
        // An answer may well speak of actions.
        case (_, .finalAnswer?), (_, .answer?): heading == .observation
        case (.input, let last): last == .action
        case (.answer, let last): last == .thought
        default: true
        }
    }

    private mutating func begin(_ heading: ReactHeading, isMarked: Bool) {
        held = nil
        // Some write an action that is none before their answer.
        if heading == .finalAnswer, parts.last?.isNoAction == true { parts.removeLast() }
        let hasAction = parts.contains { $0.heading == .action }
        if heading == .observation || hasAction && heading != .input {
            hasEnded = true
            hidden = []
            return
        }
        string = OpenString()
        changes += 1
        parts.append(Part(heading: heading, isMarked: isMarked))
    }

    private mutating func release() {
        guard let bytes = held else { return }
        held = nil
        for byte in bytes { append(byte) }
    }

    // MARK: The rest

    private mutating func append(_ byte: UInt8) {
        parts[parts.count - 1].text.append(byte)
        if parts.last?.heading == .input || parts.last?.heading == .action { string.consume(byte) }
        if byte == Self.lineFeed, !string.isOpen { held = [] }
        guard byte == Self.greater, !isFixed, let text = parts.last?.text, Self.isEndOfThought(text) else { return }
        // The beginning of the thought was in the prompt.
        forget()
    }

    /// Leaves a byte out that belongs to a thought, or comes after the end.
    private mutating func hide(_ byte: UInt8) {
        hidden = Array(((hidden ?? []) + [byte]).suffix(Self.longestEnd))
        guard byte == Self.greater, let tail = hidden, Self.isEndOfThought(tail) else { return }
        guard hasEnded else {
            (hidden, held) = (nil, [])
            return
        }
        if !isFixed { forget() }
    }

    private mutating func forget() {
        parts = [Part(heading: nil)]
        changes += 1
        (hasEnded, hidden, held, string) = (false, nil, [], OpenString())
    }

    private static func isEndOfThought(_ text: [UInt8]) -> Bool {
        thoughtEnds.contains { text.suffix($0.count).elementsEqual($0) }
    }
}

extension ReactParts.Part {
    /// Whether it says that no tool is called.
    fileprivate var isNoAction: Bool {
        guard heading == .action else { return false }
        let word = String(decoding: text, as: UTF8.self).lowercased().filter { $0.isLetter || $0.isNumber }
        return ["", "none", "na", "null", "noaction", "nothing"].contains(word)
    }
}

/// Whether a string of a JSON object is open that comes byte by byte.
private struct OpenString: Sendable {
    private(set) var isOpen = false
    private var isEscaped = false
    private var depth = 0
    private var hasBegun = false

    mutating func consume(_ byte: UInt8) {
        if isEscaped {
            isEscaped = false
        } else if isOpen {
            if byte == UInt8(ascii: "\\") { isEscaped = true }
            if byte == UInt8(ascii: "\"") { isOpen = false }
        } else {
            switch byte {
            case UInt8(ascii: "{"): (depth, hasBegun) = (depth + 1, true)
            case UInt8(ascii: "}"): depth -= 1
            case UInt8(ascii: "\""): isOpen = hasBegun && depth > 0
            default: break
            }
        }
    }
}
