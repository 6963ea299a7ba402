internal import JSON

/// Reads an answer that is written in steps, and shows the reply while it comes.
///
/// Nothing is shown that is no part of the reply: what has no heading, or the input of another action, is judged when it
/// is whole.
package struct ReactReader: Sendable {
    let form: ReactForm
    private(set) var parts = ReactParts()
    private var decoder: ReactAnswerText?
    /// The changes after which the last part is read, and how many of its bytes are.
    private var read = (changes: 0, bytes: 0)
    /// What was shown of the reply.
    private var shown: [UInt8] = []
    /// Blanks that belong to the reply only if something follows.
    private var blanks: [UInt8] = []

    /// What was shown of the reply, with which it begins.
    package var shownText: String { String(decoding: shown, as: UTF8.self) }

    /// A reader of an answer in a form.
    package init(_ form: ReactForm) {
        self.form = form
    }

    /// Takes the next piece of the answer.
    ///
    /// - Returns: What it adds to the reply.
    package mutating func consume(_ piece: String) -> String {
        parts.consume(piece)
        return show()
    }

    /// What the model wants, once its answer has ended.
    ///
    /// - Parameter isCut: Whether it was cut at a limit.
    /// - Returns: The step. A reply begins with what was shown.
    package mutating func step(isCut: Bool = false) -> ReactStep {
        parts.finish()
        _ = show()
        decoder?.finish()
        if let decoder, decoder.hasBegun {
            let text = String(decoding: decoder.text, as: UTF8.self)
            return text.isBlank ? .unreadable("the answer is empty") : .reply(text)
        }
        if parts.parts.last?.heading == .finalAnswer || parts.parts.last?.heading == .answer {
            let text = finalAnswer
            return text.isEmpty ? .unreadable("the answer is empty") : .reply(asOutput(text))
        }
        return stepOfParts(isCut: isCut)
    }

    // MARK: The reply while it comes

    private mutating func show() -> String {
        guard form.outputSchema == nil, let last = parts.parts.last else { return "" }
        if read.changes != parts.changes { (read, blanks) = ((parts.changes, 0), []) }
        let before = shown.count
        switch last.heading {
        case .finalAnswer?, .answer?:
            for byte in last.text[read.bytes...] { show(byte, of: last) }
        case .input? where form.tool(named: actionWord)?.name == ReactForm.finish:
            var text = decoder ?? ReactAnswerText()
            for byte in last.text[read.bytes...] { text.consume(byte) }
            decoder = text
            shown = text.text
        default: break
        }
        read.bytes = last.text.count
        if shown.count > before { parts.isFixed = true }
        return String(decoding: shown[min(before, shown.count)...], as: UTF8.self)
    }

    private mutating func show(_ byte: UInt8, of part: ReactParts.Part) {
        if shown.isEmpty, part.isMarked, byte == UInt8(ascii: "*") || byte == UInt8(ascii: "_") { return }
        if byte.isJSONWhitespace {
            if !shown.isEmpty { blanks.append(byte) }
        } else {
            shown += blanks + [byte]
            blanks = []
        }
    }

    private var finalAnswer: String {
        guard form.outputSchema == nil else {
            return (parts.parts.last.map { String(decoding: $0.text, as: UTF8.self) } ?? "").withoutMarks
        }
        return String(decoding: shown, as: UTF8.self)
    }

    /// The first word of the action, as far as it is one.
    private var actionWord: String {
        parts.parts.last { $0.heading == .action }.map { String(decoding: $0.text, as: UTF8.self).withoutMarks } ?? ""
    }
}

extension String {
    /// The text without blanks, quotes and marks of Markdown around it.
    var withoutMarks: String {
        func isMark(_ character: Character) -> Bool { character.isWhitespace || "*_`\"'".contains(character) }
        var rest = drop(while: isMark)
        while let last = rest.last, isMark(last) || last == "." { rest.removeLast() }
        return String(rest)
    }
}
