/// The lines of an output, with the searches that reading a report takes.
struct TestLines {
    package let lines: [Substring]

    init(_ lines: [Substring]) {
        self.lines = lines
    }

    /// The first line from a position on that is not blank, without the blanks around it.
    package func text(from position: Int) -> String {
        lines.dropFirst(position).lazy.map(\.trimmed).first { !$0.isEmpty }.map(String.init) ?? ""
    }

    /// The position of the last line that fits.
    package func last(where fits: (Substring) -> Bool) -> Int? {
        lines.lastIndex(where: fits)
    }
}

extension Substring {
    /// The text without blanks around it.
    package var trimmed: Substring {
        let isBlank = { (character: Character) in character == " " || character == "\t" }
        guard let first = firstIndex(where: { !isBlank($0) }), let last = lastIndex(where: { !isBlank($0) }) else {
            return self[endIndex...]
        }
        return self[first...last]
    }

    /// What comes after a beginning; nil if the text does not begin so.
    package func after(_ beginning: String) -> Substring? {
        hasPrefix(beginning) ? dropFirst(beginning.count) : nil
    }

    /// What stands before and after the first occurrence of a separator.
    package func cut(at separator: String) -> (before: Substring, after: Substring)? {
        guard let range = firstRange(of: separator) else { return nil }
        return (self[..<range.lowerBound], self[range.upperBound...])
    }

    /// The number before a word, as in `3 failed`; nil if there is none.
    package func count(of word: String) -> Int? {
        let words = split { !($0.isLetter || $0.isNumber || $0 == "_") }
        return words.indices.dropFirst().first { words[$0] == word && Int(words[$0 - 1]) != nil }.flatMap {
            Int(words[$0 - 1])
        }
    }

    /// The number that the text begins with.
    var leadingNumber: Int? { Int(prefix { $0.isASCII && $0.isNumber }) }
}
