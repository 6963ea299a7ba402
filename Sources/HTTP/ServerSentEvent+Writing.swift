extension ServerSentEvent {
    /// The event as a server writes it to a `text/event-stream`.
    ///
    /// A line end within the data, of whichever kind, becomes a line feed for the reader. The type and the identifier
    /// end at their first line end, so that they cannot begin another field.
    package var wireText: String {
        var text = ""
        if let event { text += "event: \(Self.firstLine(of: event))\n" }
        if let id { text += "id: \(Self.firstLine(of: id))\n" }
        if let retry { text += "retry: \(Int64(min(max(0, retry / .milliseconds(1)), 1e15)))\n" }
        for line in Self.lines(of: data) { text += "data: \(line)\n" }
        return text + "\n"
    }

    private static func firstLine(of text: String) -> String {
        lines(of: text)[0]
    }

    /// The lines of a text: at least one, without their ends, which are CR, LF or CRLF.
    private static func lines(of text: String) -> [String] {
        guard text.utf8.contains(where: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }) else { return [text] }
        var lines: [String] = []
        var line = String.UnicodeScalarView()
        var isAfterCarriageReturn = false
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n" where isAfterCarriageReturn:
                break
            case "\n", "\r":
                lines.append(String(line))
                line = String.UnicodeScalarView()
            default:
                line.append(scalar)
            }
            isAfterCarriageReturn = scalar == "\r"
        }
        return lines + [String(line)]
    }
}
