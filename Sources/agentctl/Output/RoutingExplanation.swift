import JSON

/// Why a message went, or would go, to an agent: the candidates with their scores, and what decided.
struct RoutingExplanation {
    private let decision: JSONObject

    /// - Parameter decision: As the reports have it: `agent`, `is_default`, `score`, `threshold`, `candidates`.
    init(_ decision: JSONObject) {
        self.decision = decision
    }

    private var candidates: [JSONObject] {
        decision["candidates"]?.arrayValue?.compactMap(\.objectValue) ?? []
    }

    /// The candidates as rows of a table, the best first.
    var table: Table {
        var table = Table([
            Table.Column(title: "score", alignment: .right), Table.Column(title: "agent"),
            Table.Column(title: "success", alignment: .right), Table.Column(title: "open", alignment: .right),
            Table.Column(title: "words"),
        ])
        for candidate in candidates {
            let turns = candidate["turns"]?.integerValue ?? 0
            table.append([
                Self.share(candidate["score"]), candidate["agent"]?.stringValue ?? "",
                "\(FieldFormat.fixed(candidate["success_rate"]?.numberValue ?? 0, digits: 2)) (\(turns))",
                "\(candidate["open"]?.integerValue ?? 0)", Self.words(of: candidate),
            ])
        }
        return table
    }

    /// The decision in one sentence.
    var sentence: String {
        let agent = decision["agent"]?.stringValue ?? ""
        let threshold = Self.share(decision["threshold"])
        if decision["is_default"]?.boolValue == true {
            return candidates.isEmpty
                ? "\(agent): no agent has any of the words" : "\(agent): no score reaches \(threshold)"
        }
        let score = decision["score"]?.numberValue ?? 0
        return score < decision["threshold"]?.numberValue ?? 0
            ? "\(agent): the best with these capabilities"
            : "\(agent): \(Self.share(decision["score"])) reaches \(threshold)"
    }

    /// The decision and its candidates on one line, the best first.
    var line: String {
        let others = candidates.map { candidate in
            let words = Self.words(of: candidate)
            return "\(candidate["agent"]?.stringValue ?? "") \(Self.share(candidate["score"]))"
                + (words.isEmpty ? "" : " (\(words))")
        }
        return Printable.line(([sentence] + others).joined(separator: "  "))
    }

    /// The words of a candidate with their parts, the greatest first.
    private static func words(of candidate: JSONObject) -> String {
        (candidate["words"]?.objectValue ?? [:])
            .map { (word: $0.key, part: $0.value.numberValue ?? 0) }
            .sorted { $0.part != $1.part ? $0.part > $1.part : $0.word < $1.word }
            .map { "\($0.word) \(FieldFormat.fixed($0.part, digits: 2))" }
            .joined(separator: " · ")
    }

    private static func share(_ value: JSONValue?) -> String {
        FieldFormat.fixed(value?.numberValue ?? 0, digits: 2)
    }
}
