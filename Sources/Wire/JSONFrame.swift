internal import JSON

/// Writes JSON whose frame is fixed: members come in a known order, and what is constant is copied.
///
/// No value is built of what is written, so a long history is copied once, into the bytes that are sent.
struct JSONFrame {
    /// What is written so far, in UTF-8.
    private(set) var bytes: [UInt8]

    /// A frame that continues a beginning, such as one that many texts have in common.
    init(_ beginning: [UInt8] = []) {
        bytes = beginning
    }

    /// What is written so far.
    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Copies a part of the frame, or a text that is JSON already.
    mutating func raw(_ json: String) {
        bytes.append(contentsOf: json.utf8)
    }

    /// Writes a value.
    mutating func write(_ value: JSONValue) {
        value.write(to: &bytes)
    }

    /// Writes a member that is not the first of its object; nothing if it has no value.
    mutating func writeMember(_ name: String, _ value: JSONValue?) {
        guard let value else { return }
        raw(",\"")
        raw(name)
        raw("\":")
        write(value)
    }

    /// Writes members that are not the first of their object.
    mutating func write(members: JSONObject?) {
        for member in members ?? [:] {
            raw(",")
            write(.string(member.key))
            raw(":")
            write(member.value)
        }
    }

    /// Writes an array.
    mutating func writeList<Element>(
        _ elements: [Element],
        _ writeElement: (inout JSONFrame, Element) -> Void
    ) {
        raw("[")
        for (index, element) in elements.enumerated() {
            if index > 0 { raw(",") }
            writeElement(&self, element)
        }
        raw("]")
    }
}
