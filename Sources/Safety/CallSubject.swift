import Definitions
internal import JSON
import ShellSyntax
import Tools

/// What a call is about, for people and as the key of standing approvals.
///
/// A tool says which of its arguments that is, if its others change nothing about what is done; else all of them count.
enum CallSubject {
    /// The most bytes of a subject.
    package static let maximumBytes = 1_000

    /// The subject of a call.
    package static func text(of call: ProposedCall) -> String {
        bounded(visible(raw(call)))
    }

    private static func raw(_ call: ProposedCall) -> String {
        switch call.facts.subject {
        case .command(let command, let directory):
            let (line, directory) = (trimmed(command), CallPath.normalized(directory))
            return directory == "." ? line : "(in \(directory)) \(line)"
        case .request(let method, let url):
            if case .name(let host) = CallHost(url: url) { return "\(method) \(host)" }
        case .path(let path): return CallPath.normalized(path)
        case .arguments: break
        }
        return call.arguments.canonicalText
    }

    private static func trimmed(_ text: String) -> String {
        let blanks: [UInt8] = [.space, .tab, .newline]
        var view = text.utf8[...]
        while let first = view.first, blanks.contains(first) { view.removeFirst() }
        // A blank after a backslash belongs to the line.
        while let last = view.last, blanks.contains(last), view.dropLast().last != .backslash { view.removeLast() }
        return view.count == text.utf8.count ? text : String(Substring(view))
    }

    /// Writes out characters that would change how the text is shown, so that it is read as it is run.
    private static func visible(_ text: String) -> String {
        if text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) && $0 != UInt8(ascii: "\\") }) { return text }
        var result = ""
        var isAfterBackslash = false
        for scalar in text.unicodeScalars {
            // A written escape must not look like one that was made here.
            if isAfterBackslash, scalar == "u" {
                result.unicodeScalars.removeLast()
                result += "\\u{5C}"
            }
            isAfterBackslash = scalar == "\\"
            switch scalar.properties.generalCategory {
            case .control where scalar != "\n", .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned,
                .surrogate:
                result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func bounded(_ text: String) -> String {
        guard text.utf8.count > maximumBytes else { return text }
        let note = "… (\(text.utf8.count) bytes, SHA-256 \(SHA256.hexadecimal(of: Array(text.utf8))))"
        return text.prefix(utf8: maximumBytes - note.utf8.count) + note
    }
}
