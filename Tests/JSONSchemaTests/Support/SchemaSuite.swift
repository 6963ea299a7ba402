import Foundation
import JSON
import Testing

/// The official suite of JSON Schema, in this folder.
enum SchemaSuite {
    private static let root = Bundle.module.bundleURL.appending(path: "Suites")

    /// A file of the schema suite.
    struct File: Sendable, CustomTestStringConvertible {
        let name: String
        let groups: [JSONValue]

        var testDescription: String { name }

        var caseCount: Int { groups.reduce(0) { $0 + ($1["tests"]?.arrayValue?.count ?? 0) } }
    }

    static let files: [File] = {
        let folder = root.appending(path: "json-schema/tests/draft2020-12")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.sorted().compactMap { name in
            guard let document = try? document(at: folder.appending(path: name)) else { return nil }
            return File(name: name, groups: document.arrayValue ?? [])
        }
    }()

    /// The documents that the schema suite refers to, by their URIs.
    static let remotes: [String: JSONValue] = {
        let folder = root.appending(path: "json-schema/remotes")
        let paths = (try? FileManager.default.subpathsOfDirectory(atPath: folder.path)) ?? []
        var remotes: [String: JSONValue] = [:]
        for path in paths where path.hasSuffix(".json") {
            remotes["http://localhost:1234/" + path] = try? document(at: folder.appending(path: path))
        }
        return remotes
    }()

    /// The metaschemas as the suite has them.
    static func metaschemas() throws -> [JSONValue] {
        let folder = root.appending(path: "json-schema/metaschema")
        let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
        return try paths.filter { !folder.appending(path: $0).hasDirectoryPath && !$0.hasSuffix("vocabularies") }
            .map { try document(at: folder.appending(path: $0)) }
    }

    private static func document(at url: URL) throws -> JSONValue {
        try JSONValue(parsing: Data(contentsOf: url))
    }
}
