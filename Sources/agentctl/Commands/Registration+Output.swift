import Definitions
import Engine
import JSON

extension Registration {
    /// What became of the document, on one line.
    var text: String {
        "\(kind) \(name) v\(version) (\(isChanged ? version == 1 ? "new" : "new version" : "unchanged"))"
    }

    /// The result for the document, as `--json` prints it.
    var json: JSONValue {
        [
            "kind": .string(kind), "name": .string(name), "version": .integer(Int64(version)),
            "version_id": .integer(versionID), "changed": .bool(isChanged),
        ]
    }
}
