extension TestReport {
    /// The report of `swift test`: what XCTest and Swift Testing each say of their tests.
    package static func swift(_ text: TestLines) -> TestReport? {
        var report = TestReport(format: "swift test")
        let hasXCTest = addXCTest(text, to: &report)
        let hasTesting = addSwiftTesting(text, to: &report)
        return hasXCTest || hasTesting ? report : nil
    }

    /// The summary is `Executed 3 tests, with 1 test skipped and 1 failure (0 unexpected) in 0.1 (0.1) seconds`.
    private static func addXCTest(_ text: TestLines, to report: inout TestReport) -> Bool {
        let summary = text.last { $0.trimmed.hasPrefix("Executed ") && $0.contains(" failure") }
        guard let summary, let total = text.lines[summary].trimmed.dropFirst(9).leadingNumber else { return false }
        // Suites are told inside of each other: tests are counted one by one.
        var failed = 0
        var skipped = 0
        for line in text.lines {
            if let message = line.cut(at: ": error: ")?.after, let parts = message.cut(at: " : ") {
                report.add(String(parts.before), String(parts.after))
            }
            guard let rest = line.after("Test Case '"), let parts = rest.cut(at: "' ") else { continue }
            if parts.after.hasPrefix("failed") {
                failed += 1
                report.add(String(parts.before))
            } else if parts.after.hasPrefix("skipped") {
                skipped += 1
            }
        }
        if failed == 0 {
            failed = text.lines[summary].count(of: "failures") ?? text.lines[summary].count(of: "failure") ?? 0
        }
        report.failed += failed
        report.skipped += skipped
        report.passed += max(0, total - failed - skipped)
        return true
    }

    /// What Swift Testing says.
    ///
    /// Its last line is `✘ Test run with 12 tests in 3 suites failed after 0.1 seconds with 2 issues.`
    private static func addSwiftTesting(_ text: TestLines, to report: inout TestReport) -> Bool {
        guard let summary = text.last(where: { $0.contains("Test run with ") && $0.contains(" after ") }),
            let total = text.lines[summary].cut(at: "Test run with ")?.after.leadingNumber
        else { return false }
        var failed = Set<String>()
        var skipped = 0
        for line in text.lines {
            guard let rest = line.cut(at: " Test ")?.after, !rest.hasPrefix("run ") else { continue }
            if let parts = rest.cut(at: " recorded an issue") {
                report.add(String(parts.before), String(message(parts.after)))
            } else if let parts = rest.cut(at: " failed after ") {
                failed.insert(String(parts.before))
                report.add(String(parts.before))
            } else if rest.hasSuffix(" skipped.") || rest.contains(" skipped: ") {
                skipped += 1
            }
        }
        report.failed += failed.count
        report.skipped += skipped
        report.passed += max(0, total - failed.count - skipped)
        return true
    }

    /// ` at File.swift:12:5: Expectation failed: …` without the words that lead to it.
    private static func message(_ text: Substring) -> Substring {
        guard let place = text.cut(at: " at ") else { return text.trimmed }
        return place.after
    }
}
