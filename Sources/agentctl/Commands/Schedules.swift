import ArgumentParser
import Engine
import JSON
import Store

/// The command `agentctl schedules`.
struct Schedules: DefinitionGroup {
    static let configuration = CommandConfiguration(
        abstract: "See what is sent at which times, run it now, pause it.",
        discussion: """
            Schedules are stored with agentctl register, from documents of the kind schedule. Any running worker (agentctl \
            work) begins what is due, each time once.

            EXAMPLE
              agentctl schedules list
              agentctl schedules next daily-report --count 5
              agentctl schedules runs daily-report
              agentctl schedules pause daily-report
            """,
        subcommands: [
            DefinitionList<Self>.self, DefinitionShow<Self>.self, ScheduleNext.self, ScheduleRuns.self,
            ScheduleRunNow.self, SchedulePause.self, ScheduleResume.self,
        ] + versionCommands + [DefinitionRemoval<Self>.self]
    )

    static let kind = "schedule"
    static let plural = "schedules"
    static let example = "daily-report"
    static let hint = "register some: agentctl register FILE"
    static let columns = [
        ReportColumn("name"), ReportColumn("cron"), ReportColumn("time_zone"), ReportColumn("target"),
        ReportColumn("next_at", .time), ReportColumn("paused_at", .time), ReportColumn("last_at", .time),
        ReportColumn("last_outcome"), ReportColumn("description"),
    ]

    static func report(_ stores: Stores) async throws -> [JSONObject] {
        try await stores.reports.scheduleReport()
    }
}
