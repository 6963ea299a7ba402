/// Tells where the values of a document stand in its file.
protocol SourcePositions: Sendable {
    /// Where a value is.
    ///
    /// - Parameters:
    ///   - steps: The way to it, from the document's root.
    ///   - isKeyWanted: Whether the key is wanted instead of the value, for the last step.
    /// - Returns: Its place; of the last thing on the way that the file has.
    func position(of steps: [PathStep], isKeyWanted: Bool) -> SourcePosition
}
