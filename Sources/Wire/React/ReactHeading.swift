/// What a line begins with that belongs to the form of a step.
enum ReactHeading: Sendable, Hashable {
    case thought
    case action
    case input
    case observation
    /// Final Answer, which is no part of the form; many models were trained to write it.
    case finalAnswer
    /// Answer, which may be a word as any other.
    case answer

    /// The words, without blanks, in lower case.
    private static let words: [(String, ReactHeading)] = [
        ("thought", .thought), ("thoughts", .thought), ("action", .action), ("actioninput", .input),
        ("actioninputs", .input), ("actionarguments", .input), ("arguments", .input), ("input", .input),
        ("observation", .observation), ("observations", .observation), ("finalanswer", .finalAnswer),
        ("answer", .answer),
    ]

    /// How long the beginning of a line may be that is a heading, in bytes.
    static let longest = 48

    /// The beginning of a line, as far as it can be judged.
    enum Judgment: Equatable {
        /// It is a heading; whether it is set off by marks, which may be closed after the colon.
        case heading(ReactHeading, isMarked: Bool)
        /// It may become one.
        case open
        /// It is none.
        case none
    }

    /// Judges the beginning of a line: a heading stands in any case, with marks of Markdown and a number around it.
    ///
    /// - Parameter line: The bytes so far, without the line's end.
    static func judge(_ line: [UInt8]) -> Judgment {
        guard line.count <= longest else { return .none }
        var letters: [UInt8] = []
        var (isMarked, hasNumber) = (false, false)
        for (index, byte) in line.enumerated() {
            switch byte {
            case UInt8(ascii: "*"), UInt8(ascii: "_"), UInt8(ascii: "#"), UInt8(ascii: ">"), UInt8(ascii: "`"):
                // `action_input` is one word.
                if letters.isEmpty { isMarked = isMarked || byte == UInt8(ascii: "*") || byte == UInt8(ascii: "_") }
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "-"): continue
            case UInt8(ascii: "0")...UInt8(ascii: "9"): hasNumber = true
            case UInt8(ascii: "."), UInt8(ascii: ")"):
                // 1. Thought: …
                guard letters.isEmpty, hasNumber else { return .none }
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"):
                letters.append(byte | 0x20)
            case UInt8(ascii: ":"): return heading(letters, isMarked)
            // The colon of full width: EF BC 9A.
            case 0xEF, 0xBC: if letters.isEmpty { return .none }
            case 0x9A:
                guard index >= 2, line[index - 2] == 0xEF, line[index - 1] == 0xBC else { return .none }
                return heading(letters, isMarked)
            default: return .none
            }
        }
        return letters.isEmpty || words.contains { $0.0.utf8.starts(with: letters) } ? .open : .none
    }

    private static func heading(_ letters: [UInt8], _ isMarked: Bool) -> Judgment {
        words.first { $0.0.utf8.elementsEqual(letters) }.map { .heading($0.1, isMarked: isMarked) } ?? .none
    }
}
