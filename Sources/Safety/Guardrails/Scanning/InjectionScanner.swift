import ShellSyntax

/// Finds what is written for a model and not for a person: orders to forget its instructions, roles that somebody else
/// plays, and characters that nobody sees.
///
/// The list is made of forms that occur, so it finds what is common and not what is new: it is one layer of several.
struct InjectionScanner: Sendable {
    /// The delimiter of tool outputs, as ``ToolOutputMarks`` writes it.
    static let outputTag = "tool_output"

    /// Finds all spans in a text, in no order; they may overlap.
    func spans(in text: String) -> [GuardrailSpan] {
        let folded = FoldedText(text, lookAlikes: true)
        return InjectionPhrases.spans(in: folded) + roles(in: folded) + HiddenCharacters.spans(in: text)
    }

    // MARK: Roles

    private static let tags: Set<String> = [
        "system", "assistant", "developer", "system_prompt", "system_message", "instructions", "tool_output",
        "tool_result", "tool_results", "function_result", "function_results", "function_calls", "sys",
    ]
    private static let headings: Set<String> = [
        "system", "assistant", "human", "developer", "instruction", "instructions", "system prompt", "system message",
        "new instructions", "new system prompt",
    ]
    private static let longestTag = 40

    private func roles(in text: FoldedText) -> [GuardrailSpan] {
        var spans: [GuardrailSpan] = []
        for index in text.bytes.indices {
            let found: Range<Int>? =
                switch text.bytes[index] {
                case UInt8(ascii: "<"): tag(at: index, in: text)
                case UInt8(ascii: "["): bracket(at: index, in: text)
                case UInt8(ascii: "\""): member(at: index, in: text)
                case _ where index == 0 || text.bytes[index - 1] == UInt8(ascii: "\n"): heading(at: index, in: text)
                default: nil
                }
            if let found { spans.append(text.span(found, "role_tag")) }
        }
        return spans
    }

    /// `<|im_start|>`, `<<SYS>>`, `</system>`.
    private func tag(at start: Int, in text: FoldedText) -> Range<Int>? {
        var name = ""
        var end = start + 1
        while end - start <= Self.longestTag, end < text.bytes.count, text.bytes[end] != UInt8(ascii: ">") {
            let byte = text.bytes[end]
            if byte.isLetter || byte == UInt8(ascii: "_") || byte.isDigit {
                name.unicodeScalars.append(Unicode.Scalar(byte.lowercased))
            } else if byte == UInt8(ascii: "-") {
                name += "_"
            } else if byte == UInt8(ascii: " "), Self.tags.contains(name) {
                break
            } else if !Set("|/< ".utf8).contains(byte) {
                return nil
            }
            end += 1
        }
        guard end - start <= Self.longestTag, end < text.bytes.count else { return nil }
        let isSpecial =
            text.byte(start + 1) == UInt8(ascii: "|") && text.byte(end - 1) == UInt8(ascii: "|") && name.utf8.count >= 2
        return isSpecial || Self.tags.contains(name) ? start..<end + 1 : nil
    }

    /// `[INST]` and `[/INST]`.
    private func bracket(at start: Int, in text: FoldedText) -> Range<Int>? {
        if text.has("[inst]", at: start) { return start..<start + 6 }
        return text.has("[/inst]", at: start) ? start..<start + 7 : nil
    }

    /// `"role": "system"`.
    private func member(at start: Int, in text: FoldedText) -> Range<Int>? {
        guard text.has("\"role\"", at: start) else { return nil }
        var index = start + 6
        while index - start < 12, Set(" :\n\t".utf8).contains(text.byte(index)) { index += 1 }
        if text.has("\"system\"", at: index) { return start..<index + 8 }
        return text.has("\"developer\"", at: index) ? start..<index + 11 : nil
    }

    /// A line that begins with `### System:` or `Assistant:`.
    private func heading(at start: Int, in text: FoldedText) -> Range<Int>? {
        var index = start
        while index - start < 8, Set("# *".utf8).contains(text.byte(index)) { index += 1 }
        let hasMark = (start..<index).contains { text.bytes[$0] == UInt8(ascii: "#") }
        var name = ""
        while name.utf8.count < 24, text.byte(index).isLetter || text.byte(index) == UInt8(ascii: " ") {
            name.unicodeScalars.append(Unicode.Scalar(text.byte(index).lowercased))
            index += 1
        }
        while text.byte(index) == UInt8(ascii: "*") { index += 1 }
        guard text.byte(index) == UInt8(ascii: ":"), Self.headings.contains(name) else { return nil }
        // Of its own «System: Linux» is what programs print.
        return hasMark || name != "system" && name != "instructions" && name != "instruction" && name != "developer"
            ? start..<index + 1 : nil
    }
}
