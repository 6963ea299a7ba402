import Foundation
import JSON
import Testing

/// The official suites in this folder.
enum Suites {
    private static let root = Bundle.module.bundleURL.appending(path: "Suites")

    /// A case of the parsing suite, told apart by the beginning of its name.
    struct ParsingCase: Sendable, CustomTestStringConvertible {
        let name: String
        let bytes: [UInt8]

        var testDescription: String { name }
    }

    static func parsingCases(_ prefix: String) throws -> [ParsingCase] {
        let folder = root.appending(path: "parsing/test_parsing")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        return try names.filter { $0.hasPrefix(prefix) }.map { name in
            ParsingCase(name: name, bytes: [UInt8](try Data(contentsOf: folder.appending(path: name))))
        }
    }

    /// A file of the schema suite.
    struct SchemaFile: Sendable, CustomTestStringConvertible {
        let name: String
        let groups: [JSONValue]

        var testDescription: String { name }

        var caseCount: Int { groups.reduce(0) { $0 + ($1["tests"]?.arrayValue?.count ?? 0) } }
    }

    static let schemaFiles: [SchemaFile] = {
        let folder = root.appending(path: "json-schema/tests/draft2020-12")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.sorted().compactMap { name in
            guard let document = try? document(at: folder.appending(path: name)) else { return nil }
            return SchemaFile(name: name, groups: document.arrayValue ?? [])
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
