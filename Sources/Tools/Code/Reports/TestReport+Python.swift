extension TestReport {
    /// The report of pytest: `== 1 failed, 2 passed in 0.12s ==`.
    static func pytest(_ text: TestLines) -> TestReport? {
        let words = ["passed", "failed", "skipped", "error", "errors", "xfailed", "xpassed", "deselected"]
        let summary = text.last { line in
            guard line.contains(" in "), line.hasSuffix("s") || line.hasSuffix("=") || line.hasSuffix(")") else {
                return false
            }
            let bare = line.drop { $0 == "=" }.trimmed
            return bare.first?.isNumber == true && words.contains { bare.count(of: $0) != nil }
                || bare.hasPrefix("no tests ran in ")
        }
        guard let summary else { return nil }
        let line = text.lines[summary]
        var report = TestReport(format: "pytest")
        report.passed = (line.count(of: "passed") ?? 0) + (line.count(of: "xpassed") ?? 0)
        report.failed = (line.count(of: "failed") ?? 0) + (line.count(of: "error") ?? line.count(of: "errors") ?? 0)
        report.skipped = (line.count(of: "skipped") ?? 0) + (line.count(of: "xfailed") ?? 0)
        for line in text.lines {
            guard let rest = line.after("FAILED ") ?? line.after("ERROR ") else { continue }
            let parts = rest.cut(at: " - ")
            report.add(String(parts?.before ?? rest), String(parts?.after ?? ""))
        }
        return report
    }

    /// The report of unittest: `Ran 3 tests in 0.001s` and `FAILED (failures=1)`.
    static func unittest(_ text: TestLines) -> TestReport? {
        guard let ran = text.last(where: { $0.hasPrefix("Ran ") && $0.contains(" test") && $0.contains(" in ") }),
            let total = text.lines[ran].dropFirst(4).leadingNumber
        else { return nil }
        let end = text.lines[ran...].first { $0.hasPrefix("OK") || $0.hasPrefix("FAILED") || $0.hasPrefix("NO TESTS") }
        func number(_ name: String) -> Int {
            guard let range = end?.cut(at: name + "=") else { return 0 }
            // "failures" also ends the words "expected failures".
            if name == "failures", range.before.hasSuffix("expected ") { return 0 }
            return range.after.leadingNumber ?? 0
        }
        var report = TestReport(format: "unittest")
        report.failed = number("failures") + number("errors") + number("unexpected successes")
        report.skipped = number("skipped") + number("expected failures")
        report.passed = max(0, total - report.failed - report.skipped)
        for (index, line) in text.lines.enumerated() {
            guard let name = line.after("FAIL: ") ?? line.after("ERROR: ") else { continue }
            report.add(String(name), message(after: index, in: text))
        }
        return report
    }

    /// The last line of the traceback that follows a failed test's name.
    private static func message(after index: Int, in text: TestLines) -> String {
        var message = ""
        for line in text.lines.dropFirst(index + 2) {
            if line.hasPrefix("=====") || line.hasPrefix("-----") { break }
            if !line.isEmpty, line.first != " " { message = String(line) }
        }
        return message
    }
}
