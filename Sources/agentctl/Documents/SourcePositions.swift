/// Tells where the values of a document stand in its file.
protocol SourcePositions: Sendable {
    /// Where a value is.
    ///
    /// - Parameters:
    ///   - steps: The way to it, from the document's root.
    ///   - isKeyWanted: Whether the key is wanted instead of the value, for the last step.
    /// - Returns: Its place; of the last thing on the way that the file has.
    func position(of steps: [PathStep], isKeyWanted: Bool) -> SourcePosition

    /// Where a place of a text is that is a value.
    ///
    /// - Parameters:
    ///   - line: The line of the text, from 1.
    ///   - column: The column of the text, from 1.
    ///   - steps: The way to the value.
    /// - Returns: The place in the file; nil when the file does not have the text line by line.
    func position(ofLine line: Int, column: Int, in steps: [PathStep]) -> SourcePosition?
}

extension SourcePositions {
    func position(ofLine line: Int, column: Int, in steps: [PathStep]) -> SourcePosition? { nil }
}
