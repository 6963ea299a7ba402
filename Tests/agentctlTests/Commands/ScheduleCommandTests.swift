import JSON
import TestSupport
import Testing

struct ScheduleCommandTests {
    private static let documents = """
        {kind: model, name: rules, provider: rules, rules: [{otherwise: done}]}
        ---
        {kind: agent, name: Reporter, model: rules, capabilities: [report]}
        ---
        kind: schedule
        name: daily-report
        cron: 30 8 * * MON-FRI
        time_zone: Europe/Berlin
        message: Report of {{date}}
        agent: Reporter
        ---
        {kind: schedule, name: tasks, cron: '@hourly', task: {description: d, capabilities: [report]}}
        """

    private func withSchedules(_ body: (String) async throws -> Void) async throws {
        try await withDatabase(template: .seeded) { url in
            try await withFiles(["a.yaml": Self.documents]) { directory in
                let registered = try await agentctl("register", "a.yaml", url: url, in: directory)
                #expect(registered.status == 0, "\(registered.errors)")
                try await body(url)
            }
        }
    }

    @Test func schedulesAreListedShownRunAndPaused() async throws {
        try await withSchedules { url in
            let list = try await agentctl("schedules", "list", "--json", url: url)
            #expect(
                try list.json.arrayValue?.map { $0["target"]?.stringValue } == ["Reporter", "task"],
                "\(list.errors)"
            )
            let shown = try await agentctl("schedules", "show", "daily-report", url: url)
            #expect(shown.output.contains("cron: 30 8 * * MON-FRI"), "\(shown.errors)")
            let next = try await agentctl("schedules", "next", "daily-report", "--count", "3", url: url)
            #expect(next.status == 0 && next.output.contains("08:30:00 CE"), "\(next.errors)")
            #expect(next.output.split(separator: "\n").count == 4)

            let run = try await agentctl("schedules", "run", "daily-report", url: url)
            #expect(run.status == 0 && run.output.hasPrefix("schedule:daily-report:"), "\(run.errors)")
            #expect(run.errors.contains("agentctl work"))
            let task = try await agentctl("schedules", "run", "tasks", "--json", url: url)
            #expect(try task.json["task"] == 1, "\(task.errors)")
            let runs = try await agentctl("schedules", "runs", "daily-report", "--json", url: url)
            #expect(try runs.json.arrayValue?.map { $0["status"]?.stringValue } == ["ready"], "\(runs.errors)")

            let pause = try await agentctl("schedules", "pause", "tasks", url: url)
            #expect(pause.status == 0 && pause.errors.contains("is paused"), "\(pause.errors)")
            #expect(try await agentctl("schedules", "list", url: url).output.contains("paused_at"))
            let resume = try await agentctl("schedules", "resume", "tasks", "--json", url: url)
            #expect(try resume.json["next_at"]?.stringValue?.hasSuffix(":00:00+00:00") == true, "\(resume.errors)")
        }
    }

    @Test func mistakesSayWhatToDo() async throws {
        try await withSchedules { url in
            let unknown = try await agentctl("schedules", "run", "daily-reprot", url: url)
            #expect(unknown.status == 4 && unknown.errors.contains("Did you mean daily-report?"), "\(unknown.errors)")
            #expect(try await agentctl("schedules", "next", "none", url: url).status == 4)
            #expect(try await agentctl("schedules", "next", "tasks", "--count", "0", url: url).status == 2)
            let wrong = "{kind: schedule, name: s, cron: 0 25 * * *, time_zone: Europe/Brelin, message: x}"
            try await withFiles(["b.yaml": wrong]) { directory in
                let refused = try await agentctl("register", "b.yaml", url: url, in: directory)
                #expect(refused.status == 3 && refused.errors.contains("b.yaml:1:"), "\(refused.errors)")
                #expect(refused.errors.contains(#"the hour "25""#) && refused.errors.contains("Europe/Berlin"))
            }
        }
    }
}
