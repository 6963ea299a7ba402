extension String {
    /// The longest beginning of at most a number of bytes that ends between two characters' code points.
    package func prefix(utf8 maximumBytes: Int) -> String {
        guard utf8.count > maximumBytes else { return self }
        var end = utf8.index(utf8.startIndex, offsetBy: max(0, maximumBytes))
        // Step back over continuation bytes (10xxxxxx).
        while end > utf8.startIndex, utf8[end] & 0b1100_0000 == 0b1000_0000 {
            end = utf8.index(before: end)
        }
        return String(self[..<end])
    }

    /// The longest end of the text that fits into a number of bytes of UTF-8, never beginning inside of a character.
    package func suffix(utf8 maximumBytes: Int) -> String {
        var start = utf8.index(endIndex, offsetBy: -maximumBytes, limitedBy: startIndex) ?? startIndex
        while start < endIndex, start.samePosition(in: unicodeScalars) == nil { start = utf8.index(after: start) }
        return String(self[start...])
    }

    /// The text with the replacement character for U+0000, which PostgreSQL cannot store.
    package var withoutNullCharacters: String {
        guard utf8.contains(0) else { return self }
        return String(String.UnicodeScalarView(unicodeScalars.map { $0 == "\0" ? "\u{FFFD}" : $0 }))
    }
}
