import Definitions
import JSON
import Store

/// The documents that a new database can begin with.
struct Seeds {
    /// Whether they replace what there is of the same name.
    let isForced: Bool

    /// What would become of a document.
    struct Plan: Sendable, Hashable {
        let kind: String
        let name: String
        /// Whether there is something of its name; else it is new.
        let isReplaced: Bool
    }

    private var documents: [JSONValue] {
        DocumentSet(EmbeddedFile.all(in: "seeds").map { DocumentSource(name: $0.path, bytes: Array($0.text.utf8)) })
            .values
    }

    /// Registers those whose names are free, or all of them.
    ///
    /// A definition that an operator took out of force stays so.
    ///
    /// - Returns: The result of each, in their order; a definition that stays as it is counts as unchanged.
    /// - Throws: `StoreError`; nothing is stored then.
    func register(in definitions: DefinitionStore) async throws -> [Registration] {
        let documents = documents
        guard !isForced else { return try await definitions.register(documents) }
        let known = try await definitions.known()
        let absent = documents.filter { document in !known.contains { Self.matches($0, document) } }
        let registered = absent.isEmpty ? [] : try await definitions.register(absent)
        return documents.compactMap { document in (registered + known).first { Self.matches($0, document) } }
    }

    /// What ``register(in:)`` would do.
    ///
    /// - Parameters:
    ///   - definitions: The database; nil where there is none yet.
    ///   - isCurrent: Whether it has the schema of this release.
    func plan(in definitions: DefinitionStore?, isCurrent: Bool) async throws -> [Plan] {
        let documents = documents
        let known = try await definitions?.known() ?? []
        // Of a database that can take them it is known which ones change something.
        let rehearsed = isForced && isCurrent ? try await definitions?.rehearseRegistration(documents) : nil
        return documents.compactMap { document in
            let isKnown = known.contains { Self.matches($0, document) }
            let isChanged = rehearsed?.map(\.registration).first { Self.matches($0, document) }?.isChanged ?? true
            guard isForced ? isChanged : !isKnown else { return nil }
            return Plan(
                kind: document["kind"]?.stringValue ?? "",
                name: document["name"]?.stringValue ?? "",
                isReplaced: isKnown
            )
        }
    }

    private static func matches(_ registration: Registration, _ document: JSONValue) -> Bool {
        registration.kind == document["kind"]?.stringValue && registration.name == document["name"]?.stringValue
    }
}
