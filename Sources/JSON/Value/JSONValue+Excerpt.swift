extension JSONValue {
    /// The value as text for a message: at most some sixty characters of it.
    var excerpt: String {
        switch self {
        case .string(let string): Self.string(String(string.unicodeScalars.prefix(61))).text.shortened(to: 60)
        case .array, .object: text.shortened(to: 60)
        default: text
        }
    }
}

extension String {
    /// The string, or its beginning and an ellipsis when it is longer than a number of characters.
    func shortened(to length: Int) -> String {
        guard let end = index(startIndex, offsetBy: length, limitedBy: endIndex), end < endIndex else { return self }
        return self[..<end] + "…"
    }
}
