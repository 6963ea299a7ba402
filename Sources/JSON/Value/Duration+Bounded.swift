extension Duration {
    /// So many seconds, as far as a length of time goes.
    ///
    /// What no length of time has does not end the program: beyond 300 years it is 300 years, and NaN is nothing.
    package init(boundedSeconds seconds: Double) {
        let limit = 300 * 366 * 86_400.0
        self = seconds.isNaN ? .zero : .seconds(min(max(seconds, -limit), limit))
    }
}

extension JSONValue {
    /// The number as so many seconds, as `Duration.init(boundedSeconds:)` takes it; nil for what is no number.
    package var secondsValue: Duration? { numberValue.map { Duration(boundedSeconds: $0) } }

    /// The number as so many milliseconds, likewise.
    package var millisecondsValue: Duration? { numberValue.map { Duration(boundedSeconds: $0 / 1_000) } }
}
