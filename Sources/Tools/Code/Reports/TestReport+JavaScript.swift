extension TestReport {
    /// The report of jest: `Tests:       1 failed, 1 skipped, 2 passed, 4 total`.
    static func jest(_ text: TestLines) -> TestReport? {
        guard let summary = text.last(where: { $0.trimmed.hasPrefix("Tests:") && $0.contains(" total") }) else {
            return nil
        }
        var report = counts(text.lines[summary], format: "jest")
        for (index, line) in text.lines.enumerated() {
            guard let name = line.trimmed.after("● ") else { continue }
            report.add(String(name), text.text(from: index + 1))
        }
        return report
    }

    /// The report of vitest: `      Tests  1 failed | 2 passed (3)`.
    static func vitest(_ text: TestLines) -> TestReport? {
        let summary = text.last { line in
            let bare = line.trimmed
            return bare.hasPrefix("Tests  ") && bare.hasSuffix(")") && line.contains("ed (")
                || bare.hasPrefix("Tests  ") && bare.contains(" | ")
        }
        guard let summary else { return nil }
        var report = counts(text.lines[summary], format: "vitest")
        for (index, line) in text.lines.enumerated() {
            guard let name = line.trimmed.after("FAIL "), name.contains(" > ") else { continue }
            report.add(String(name.trimmed), text.text(from: index + 1))
        }
        return report
    }

    private static func counts(_ line: Substring, format: String) -> TestReport {
        var report = TestReport(format: format)
        report.passed = line.count(of: "passed") ?? 0
        report.failed = line.count(of: "failed") ?? 0
        report.skipped = (line.count(of: "skipped") ?? 0) + (line.count(of: "todo") ?? 0)
        return report
    }

    /// The report of a program that speaks TAP: `not ok 2 - adds`.
    static func tap(_ text: TestLines) -> TestReport? {
        let hasPlan = text.lines.contains { $0.hasPrefix("TAP version ") || $0.hasPrefix("1..") }
        guard hasPlan, text.lines.contains(where: { $0.hasPrefix("ok ") || $0.hasPrefix("not ok ") || $0 == "1..0" })
        else {
            return nil
        }
        var report = TestReport(format: "TAP")
        for (index, line) in text.lines.enumerated() {
            guard let rest = line.after("ok") ?? line.after("not ok"), rest.isEmpty || rest.hasPrefix(" ") else {
                continue
            }
            let directive = rest.cut(at: " # ")?.after.lowercased() ?? ""
            if directive.hasPrefix("skip") || directive.hasPrefix("todo") {
                report.skipped += 1
            } else if line.hasPrefix("ok") {
                report.passed += 1
            } else {
                report.failed += 1
                report.add(name(rest), message(after: index, in: text))
            }
        }
        return report
    }

    /// `2 - adds` without its number.
    private static func name(_ rest: Substring) -> String {
        let bare = rest.trimmed
        let unnumbered = bare.drop { $0.isNumber }.trimmed
        let name = (unnumbered.after("- ") ?? unnumbered).trimmed
        return String(name.isEmpty ? bare : name)
    }

    /// The `message` of the block that follows, or the first line of diagnostics.
    private static func message(after index: Int, in text: TestLines) -> String {
        var diagnostic = ""
        for line in text.lines.dropFirst(index + 1) {
            let bare = line.trimmed
            if line.hasPrefix("ok") || line.hasPrefix("not ok") || bare == "..." { break }
            if let message = bare.after("message: ") ?? bare.after("error: ") {
                return String(message.filter { $0 != "'" && $0 != "\"" })
            }
            if diagnostic.isEmpty, let comment = bare.after("# ") { diagnostic = String(comment) }
        }
        return diagnostic
    }
}
