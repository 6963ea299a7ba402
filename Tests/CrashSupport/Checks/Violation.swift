/// A promise that was broken.
public struct Violation: Sendable, Hashable, CustomStringConvertible {
    /// The kinds of promises, as `docs/promises.md` has them.
    public enum Promise: String, Sendable, Hashable {
        case lost, order, effects, fencing, events
    }

    /// What was promised.
    public let promise: Promise
    /// What was found instead.
    public let finding: String

    init(_ promise: Promise, _ finding: String) {
        self.promise = promise
        self.finding = finding
    }

    /// Both, for a person.
    public var description: String { "\(promise.rawValue): \(finding)" }
}
