/// Marks around data that a model is shown, such as `<tool_output>` and `</tool_output>`.
package enum Marks {
    /// Text of which nothing ends a mark, or looks like one: what does loses its `<` to a `[`; the length stays.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - names: The names of marks, in lower case.
    package static func neutralized(_ text: String, of names: [StaticString]) -> String {
        guard text.utf8.contains(UInt8(ascii: "<")) else { return text }
        let names = names.map { Array("\($0)".utf8) }
        var bytes = Array(text.utf8)
        var changed = false
        for index in bytes.indices where bytes[index] == UInt8(ascii: "<") {
            guard names.contains(where: { isMark(bytes, after: index, named: $0) }) else { continue }
            bytes[index] = UInt8(ascii: "[")
            changed = true
        }
        return changed ? String(decoding: bytes, as: UTF8.self) : text
    }

    /// Text of several lines as one item of a list: every line after the first begins with two spaces, so that none
    /// looks like an item of its own.
    package static func indented(_ text: String) -> String {
        guard text.contains(where: \.isNewline) else { return text }
        return text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).joined(separator: "\n  ")
    }

    /// Whether what follows a `<` would be read as a mark: in whatever case, with whatever spaces, slashes and bytes
    /// beyond ASCII in between.
    private static func isMark(_ bytes: [UInt8], after start: Int, named name: [UInt8]) -> Bool {
        var matched = 0
        var index = start + 1
        while index < bytes.count, index - start < 96 {
            let byte = bytes[index]
            let lower = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
            if lower == name[matched] || name[matched] == UInt8(ascii: "_") && byte == UInt8(ascii: "-") {
                matched += 1
                if matched == name.count { return true }
            } else if byte > 0x20, byte < 0x7F, byte != UInt8(ascii: "/"), byte != UInt8(ascii: "\\") {
                return false
            }
            index += 1
        }
        return false
    }
}
