import Definitions

/// A text with placeholders.
///
/// - `$1` to `$99`: what the pattern captured, empty if that group took no part; `$0` is the whole match. `${1}` is the
///   same where a digit follows, and `$$` is a dollar sign. A dollar sign before anything else stands for itself.
/// - `{{input}}`: the user's message.
/// - `{{result}}`: the results of the rule's calls, one a line; `{{result.1}}` is the first alone.
struct RuleTemplate: Sendable, Hashable {
    /// What the placeholders stand for.
    struct Values: Sendable, Hashable {
        package var captures: [String?] = []
        package var input = ""
        package var results: [String] = []
    }

    /// Why a text is no template.
    package struct Failure: Error, Hashable {
        package let message: String
    }

    private enum Part: Sendable, Hashable {
        case text(String)
        case capture(Int)
        case input
        case results
        case result(Int)
    }

    private var parts: [Part] = []

    /// Whether the text has `{{result}}` or `{{result.1}}` in it.
    var usesResults: Bool {
        parts.contains { part in
            switch part {
            case .results, .result: true
            default: false
            }
        }
    }

    /// Whether the text is a capture and nothing else.
    var isOneCapture: Bool {
        if case .capture? = parts.first { parts.count == 1 } else { false }
    }

    /// The largest number of a capture in the text; nil if it has none.
    var highestCapture: Int? {
        parts.compactMap { if case .capture(let number) = $0 { number } else { nil } }.max()
    }

    /// Reads a template.
    ///
    /// - Throws: ``Failure`` if a placeholder in double braces is not known.
    init(_ source: String) throws(Failure) {
        var rest = Substring(source)
        var text = ""
        while let character = rest.first {
            if let part = try Self.placeholder(at: &rest) {
                if !text.isEmpty { parts.append(.text(text)) }
                text = ""
                parts.append(part)
            } else if rest.hasPrefix("$$") {
                text.append("$")
                rest.removeFirst(2)
            } else {
                text.append(character)
                rest.removeFirst()
            }
        }
        if !text.isEmpty { parts.append(.text(text)) }
    }

    /// The text with every placeholder replaced.
    func rendered(_ values: Values) -> String {
        var output = ""
        for part in parts {
            switch part {
            case .text(let text): output += text
            case .capture(let number): output += values.captures.element(at: number).flatMap { $0 } ?? ""
            case .input: output += values.input
            case .results: output += values.results.joined(separator: "\n")
            case .result(let number): output += values.results.element(at: number - 1) ?? ""
            }
        }
        return output
    }
}

extension RuleTemplate {
    /// Takes a placeholder off the beginning of the text; nil if there is none.
    private static func placeholder(at rest: inout Substring) throws(Failure) -> Part? {
        if rest.hasPrefix("{{") { return try bracedPlaceholder(at: &rest) }
        guard rest.first == "$" else { return nil }
        var tail = rest.dropFirst()
        let isBraced = tail.first == "{"
        if isBraced { tail = tail.dropFirst() }
        let digits = tail.prefix { $0.isASCII && $0.isWholeNumber }.prefix(2)
        guard let number = Int(digits) else { return nil }
        tail = tail.dropFirst(digits.count)
        if isBraced {
            guard tail.first == "}" else { return nil }
            tail = tail.dropFirst()
        }
        rest = tail
        return .capture(number)
    }

    private static func bracedPlaceholder(at rest: inout Substring) throws(Failure) -> Part? {
        guard let end = rest.firstRange(of: "}}") else { return nil }
        let name = rest[..<end.lowerBound].dropFirst(2).filter { $0 != " " }
        let part: Part
        if name == "input" {
            part = .input
        } else if name == "result" {
            part = .results
        } else if name.hasPrefix("result."), let number = Int(name.dropFirst(7)), (1...64).contains(number) {
            part = .result(number)
        } else {
            let hint = nearestName(to: name, among: ["input", "result"]).map { "; did you mean {{\($0)}}?" } ?? ""
            throw Failure(message: "unknown placeholder {{\(name.prefix(64))}}\(hint)")
        }
        rest = rest[end.upperBound...]
        return part
    }
}

extension Array {
    /// The element at an index, or nil if there is none.
    fileprivate func element(at index: Int) -> Element? {
        indices.contains(index) ? self[index] : nil
    }
}
