import Definitions
import Engine
import Functions
import HTTP
import JSON
import Logging
import Store

/// Documents that are registered together: all of them or none.
struct DocumentSet {
    /// The documents, without what looked like secrets.
    private(set) var documents: [LoadedDocument] = []
    /// What is wrong with the files and with the documents as such.
    private var mistakes: [LocatedMistake] = []
    /// The texts of files whose documents are not known.
    private var unreadable: [String] = []

    /// Reads the documents of files.
    init(_ sources: [DocumentSource]) {
        for source in sources {
            let loaded = source.load()
            documents += loaded.documents
            mistakes += loaded.mistakes
            if loaded.isIncomplete { unreadable.append(String(decoding: source.bytes, as: UTF8.self)) }
        }
        for index in documents.indices {
            let original = documents[index]
            var findings = SecretGuard.redact(&documents[index].value)
            findings += UnstorableText.problems(in: documents[index].value).map {
                DocumentFinding(path: $0.path, problem: $0.message)
            }
            // Before the document goes anywhere, so that the database can say what else is wrong.
            documents[index].value = UnstorableText.replaced(in: documents[index].value)
            mistakes += findings.map { Self.locate($0, in: original) }
        }
    }

    /// What the documents say.
    var values: [JSONValue] { documents.map(\.value) }

    /// Everything that is wrong, in order of file and line.
    ///
    /// - Parameters:
    ///   - definitions: The database, which knows the fields and what is registered.
    ///   - functions: Looks at the sources of functions.
    ///   - warn: Told what is no mistake and yet worth knowing.
    /// - Throws: `StoreError` when the database cannot be asked.
    func mistakes(
        asking definitions: DefinitionStore,
        _ functions: FunctionStore,
        warn: (String) -> Void
    ) async throws -> [LocatedMistake] {
        let found = try await definitions.problems(in: values)
        var all = mistakes
        for mistake in found {
            let located = documents[mistake.document].locate(
                path: mistake.path,
                problem: mistake.problem,
                expected: mistake.expected,
                nearest: mistake.nearest,
                isKeyWanted: mistake.problem == "is unknown"
            )
            // What was taken out, or could not be read, the database did not see: what it says of the gap is of no use.
            let isKnown = mistakes.contains { $0.isAbout(located, exactly: true) }
            if !isKnown, !mayBeUnread(mistake) { all.append(located) }
        }
        all += await inspect(besides: all, refused: found)
        for (index, document) in documents.enumerated() where document.value["kind"]?.stringValue == "function" {
            let fields = found.filter { $0.document == index }.map(\.path)
            // Without these there is nothing to check, or another thing than was meant.
            guard fields.allSatisfy({ !["name", "language", "source", "input_schema"].contains($0) }) else { continue }
            let review = await functions.review(document.value)
            // What follows from a refused field is not reported as well.
            let reported = review.problems.filter { problem in !fields.contains { problem.path.hasPrefix($0) } }
            all += reported.map { Self.locate(DocumentFinding($0), in: document) }
            for warning in review.warnings { warn("\(document.label): \(warning)") }
        }
        return all.sorted { ($0.file, $0.position, $0.path) < ($1.file, $1.position, $1.path) }
    }

    /// The examples of functions that come out differently.
    ///
    /// - Parameters:
    ///   - functions: Runs them.
    ///   - warn: Told which are not run.
    func failedExamples(asking functions: FunctionStore, warn: (String) -> Void) async -> [LocatedMistake] {
        var failed: [LocatedMistake] = []
        for document in documents where hasExamples(document) {
            guard let results = await functions.rehearse(document.value) else {
                warn("\(document.label): its examples were not run, as it writes to the database")
                continue
            }
            for result in results {
                guard let failure = result.failure else { continue }
                let finding = DocumentFinding(path: "examples[\(result.number - 1)]", problem: "fails: \(failure)")
                failed.append(Self.locate(finding, in: document))
            }
        }
        return failed
    }

    /// The names of functions with examples.
    var functionsWithExamples: Set<String> {
        Set(documents.filter(hasExamples).compactMap { $0.value["name"]?.stringValue })
    }

    private func hasExamples(_ document: LoadedDocument) -> Bool {
        document.value["kind"]?.stringValue == "function" && document.value["examples"]?.arrayValue?.isEmpty == false
    }

    /// What only this program can see; one mistake has one message, and the database's comes first.
    private func inspect(besides known: [LocatedMistake], refused: [DocumentMistake]) async -> [LocatedMistake] {
        let http = HTTPClient(logger: Logger(label: "agentctl") { _ in SwiftLogNoOpLogHandler() })
        let inspector = DocumentInspector(http: http)
        var found: [LocatedMistake] = []
        for (index, document) in documents.enumerated() {
            // A field that is refused already must not hide the mistakes in others.
            let fields = refused.filter { $0.document == index }.map(\.path)
            let rest = document.value.objectValue.map { members in
                JSONValue.object(JSONObject(members.filter { !fields.contains($0.key) }.map { ($0.key, $0.value) }))
            }
            // Nor is it missing then, which is reported of the document as a whole.
            let findings = inspector.findings(in: rest ?? document.value).filter { !$0.path.isEmpty || fields.isEmpty }
            found += findings.map { Self.locate($0, in: document) }.filter { mistake in
                !known.contains { $0.isAbout(mistake, exactly: false) }
            }
        }
        await http.shutdown()
        return found
    }

    /// Whether a name that is not registered may stand in a file that could not be read.
    private func mayBeUnread(_ mistake: DocumentMistake) -> Bool {
        guard mistake.problem.hasSuffix("which is not registered") else { return false }
        let name = [PathStep](mistake.path, in: documents[mistake.document].value)
            .reduce(documents[mistake.document].value as JSONValue?) { value, step in
                switch step {
                case .member(let key): value?[key]
                case .item(let index): value?[index]
                }
            }
        return name?.stringValue.map { name in unreadable.contains { $0.contains(name) } } ?? false
    }

    private static func locate(_ finding: DocumentFinding, in document: LoadedDocument) -> LocatedMistake {
        document.locate(finding)
    }
}
