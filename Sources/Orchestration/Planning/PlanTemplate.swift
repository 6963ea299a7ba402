package import Definitions
package import JSON
internal import Patterns

/// A template of plans: what it is asked for, what is done then, and what recovers a step that fails.
package struct PlanTemplate: Sendable {
    /// Its name.
    package let name: String
    /// What it is for; may be empty.
    package let description: String
    /// Values where neither the clause nor the caller says one.
    let defaults: JSONObject
    let steps: [JSONValue]
    let recoveries: [JSONValue]
    private let patterns: [Pattern]
    /// The names of the values that it takes.
    let names: Set<String>
    /// What people may say, for the nearest template.
    let words: Set<String>

    /// A template.
    ///
    /// - Parameter document: The document, as `register` stored it.
    /// - Throws: ``PlanningError/Code/invalid`` when a pattern does not compile.
    package init(_ document: JSONValue) throws(PlanningError) {
        name = document["name"]?.stringValue ?? ""
        description = document["description"]?.stringValue ?? ""
        defaults = document["context"]?.objectValue ?? [:]
        steps = document["steps"]?.arrayValue ?? []
        recoveries = document["recover"]?.arrayValue ?? []
        let problems = DocumentReader.Problems()
        patterns = Self.patterns(of: document, problems)
        if let problem = problems.list.first {
            throw PlanningError(.invalid, "the plan template \"\(name)\" cannot be used: \(problem)")
        }
        let named = PlanReference.values(in: .array(steps + recoveries))
        names = Set(defaults.map(\.key) + patterns.flatMap(\.groupNames.keys) + named)
        let said = document["when"]?.arrayValue?.compactMap(\.stringValue) ?? []
        words = Set(([name, description] + said).flatMap(Self.words(of:)))
    }

    /// What is wrong with the patterns of a document.
    ///
    /// - Returns: The mistakes with their places in the document.
    package static func problems(in document: JSONValue) -> [DocumentProblem] {
        let problems = DocumentReader.Problems()
        _ = patterns(of: document, problems)
        for list in [("steps", document["steps"])]
            + (document["recover"]?.arrayValue ?? []).enumerated().map({ ("recover[\($0)].steps", $1["steps"]) })
        {
            for (index, step) in (list.1?.arrayValue ?? []).enumerated() {
                guard let source = step["find"]?.stringValue else { continue }
                compile(source, options: [], at: "\(list.0)[\(index)].find", problems)
            }
        }
        return problems.list
    }

    private static func patterns(of document: JSONValue, _ problems: DocumentReader.Problems) -> [Pattern] {
        (document["when"]?.arrayValue ?? []).enumerated().compactMap { index, value in
            // A pattern is for a whole clause, whatever its alternatives.
            value.stringValue.flatMap { source in
                compile("\\A(?:\(source))\\z", options: .caseInsensitive, at: "when[\(index)]", problems)
            }
        }
    }

    @discardableResult
    private static func compile(
        _ source: String,
        options: Pattern.Options,
        at path: String,
        _ problems: DocumentReader.Problems
    ) -> Pattern? {
        do throws(PatternError) {
            return try Pattern(source, options: options)
        } catch {
            problems.list.append(DocumentProblem(path: path, message: "not a pattern: \(error.message)"))
            return nil
        }
    }

    /// What a clause says, by the names of groups; nil when the template is not for it.
    ///
    /// - Throws: ``PlanningError/Code/limitExceeded`` when a pattern gives up.
    func values(in clause: String) throws(PlanningError) -> JSONObject? {
        for pattern in patterns {
            let match: PatternMatch?
            do throws(PatternError) {
                match = try pattern.firstMatch(in: clause)
            } catch {
                let shown = clause.prefix(utf8: 100)
                throw PlanningError(
                    .limitExceeded,
                    "a pattern of the plan template \"\(name)\" gave up on \"\(shown)\": \(error.message)"
                )
            }
            guard let match else { continue }
            var values: JSONObject = [:]
            for (name, number) in pattern.groupNames.sorted(by: { $0.value < $1.value }) {
                if let text = match.captures[number], !text.isEmpty { values[name] = .string(text) }
            }
            return values
        }
        return nil
    }

    /// The words of a text that say something, without regard to case.
    static func words(of text: String) -> [String] {
        text.lowercased().split { !$0.isLetter }.map(String.init).filter { $0.count > 2 && !fillers.contains($0) }
    }

    private static let fillers: Set<String> = ["the", "and", "then", "for", "with", "all", "from", "into", "what"]
}
