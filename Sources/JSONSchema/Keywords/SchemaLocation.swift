import JSON

/// Where a schema stands: a document and the way to it from the document's root.
struct SchemaLocation: Sendable, Hashable, CustomStringConvertible {
    /// The URI of the document; empty for the schema that was given to compile.
    let document: String

    /// A JSON Pointer.
    let pointer: String

    func appending(_ token: String) -> SchemaLocation {
        SchemaLocation(document: document, pointer: pointer + "/" + JSONPointer.escape(token))
    }

    func appending(_ index: Int) -> SchemaLocation {
        SchemaLocation(document: document, pointer: pointer + "/" + String(index))
    }

    static func == (left: SchemaLocation, right: SchemaLocation) -> Bool {
        left.pointer.hasSameBytes(as: right.pointer) && left.document.hasSameBytes(as: right.document)
    }

    func hash(into hasher: inout Hasher) {
        document.hashBytes(into: &hasher)
        pointer.hashBytes(into: &hasher)
    }

    /// The pointer, after the document's URI and a `#` if it is another document.
    var description: String {
        document.isEmpty ? pointer : "\(document)#\(pointer)"
    }
}
