/// What a file gave: its documents, and what kept others from being read.
struct LoadedFile: Sendable {
    var documents: [LoadedDocument] = []
    var mistakes: [LocatedMistake] = []
}
