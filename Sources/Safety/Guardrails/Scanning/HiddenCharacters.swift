import ShellSyntax

/// Characters that nobody sees and that models read: text in tags, text turned around, words cut apart.
///
/// What writing systems need is left alone: joiners between letters that are joined, marks of direction, the flags of
/// emoji.
enum HiddenCharacters {
    /// The name by which they are told.
    package static let kind = "hidden_characters"

    /// Finds all runs of hidden characters.
    static func spans(in text: String) -> [GuardrailSpan] {
        guard text.utf8.contains(where: { $0 >= 0x80 }) else { return [] }
        var spans: [GuardrailSpan] = []
        var position = 0
        var before: Unicode.Scalar?
        var run: (start: Int, scalars: [Unicode.Scalar], before: Unicode.Scalar?)?
        func end(at position: Int, after: Unicode.Scalar?) {
            guard let run, isHidden(run.scalars, between: run.before, and: after) else { return }
            spans.append(GuardrailSpan(range: run.start..<position, kind: kind))
        }
        for scalar in text.unicodeScalars {
            if isCandidate(scalar) {
                if run == nil { run = (position, [], before) }
                // A long run is hidden whatever it is made of.
                if run?.scalars.count ?? 0 < 16 { run?.scalars.append(scalar) }
            } else {
                end(at: position, after: scalar)
                run = nil
                before = scalar
            }
            position += UTF8.width(scalar)
        }
        end(at: position, after: nil)
        return spans
    }

    private static func isCandidate(_ scalar: Unicode.Scalar) -> Bool {
        FoldedText.isInvisible(scalar) && scalar.value != 0xAD
    }

    private static func isHidden(
        _ run: [Unicode.Scalar],
        between before: Unicode.Scalar?,
        and after: Unicode.Scalar?
    ) -> Bool {
        if run.contains(where: { (0xE0000...0xE007F).contains($0.value) }) {
            // The flags of England, Scotland and Wales are a black flag with tags and an end.
            let isFlag = before?.value == 0x1F3F4 && run.count <= 7 && run.last?.value == 0xE007F
            return !isFlag
        }
        if run.contains(where: { $0.value == 0x202D || $0.value == 0x202E }) { return true }
        if run.count > 2 { return true }
        if run.count > 1, run.allSatisfy({ isSelector($0) }) { return true }
        // One or two: only what cuts words of letters that need it not.
        let isWithinWord = before.map(isPlain) == true && after.map(isPlain) == true
        return isWithinWord && run.contains { $0.value != 0x200E && $0.value != 0x200F && $0.value != 0x061C }
    }

    private static func isSelector(_ scalar: Unicode.Scalar) -> Bool {
        (0xFE00...0xFE0F).contains(scalar.value) || (0xE0100...0xE01EF).contains(scalar.value)
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x80
            && (UInt8(truncatingIfNeeded: scalar.value).isLetter
                || UInt8(truncatingIfNeeded: scalar.value).isDigit)
    }
}
