internal import JSON

/// One attack on a layer, and its result.
struct ExaminationFinding: Sendable, Hashable {
    /// The result of an attack.
    enum Result: Sendable, Hashable {
        /// It was refused, by the name of the error or in words.
        case refused(String)
        /// It was not: what it got.
        case breach(String)
        /// It could not be made.
        case untried(String)
    }

    /// The layer that was attacked.
    let layer: String
    /// What was tried, as in "opened a socket".
    let attempt: String
    /// Its result.
    let result: Result

    init(_ layer: String, _ attempt: String, _ result: Result) {
        self.layer = layer
        self.attempt = attempt
        self.result = result
    }

    /// Reads the list that a probe answers with: `[[layer, attempt, word, isRefused], …]`.
    ///
    /// What is not of that form was not tried.
    static func list(_ value: JSONValue?) -> [ExaminationFinding] {
        (value?.arrayValue ?? []).compactMap { item in
            guard let layer = item[0]?.stringValue, let attempt = item[1]?.stringValue, let word = item[2]?.stringValue,
                let isRefused = item[3]?.boolValue
            else { return nil }
            return ExaminationFinding(layer, attempt, isRefused ? .refused(word) : .breach(word))
        }
    }

    /// Reads the lines that a command prints: `layer|attempt|word`, the word `refused` or what it got.
    static func lines(_ output: String) -> [ExaminationFinding] {
        output.split(separator: "\n").compactMap { line in
            let parts = line.split(separator: "|", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 3 else { return nil }
            return ExaminationFinding(
                parts[0],
                parts[1],
                parts[2] == "refused" ? .refused("refused") : .breach(parts[2])
            )
        }
    }

    /// The finding for a reader.
    var text: String {
        switch result {
        case .refused(let word): "\(attempt) → \(word)"
        case .breach(let word): "\(attempt) → NOT REFUSED (\(word))"
        case .untried(let reason): "\(attempt) → not tried: \(reason)"
        }
    }
}
