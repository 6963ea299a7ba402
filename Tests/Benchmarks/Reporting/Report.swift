import FoundationEssentials

/// What a run of the benchmarks says.
struct Report: Sendable {
    let plan: Plan
    let machine: Machine
    var sections: [Section] = []
    /// The part of the machine's processors, 0 to 1, that other programs used during the run.
    var usedByOthers = 0.0

    private let date = Date.now

    init(plan: Plan, machine: Machine) {
        self.plan = plan
        self.machine = machine
    }

    /// The report in Markdown.
    var text: String {
        let text = ([head] + sections.map(\.text)).joined(separator: "\n")
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.map { $0.hasPrefix("|") ? String($0) : Self.wrapped($0) }.joined(separator: "\n")
    }

    /// A paragraph in lines of at most 120 columns, like the other pages.
    private static func wrapped(_ paragraph: Substring) -> String {
        var lines = [""]
        for word in paragraph.split(separator: " ") {
            let line = lines[lines.count - 1]
            if line.isEmpty {
                lines[lines.count - 1] = String(word)
            } else if line.count + 1 + word.count <= 120 {
                lines[lines.count - 1] = "\(line) \(word)"
            } else {
                lines.append(String(word))
            }
        }
        return lines.joined(separator: "\n")
    }

    /// What the reader is told when the machine was not the benchmarks' own.
    private var disturbance: String {
        usedByOthers > 0.1 ? ": **disturbed**, to be measured again" : ""
    }

    private var head: String {
        """
        # Benchmarks

        Written by `scripts/benchmark`\(plan.isQuick ? " --quick: a smoke run, whose figures mean nothing" : ""). All \
        figures are of one run; the sides of each ratio took turns in it, and a ratio is the median over the rounds of the \
        ratio within a round (least and greatest in parentheses). Compare ratios, never absolute figures of different \
        runs. Targets stand as they were set, met or missed.

        | | |
        | --- | --- |
        | Date | \(date.formatted(.iso8601.year().month().day())) |
        | Machine | \(machine.processor), \(machine.processors) processors, \(machine.memory) GB of memory, Linux \(machine.kernel) |
        | Disk | \(machine.fileSystem); PostgreSQL's `fsync`, `full_page_writes` and `synchronous_commit` are on |
        | Load at the start | \(machine.load) (1, 5, 15 minutes) |
        | Used by other programs during the run | \(Format.number(usedByOthers * 100)) % of the processors\(disturbance) |
        | Versions | \(machine.postgres); \(machine.swift) |

        """
    }
}
