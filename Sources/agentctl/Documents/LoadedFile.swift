/// What a file gave: its documents, and what is wrong with it.
struct LoadedFile: Sendable {
    var documents: [LoadedDocument] = []
    var mistakes: [LocatedMistake] = []
    /// Whether there are documents in it that could not be read.
    var isIncomplete = false
}
