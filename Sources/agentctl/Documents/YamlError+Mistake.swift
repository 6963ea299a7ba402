import Yams

extension YamlError {
    /// The error with its place, without the text that it carries.
    func mistake(in file: String) -> LocatedMistake {
        switch self {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let isTooDeep = problem.hasPrefix("Maximum nesting level")
            let place = isTooDeep ? nil : context.map { " (\($0.text), line \($0.mark.line))" }
            return LocatedMistake(
                file: file,
                position: SourcePosition(mark),
                problem: isTooDeep ? "nests too deeply" : "is not YAML: \(problem)\(place ?? "")"
            )
        case .duplicatedKeysInMapping(let keys, let context):
            let names = keys.map { "\"\($0.prefix(64))\"" }.joined(separator: ", ")
            return LocatedMistake(
                file: file,
                position: SourcePosition(context.mark),
                problem: "has a key more than once: \(names)",
                expected: "each key once in a mapping"
            )
        case .reader(let problem, _, _, _):
            return LocatedMistake(file: file, position: .start, problem: "is not YAML: \(problem)")
        default:
            return LocatedMistake(file: file, position: .start, problem: "cannot be read as YAML")
        }
    }
}
