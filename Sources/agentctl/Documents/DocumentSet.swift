import Agents
import IO
import JSON
import Logging

/// Documents that are registered together: all of them or none.
struct DocumentSet {
    /// The documents, without what looked like secrets.
    private(set) var documents: [LoadedDocument] = []
    private var mistakes: [LocatedMistake] = []
    private var isAnyFileUnreadable = false

    /// Reads the documents of files.
    init(_ sources: [DocumentSource]) {
        for source in sources {
            let loaded = source.load()
            documents += loaded.documents
            mistakes += loaded.mistakes
            isAnyFileUnreadable = isAnyFileUnreadable || !loaded.mistakes.isEmpty
        }
        for index in documents.indices {
            let original = documents[index]
            let findings = SecretGuard.redact(&documents[index].value)
            mistakes += findings.map { Self.locate($0, in: original) }
        }
    }

    /// What the documents say.
    var values: [JSONValue] { documents.map(\.value) }

    /// Everything that is wrong, in order of file and line.
    ///
    /// - Parameter store: The database, which knows the fields and what is registered.
    /// - Throws: `StoreError` when it cannot be asked.
    func mistakes(asking store: Store) async throws -> [LocatedMistake] {
        var all = mistakes
        for mistake in try await store.problems(in: values) {
            // What a file that cannot be read would have registered is not known.
            if isAnyFileUnreadable, mistake.problem.hasSuffix("which is not registered") { continue }
            let located = documents[mistake.document].locate(
                path: mistake.path,
                problem: mistake.problem,
                expected: mistake.expected,
                nearest: mistake.nearest,
                isKeyWanted: mistake.problem == "is unknown"
            )
            // A secret was taken out before the database saw the document; what it says of the gap is of no use.
            let isSecret = mistakes.contains { $0.isAbout(located, exactly: true) }
            if !isSecret { all.append(located) }
        }
        let http = HTTPClient(logger: Logger(label: "agentctl") { _ in SwiftLogNoOpLogHandler() })
        let inspector = DocumentInspector(http: http)
        for document in documents {
            for finding in inspector.findings(in: document.value) {
                // One mistake, one message: the database's comes first.
                let located = Self.locate(finding, in: document)
                if !all.contains(where: { $0.isAbout(located, exactly: false) }) { all.append(located) }
            }
        }
        await http.shutdown()
        return all.sorted { ($0.file, $0.position, $0.path) < ($1.file, $1.position, $1.path) }
    }

    private static func locate(_ finding: DocumentFinding, in document: LoadedDocument) -> LocatedMistake {
        document.locate(path: finding.path, problem: finding.problem, expected: finding.expected)
    }
}
