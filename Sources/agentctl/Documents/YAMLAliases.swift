/// Keeps the composing of a file from running away.
///
/// An alias as a value costs nothing until it is expanded, which ``YAMLBudget`` bounds. A mapping's keys, however, are
/// compared when the file is composed, and a key that is a list of aliases to lists of aliases … takes for ever. Nobody
/// needs such keys; a file with more than a few aliases that may have one is refused by its looks.
enum YAMLAliases {
    private static let harmlessCount = 20

    /// What is wrong with the text, if anything.
    static func problem(in text: String) -> String? {
        var aliases = 0
        var hasCollectionKey = false
        var previous: UInt8 = 10
        var closed = false
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "*") where isSeparator(previous): aliases += 1
            case UInt8(ascii: "?") where isSeparator(previous): hasCollectionKey = true
            case UInt8(ascii: ":") where closed: hasCollectionKey = true
            default: break
            }
            let isBlank = byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
            if !isBlank { closed = byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}") }
            previous = byte
        }
        // An alias may be a key without either sign: *list : value.
        hasCollectionKey = hasCollectionKey || (aliases > harmlessCount && hasAliasKey(text))
        guard aliases > harmlessCount, hasCollectionKey else { return nil }
        return "has more than \(harmlessCount) aliases, and keys that are not plain text"
    }

    private static func hasAliasKey(_ text: String) -> Bool {
        text.utf8.split(separator: 10).contains { line in
            guard let star = line.firstIndex(of: UInt8(ascii: "*")) else { return false }
            return line[star...].contains(UInt8(ascii: ":"))
        }
    }

    private static func isSeparator(_ byte: UInt8) -> Bool {
        " \n\r\t[{,-:?".utf8.contains(byte)
    }
}
