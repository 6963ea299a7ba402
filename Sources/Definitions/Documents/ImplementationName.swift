/// What a tool's `implementation` or a model's `provider` names: without a dot one of the engine's, with a dot one of the
/// program that embeds the engine.
package enum ImplementationName {
    /// The most bytes of a name, as in `agentctl.document_field`.
    private static let maximumBytes = 128

    /// Whether a name is for implementations of an embedding program: `shop.stock`.
    package static func isOfProgram(_ name: String) -> Bool { name.contains(".") }

    /// What is wrong with the name that an embedding program gives an implementation; nil when documents can have it.
    ///
    /// The pattern is that of `agentctl.document_field`.
    package static func complaint(about name: String) -> String? {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        let isName =
            parts.count > 1 && name.utf8.count <= maximumBytes
            && parts.allSatisfy { part in
                part.first?.isLetterOrDigit == true && part.allSatisfy { $0.isLetterOrDigit || "_-".contains($0) }
            }
        guard !isName else { return nil }
        return "the name \"\(name)\" is not that of a program's own implementation, which has a dot: program.name"
    }

    /// The complaint about a name of an embedding program that this program has no implementation for.
    ///
    /// - Parameters:
    ///   - name: The name in the document.
    ///   - known: The names of the program's implementations.
    package static func absence(of name: String, among known: some Sequence<String>) -> String {
        let own = known.filter(isOfProgram)
        let hint = nearestName(to: name, among: own).map { "; did you mean \"\($0)\"?" } ?? ""
        return "this program has no implementation \"\(name)\"\(hint)"
    }
}

extension Character {
    fileprivate var isLetterOrDigit: Bool { isASCII && (isLetter || isNumber) }
}
