internal import Glibc
internal import JSON

/// Tells the time in any of the world's time zones.
struct CurrentTimeTool: ImplementedTool {
    static let implementation = ToolImplementation(
        name: "current_time",
        description: "Tells the current date and time in a time zone.",
        effect: .pure,
        parameters: [
            .optional(
                "time_zone",
                .string(maximumLength: 64),
                "The zone's IANA name, for example Europe/Berlin or America/New_York. UTC if nothing else is set up."
            )
        ],
        configurationMembers: ["default_time_zone"],
        make: { settings, configuration in
            let zone = configuration.string("default_time_zone", maximumBytes: 64) ?? "UTC"
            do throws(TimeZoneDatabase.Failure) {
                _ = try TimeZoneDatabase().zone(named: zone)
            } catch {
                configuration.refuse("default_time_zone", Self.message(for: error, name: zone))
            }
            return CurrentTimeTool(settings: settings, defaultZone: zone)
        }
    )

    let settings: ToolSettings
    var defaultZone = "UTC"
    var database = TimeZoneDatabase()

    /// The clock: seconds since 1970 in UTC.
    var now: @Sendable () -> Int64 = {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec)
    }

    func call(_ arguments: JSONValue, in context: ToolContext) async throws(ToolError) -> ToolOutput {
        let wanted = arguments["time_zone"]?.stringValue ?? defaultZone
        let zone: (name: String, file: TimeZoneFile)
        do {
            zone = try database.zone(named: wanted)
        } catch {
            throw ToolError(.notFound, Self.message(for: error, name: wanted))
        }
        let seconds = now()
        let offset = zone.file.offset(at: seconds)
        let local = CivilDate(secondsSince1970: seconds + Int64(offset.seconds))
        let iso = local.iso8601 + offset.iso8601
        let place = zone.name == offset.abbreviation ? zone.name : "\(offset.abbreviation), \(zone.name)"
        return ToolOutput(
            "\(iso) (\(local.longDate), \(local.timeOfDay) \(place))",
            value: ["time": .string(iso), "time_zone": .string(zone.name), "unix_seconds": .integer(seconds)]
        )
    }

    private static func message(for failure: TimeZoneDatabase.Failure, name: String) -> String {
        switch failure {
        case .noDatabase:
            return "This system knows no time zone but UTC (its package tzdata is not installed)."
        case .unknown(let nearest):
            let hint = nearest.isEmpty ? "" : " The nearest are: \(nearest.joined(separator: ", "))."
            return "There is no time zone \"\(name.prefix(utf8: 64))\".\(hint)"
        }
    }
}
