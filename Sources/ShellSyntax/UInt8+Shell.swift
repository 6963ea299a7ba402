extension UInt8 {
    package static let tab = UInt8(ascii: "\t")
    package static let newline = UInt8(ascii: "\n")
    package static let space = UInt8(ascii: " ")
    static let exclamation = UInt8(ascii: "!")
    package static let quote = UInt8(ascii: "\"")
    package static let hash = UInt8(ascii: "#")
    package static let dollar = UInt8(ascii: "$")
    static let ampersand = UInt8(ascii: "&")
    static let apostrophe = UInt8(ascii: "'")
    static let leftParenthesis = UInt8(ascii: "(")
    static let rightParenthesis = UInt8(ascii: ")")
    package static let semicolon = UInt8(ascii: ";")
    package static let less = UInt8(ascii: "<")
    package static let equals = UInt8(ascii: "=")
    package static let greater = UInt8(ascii: ">")
    package static let backslash = UInt8(ascii: "\\")
    static let backtick = UInt8(ascii: "`")
    static let leftBrace = UInt8(ascii: "{")
    package static let pipe = UInt8(ascii: "|")
    static let rightBrace = UInt8(ascii: "}")
    package static let leftBracket = UInt8(ascii: "[")
    package static let tilde = UInt8(ascii: "~")

    /// Whether the byte ends a word that is not quoted.
    var endsWord: Bool {
        switch self {
        case .tab, .newline, .space, .ampersand, .leftParenthesis, .rightParenthesis, .semicolon, .less, .greater,
            .pipe:
            true
        default: false
        }
    }

    /// Whether the byte is a decimal digit.
    package var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

    /// Whether a variable's name may begin with the byte.
    var beginsName: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): true
        default: false
        }
    }

    /// Whether a variable's name may hold the byte.
    package var continuesName: Bool { beginsName || isDigit }
}
