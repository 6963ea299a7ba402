import Definitions
internal import JSON

/// What a place in a pipeline's template stands for: `input.x`, `previous`, `steps.name.y`.
struct PipelineReference: TemplateReference {
    /// Where it begins.
    enum Root: Sendable, Hashable {
        /// The arguments of the pipeline.
        case input
        /// The result of the last step that was run.
        case previous
        /// The result of a step.
        case step(Int)
    }

    /// The reference as it was written.
    package let description: String

    /// Where it begins.
    package let root: Root

    private let tokens: [String]

    /// An argument that need not be given is not handed on.
    var isOptional: Bool { root == .input }

    /// Reads a reference.
    ///
    /// - Parameters:
    ///   - text: What stands between the braces.
    ///   - steps: The names of the steps before; a step without a name goes by its number, from 1.
    /// - Throws: ``TemplateError`` for anything else, also a step that comes later.
    init(_ text: some StringProtocol, steps: [String]) throws(TemplateError) {
        let trimmed = text.split(separator: " ").joined(separator: " ")
        description = "{{\(trimmed)}}"
        var tokens = trimmed.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        let first = tokens.removeFirst()
        guard !tokens.contains(""), !trimmed.contains(" ") else { throw Self.wrong(trimmed) }
        switch first {
        case "input": root = .input
        case "previous":
            guard !steps.isEmpty else { throw TemplateError("there is no step before the first") }
            root = .previous
        case "steps":
            guard !tokens.isEmpty else { throw Self.wrong(trimmed) }
            let name = tokens.removeFirst()
            guard let index = steps.firstIndex(of: name) else {
                let hint = nearestName(to: name, among: steps).map { "; did you mean \"\($0)\"?" } ?? ""
                throw TemplateError("no step before this one is named \"\(name)\"\(hint)")
            }
            root = .step(index)
        default: throw Self.wrong(trimmed)
        }
        self.tokens = tokens
    }

    private static func wrong(_ text: String) -> TemplateError {
        TemplateError(
            "expected {{input.name}}, {{previous}} or {{steps.name}} with further members, found {{\(text.prefix(utf8: 100))}}"
        )
    }

    /// The value that it stands for; nil if there is none.
    package func value(in state: PipelineState) -> JSONValue? {
        var value: JSONValue? =
            switch root {
            case .input: state.input
            case .previous: state.previous
            case .step(let index): state.results[index]
            }
        for token in tokens { value = value?.child(at: token) }
        return value
    }
}
