extension TestReport {
    /// The report of `cargo test`: `test result: FAILED. 2 passed; 1 failed; 1 ignored; …`, one a crate.
    static func cargo(_ text: TestLines) -> TestReport? {
        let results = text.lines.filter { $0.hasPrefix("test result: ") }
        guard !results.isEmpty else { return nil }
        var report = TestReport(format: "cargo test")
        for line in results {
            report.passed += line.count(of: "passed") ?? 0
            report.failed += line.count(of: "failed") ?? 0
            report.skipped += line.count(of: "ignored") ?? 0
        }
        for (index, line) in text.lines.enumerated() {
            if let name = line.after("test "), name.hasSuffix(" ... FAILED") {
                report.add(String(name.dropLast(11)))
            } else if let name = line.after("---- ")?.cut(at: " stdout ----")?.before {
                report.add(String(name), panic(after: index, in: text))
            }
        }
        return report
    }

    /// What a panicking thread says: on the line of its place before Rust 1.73, on the next one since.
    private static func panic(after index: Int, in text: TestLines) -> String {
        for (offset, line) in text.lines.dropFirst(index + 1).prefix(50).enumerated() {
            guard let place = line.cut(at: " panicked at ")?.after else { continue }
            return place.hasSuffix(":") ? text.text(from: index + offset + 2) : String(place)
        }
        return ""
    }

    /// The report of `go test`: each test with `-v`, otherwise failed tests and whole packages.
    package static func go(_ text: TestLines) -> TestReport? {
        let packages = text.lines.filter {
            $0.hasPrefix("ok  \t") || $0.hasPrefix("FAIL\t") || $0 == "FAIL" || $0 == "PASS"
        }
        let isVerbose = text.lines.contains { $0.hasPrefix("=== RUN ") }
        let results = text.lines.contains { $0.trimmed.hasPrefix("--- FAIL: ") }
        guard isVerbose || results || packages.contains(where: { $0.contains("\t") }) else { return nil }
        var report = TestReport(format: "go test")
        var said: [String] = []
        for (index, line) in text.lines.enumerated() {
            let bare = line.trimmed
            if bare.hasPrefix("=== RUN ") { said = [] }
            if isPlace(bare) { said.append(String(bare)) }
            if bare.hasPrefix("--- PASS: ") { report.passed += 1 }
            if bare.hasPrefix("--- SKIP: ") { report.skipped += 1 }
            if let name = bare.after("--- FAIL: ")?.cut(at: " ")?.before {
                report.failed += 1
                let next = text.lines.dropFirst(index + 1).first?.trimmed ?? ""
                report.add(String(name), isPlace(next) ? String(next) : said.last ?? "")
            }
            if let package = line.after("FAIL\t")?.cut(at: " [build failed]")?.before {
                report.failed += 1
                report.add(String(package), "build failed")
            }
        }
        if !isVerbose { report.passed = text.lines.count { $0.hasPrefix("ok  \t") } }
        return report
    }

    /// Whether a line begins with the place of a message: `x_test.go:10: …`.
    private static func isPlace(_ line: Substring) -> Bool {
        guard let parts = line.cut(at: ".go:") else { return false }
        return parts.after.leadingNumber != nil && !parts.before.contains(" ")
    }
}
