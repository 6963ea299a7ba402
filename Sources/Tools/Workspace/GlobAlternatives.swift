/// A pattern over paths without its braces: `a/{b,c}` is `a/b` or `a/c`.
struct GlobAlternatives {
    /// What is wrong with a pattern.
    struct Malformed: Error, CustomStringConvertible {
        let description: String

        init(_ description: String) {
            self.description = description
        }
    }

    /// The most alternatives of a pattern.
    private static let maximumCount = 256

    /// The alternatives, without `./` before and a slash behind them.
    private(set) var list: [String] = []

    /// Takes a pattern apart.
    init(_ source: String) throws(Malformed) {
        var open = [Array(source.unicodeScalars)]
        while let scalars = open.popLast() {
            guard let alternatives = try Self.first(of: scalars) else {
                list.append(Self.trimmed(scalars))
                continue
            }
            open += alternatives.reversed()
            guard open.count + list.count <= Self.maximumCount else {
                throw Malformed("it has more than \(Self.maximumCount) alternatives")
            }
        }
    }

    /// The pattern with each alternative of its first braces; nil if it has none.
    private static func first(of scalars: [Unicode.Scalar]) throws(Malformed) -> [[Unicode.Scalar]]? {
        var (rest, depth) = (scalars[...], 0)
        var (borders, begin): ([Int], Int) = ([], 0)
        while let scalar = rest.popFirst() {
            let place = rest.startIndex - 1
            switch scalar {
            case "[": _ = try set(&rest)
            case "{":
                if depth == 0 { (begin, borders) = (place, [place]) }
                depth += 1
            case "," where depth == 1: borders.append(place)
            case "}" where depth == 1:
                borders.append(place)
                return zip(borders, borders.dropFirst()).map { before, after -> [Unicode.Scalar] in
                    var alternative = Array(scalars[..<begin])
                    alternative += scalars[(before + 1)..<after]
                    return alternative + Array(rest)
                }
            case "}" where depth > 1: depth -= 1
            default: continue
            }
        }
        guard depth == 0 else { throw Malformed("a { is not closed") }
        return nil
    }

    /// Reads a set of characters behind its opening bracket.
    static func set(
        _ rest: inout ArraySlice<Unicode.Scalar>
    ) throws(Malformed) -> (isNegated: Bool, members: [Unicode.Scalar]) {
        var members: [Unicode.Scalar] = []
        let isNegated = rest.first == "!" || rest.first == "^"
        if isNegated { rest = rest.dropFirst() }
        while let scalar = rest.popFirst() {
            if scalar == "]", !members.isEmpty { return (isNegated, members) }
            members.append(scalar)
        }
        throw Malformed("a [ is not closed")
    }

    private static func trimmed(_ scalars: [Unicode.Scalar]) -> String {
        var scalars = scalars[...]
        if scalars.starts(with: "./".unicodeScalars) { scalars = scalars.dropFirst(2) }
        if scalars.count > 1, scalars.last == "/" { scalars = scalars.dropLast() }
        var text = ""
        text.unicodeScalars.append(contentsOf: scalars)
        return text
    }
}
