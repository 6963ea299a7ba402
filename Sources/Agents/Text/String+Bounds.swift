extension String {
    /// The longest beginning of at most a number of bytes that ends between two characters' code points.
    func prefix(utf8 maximumBytes: Int) -> String {
        guard utf8.count > maximumBytes else { return self }
        var end = utf8.index(utf8.startIndex, offsetBy: max(0, maximumBytes))
        // Step back over continuation bytes (10xxxxxx).
        while end > utf8.startIndex, utf8[end] & 0b1100_0000 == 0b1000_0000 {
            end = utf8.index(before: end)
        }
        return String(self[..<end])
    }

    /// The text with the replacement character for U+0000, which PostgreSQL cannot store.
    var withoutNullCharacters: String {
        guard utf8.contains(0) else { return self }
        return String(String.UnicodeScalarView(unicodeScalars.map { $0 == "\0" ? "\u{FFFD}" : $0 }))
    }
}
