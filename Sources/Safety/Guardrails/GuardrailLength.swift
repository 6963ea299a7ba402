/// How long a text has to be and may be.
package struct GuardrailLength: Sendable, Hashable {
    var minimumCharacters: Int?
    var maximumCharacters: Int?
    var minimumBytes: Int?
    package var maximumBytes: Int?

    /// What is wrong with a text's length.
    ///
    /// - Parameter isWhole: Whether the text is complete, so that it can be too short.
    package func finding(in text: String, isWhole: Bool) -> GuardrailFinding? {
        let bytes = text.utf8.count
        if isWhole, let minimumBytes, bytes < minimumBytes {
            return GuardrailFinding("it has \(bytes) bytes, at least \(minimumBytes) are wanted")
        }
        if let maximumBytes, bytes > maximumBytes {
            return GuardrailFinding("it has \(bytes) bytes, at most \(maximumBytes) are allowed")
        }
        guard minimumCharacters != nil || maximumCharacters != nil else { return nil }
        let characters = text.unicodeScalars.count
        if isWhole, let minimumCharacters, characters < minimumCharacters {
            return GuardrailFinding("it has \(characters) characters, at least \(minimumCharacters) are wanted")
        }
        if let maximumCharacters, characters > maximumCharacters {
            return GuardrailFinding("it has \(characters) characters, at most \(maximumCharacters) are allowed")
        }
        return nil
    }
}
