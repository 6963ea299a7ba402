package import JSON

/// The metaschemas of draft 2020-12, for schemas that refer to them.
package enum Metaschema {
    /// The metaschemas by their URIs.
    package static let documents: [String: JSONValue] = {
        var documents: [String: JSONValue] = [:]
        for text in texts {
            guard let document = try? JSONValue(parsing: text), let uri = document["$id"]?.stringValue else { continue }
            documents[uri] = document
        }
        return documents
    }()

    /// Whether schemas with a metaschema are read as draft 2020-12.
    ///
    /// So are those of earlier drafts, which most tools still write: the keywords they share mean the same.
    static func isReadAsCurrent(_ uri: String) -> Bool {
        switch uri {
        case "https://json-schema.org/draft/2020-12/schema", "https://json-schema.org/draft/2019-09/schema",
            "http://json-schema.org/draft-07/schema", "https://json-schema.org/draft-07/schema",
            "http://json-schema.org/draft-06/schema", "http://json-schema.org/draft-04/schema",
            "http://json-schema.org/schema", "https://json-schema.org/schema":
            true
        default: false
        }
    }
}
