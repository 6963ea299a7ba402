/// What the output of a run of tests says of them.
struct TestReport: Sendable, Hashable {
    /// A test that failed.
    package struct Failure: Sendable, Hashable {
        /// The test, as its framework calls it.
        package var name: String
        /// Why, on one line; empty if the output does not say.
        package var message: String
    }

    /// The lines that are read at most, the last ones: summaries stand at the end, and each format reads all lines.
    static let maximumLines = 20_000

    /// The framework, such as `pytest`.
    package var format: String
    package var passed = 0
    package var failed = 0
    package var skipped = 0
    /// The tests that failed, in their order.
    package var failures: [Failure] = []

    /// A report without tests.
    init(format: String) {
        self.format = format
    }

    /// Notes a failure, once a test; a message that comes later counts if there was none.
    package mutating func add(_ name: String, _ message: String = "") {
        let message = String(message.prefix(500))
        guard let index = failures.firstIndex(where: { $0.name == name }) else {
            guard failures.count < 1_000 else { return }
            failures.append(Failure(name: name, message: message))
            return
        }
        if failures[index].message.isEmpty { failures[index].message = message }
    }

    /// Recognises the framework by the words of its summary.
    ///
    /// - Returns: Nil if there is no summary that any of them writes.
    init?(output: String) {
        let plain = output.withoutEscapes.lastLines(Self.maximumLines)
        let lines = plain.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        let formats: [(TestLines) -> TestReport?] = [
            Self.cargo, Self.swift, Self.vitest, Self.jest, Self.pytest, Self.unittest, Self.go, Self.tap,
        ]
        let text = TestLines(lines)
        for format in formats {
            guard let report = format(text) else { continue }
            self = report
            return
        }
        return nil
    }
}

extension String {
    /// The last lines, or all of them.
    fileprivate func lastLines(_ maximum: Int) -> Substring {
        var left = maximum
        let start = utf8.lastIndex { byte in
            if byte == UInt8(ascii: "\n") { left -= 1 }
            return left < 0
        }
        return start.map { self[utf8.index(after: $0)...] } ?? self[...]
    }

    /// The text without the colours of terminals.
    fileprivate var withoutEscapes: String {
        guard utf8.contains(0x1B) else { return self }
        var kept: [UInt8] = []
        var bytes = utf8.makeIterator()
        while let byte = bytes.next() {
            guard byte == 0x1B else {
                kept.append(byte)
                continue
            }
            guard bytes.next() == UInt8(ascii: "[") else { continue }
            while let next = bytes.next(), !(0x40...0x7E).contains(next) {}
        }
        return String(decoding: kept, as: UTF8.self)
    }
}
