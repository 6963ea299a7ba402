/// Makes text safe to show: what models, tools and strangers wrote must not steer a terminal.
enum Printable {
    /// The text with control characters made visible; lines and tabs stay.
    static func text(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { isControl($0) && $0 != "\n" && $0 != "\t" }) else { return text }
        return escaped(text) { $0 == "\n" || $0 == "\t" }
    }

    /// The text on one line, at most so many columns wide; what is cut off is an ellipsis.
    static func line(_ text: String, width: Int? = nil) -> String {
        var line = ""
        var isAfterBreak = false
        // Far more than a line holds, so that a megabyte is not read for it.
        let beginning = width.map { text.unicodeScalars.prefix($0 * 8) } ?? text.unicodeScalars[...]
        for character in String(beginning) {
            if character.isNewline || character == "\t" {
                if line.last != " ", !line.isEmpty { line.append(" ") }
                isAfterBreak = true
            } else if !isAfterBreak || character != " " {
                line.append(character)
                isAfterBreak = false
            }
        }
        line = escaped(line) { _ in false }
        if line.hasSuffix(" ") { line.removeLast() }
        guard let width else { return line }
        return DisplayWidth.cut(line, to: width)
    }

    /// JSON as a terminal may get it: what would steer it is written as escapes, which stand for the same text.
    static func json(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isSteering) else { return text }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            guard isSteering(scalar) else {
                result.append(scalar)
                continue
            }
            for unit in String(scalar).utf16 {
                let digits = String(unit, radix: 16)
                result.append(
                    contentsOf: "\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)".unicodeScalars
                )
            }
        }
        return String(result)
    }

    /// The text without what steers a terminal and is no part of any style of ours.
    static func unsteered(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isSteering) else { return text }
        return escaped(text) { !isSteering($0) }
    }

    /// Control characters that JSON and YAML may hold as they are, and that a style of ours never does.
    private static func isSteering(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value >= 0x7F && isControl(scalar)
    }

    private static func escaped(_ text: String, keeping isKept: (Unicode.Scalar) -> Bool) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            guard isControl(scalar), !isKept(scalar) else {
                result.append(scalar)
                continue
            }
            // Unicode has pictures of the first 32 control characters and of DEL.
            switch scalar.value {
            case 0..<0x20: result.append(Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}")
            case 0x7F: result.append("\u{2421}")
            default: result.append("\u{FFFD}")
            }
        }
        return String(result)
    }

    /// C0, DEL, C1 and the marks that change the direction of text.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x061C, 0x200E...0x200F, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
