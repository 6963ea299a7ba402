import Definitions

/// How often a model is asked again after a failure that passes.
package struct ModelRetryLimits: Sendable, Hashable {
    /// Attempts in all.
    package var attempts: Int
    /// The longest wait after the first failure; it doubles with each one more.
    package var first: Duration
    /// The longest wait between two attempts.
    package var longest: Duration
    /// The time from the first attempt after which no other one begins.
    ///
    /// A server that asks for a longer wait is not waited for.
    package var patience: Duration
    /// How long a turn waits in all for a model that has no room for it or is not asked for now.
    package var postpone: Duration

    private static let defaults = FieldDefaults(of: "model")

    /// Those of a model that says nothing of them.
    package static let usual = ModelRetryLimits(
        attempts: defaults.integer("retry.attempts"),
        first: defaults.seconds("retry.first"),
        longest: defaults.seconds("retry.longest"),
        patience: defaults.seconds("retry.patience"),
        postpone: defaults.seconds("retry.postpone")
    )
}

extension ModelRetryLimits {
    /// Reads the object `retry` of a model's document.
    init(_ reader: DocumentReader) {
        reader.refuseUnknownMembers()
        self.init(
            attempts: reader.integer("attempts") ?? Self.usual.attempts,
            first: reader.seconds("first") ?? Self.usual.first,
            longest: reader.seconds("longest") ?? Self.usual.longest,
            patience: reader.seconds("patience") ?? Self.usual.patience,
            postpone: reader.seconds("postpone") ?? Self.usual.postpone
        )
    }
}
