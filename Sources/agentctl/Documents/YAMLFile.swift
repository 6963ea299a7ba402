import JSON
import YAML

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
        // What aliases expand to counts for the file as a whole.
        let budget = YAMLBudget()
        do {
            try YAMLReader.read(text) { root in
                for node in documents(in: root) where !isEmpty(node) {
                    load(node, of: text, file: file, budget: budget, into: &loaded)
                }
            }
        } catch {
            loaded.isIncomplete = true
            loaded.mistakes.append(error.mistake(in: file))
        }
        return loaded
    }

    private static func documents(in root: YAMLNode) -> [YAMLNode] {
        if case .sequence(let items, _) = root.content { items } else { [root] }
    }

    /// Between `---` and `---` there may be nothing but comments.
    private static func isEmpty(_ node: YAMLNode) -> Bool {
        node.isPlain && node.scalar == ""
    }

    private static func load(
        _ node: YAMLNode,
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
        // The rest of the document is checked too, so that all its mistakes are reported at once.
        if conversion.isIncomplete {
            loaded.isIncomplete = true
        } else {
            loaded.documents.append(document)
        }
    }
}
