import Engine
import Store
import Testing

@testable import agentctl

struct AddressTests {
    private func isEmbedded(_ option: String?, _ environment: [String: String]) throws -> Bool {
        if case .embedded = try DatabaseTarget.resolve(option: option, environment: environment) { true } else { false }
    }

    @Test func thePrivateServerIsForWhenNothingNamesAnother() throws {
        #expect(try isEmbedded(nil, [:]))
        #expect(try isEmbedded(nil, ["DATABASE_URL": "", "PGPASSWORD": "x", "PGAPPNAME": "y"]))
        #expect(try !isEmbedded("postgresql://h/d", [:]))
        #expect(try !isEmbedded(nil, ["DATABASE_URL": "postgresql://h/d"]))
        for variable in DatabaseTarget.variables {
            #expect(try !isEmbedded(nil, [variable: "5433"]))
        }
        #expect(throws: CommandFailure.self) { try isEmbedded("nonsense", [:]) }
    }

    @Test func thePasswordDoesNotStandInPsqlsArguments() {
        let address = PsqlAddress(#"dbname='a b' host='/run/x' password='p\'w\\d =' user='me'"#)
        #expect(address.password == #"p'w\d ="#)
        #expect(address.connectionString == "dbname='a b' host='/run/x' user='me'")
        #expect(PsqlAddress("host='h'").password == nil)
    }

    @Test(
        arguments: [
            ("90s", .ago(.seconds(90))), ("15m", .ago(.seconds(900))), ("24h", .ago(.seconds(86_400))),
            ("7d", .ago(.seconds(604_800))), ("2w", .ago(.seconds(1_209_600))),
            ("2026-11-01", .time("2026-11-01T00:00:00Z")),
            ("2024-02-29T09:30", .time("2024-02-29T09:30Z")),
            ("2026-11-01 09:30:15.25+01", .time("2026-11-01T09:30:15.25+01")),
            ("2026-11-01T09:30:15-03:30", .time("2026-11-01T09:30:15-03:30")),
        ] as [(String, MetricsFilter.Moment)]
    )
    func aBeginningIsASpanOrATime(text: String, moment: MetricsFilter.Moment) {
        #expect(MetricsMoment(argument: text)?.moment == moment)
    }

    @Test(arguments: [
        "", "h", "-1h", "1y", "1.5h", "2026-13-01", "2026-02-30", "2026-1-1", "2026-11-01T25:00", "2026-11-01T",
        "now",
    ]
    )
    func whatIsNeitherIsRefused(text: String) {
        #expect(MetricsMoment(argument: text) == nil)
    }
}
