import Testing

/// An attack on the sandbox: one call or several in a row, each of which must fail in the way it says.
struct HostileCase: Sendable, CustomTestStringConvertible {
    let category: HostileCategory
    let name: String
    var steps: [HostileStep]

    init(_ category: HostileCategory, _ name: String, _ steps: HostileStep...) {
        self.category = category
        self.name = name
        self.steps = steps
    }

    var testDescription: String { "\(category.rawValue): \(name)" }

    /// The whole corpus.
    static let all: [HostileCase] =
        files + environment + network + processes + kernel + memory + time + disk + output + forgery + state + python
        + shell
}
