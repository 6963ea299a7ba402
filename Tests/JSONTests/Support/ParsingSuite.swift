import Foundation
import JSON
import Testing

/// The official suite of a parser, in this folder.
enum ParsingSuite {
    private static let root = Bundle.module.bundleURL.appending(path: "Suites")

    /// A case of the parsing suite, told apart by the beginning of its name.
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let bytes: [UInt8]

        var testDescription: String { name }
    }

    static func cases(_ prefix: String) throws -> [Case] {
        let folder = root.appending(path: "parsing/test_parsing")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        return try names.filter { $0.hasPrefix(prefix) }.map { name in
            Case(name: name, bytes: [UInt8](try Data(contentsOf: folder.appending(path: name))))
        }
    }
}
