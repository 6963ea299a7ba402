import JSON
import Yams

/// Reads the documents of a YAML file.
///
/// Scalars mean what the core schema of YAML 1.2 says: only `true` and `false` (also `True`, `TRUE` …) are booleans, so
/// that `yes`, `no`, `on` and `off` are text, as are dates; `0o17` and `0xF` are integers; `.nan` and `.inf` are refused, as
/// JSON has no such numbers. A key may stand once in a mapping. Anchors and aliases are followed; merge keys (`<<`) and
/// tags other than those of the core schema are refused.
enum YAMLFile {
    /// Reads the documents; a list stands for the documents in it.
    static func load(_ text: String, file: String) -> LoadedFile {
        var loaded = LoadedFile()
        if let problem = YAMLAliases.problem(in: text) {
            loaded.mistakes.append(LocatedMistake(file: file, position: .start, problem: problem))
            return loaded
        }
        // What aliases expand to counts for the file as a whole.
        let budget = YAMLBudget()
        do {
            let parser = try Parser(yaml: text, resolver: .basic)
            while let root = try parser.nextRoot() {
                for node in root.sequence.map({ Array($0) }) ?? [root] where !isEmpty(node) {
                    load(node, of: text, file: file, budget: budget, into: &loaded)
                }
            }
        } catch let error as YamlError {
            loaded.isIncomplete = true
            loaded.mistakes.append(error.mistake(in: file))
        } catch {
            loaded.mistakes.append(LocatedMistake(file: file, position: .start, problem: "is not YAML: \(error)"))
        }
        return loaded
    }

    /// Between `---` and `---` there may be nothing but comments.
    private static func isEmpty(_ node: Node) -> Bool {
        guard let scalar = node.scalar else { return false }
        return scalar.style == .plain && scalar.string.isEmpty
    }

    private static func load(
        _ node: Node,
        of text: String,
        file: String,
        budget: YAMLBudget,
        into loaded: inout LoadedFile
    ) {
        var conversion = YAMLConversion(budget: budget)
        let value = conversion.value(of: node)
        let document = LoadedDocument(file: file, value: value, positions: YAMLPositions(node, in: text))
        loaded.mistakes += conversion.mistakes.map { mistake in
            LocatedMistake(
                file: file,
                position: mistake.position,
                document: document.label,
                path: mistake.path,
                problem: mistake.problem,
                expected: mistake.expected
            )
        }
        // What is left of it is looked at as well, so that all its mistakes are told at once.
        if conversion.isIncomplete {
            loaded.isIncomplete = true
        } else {
            loaded.documents.append(document)
        }
    }
}
