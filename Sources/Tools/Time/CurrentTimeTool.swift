import Conversation
import Definitions
internal import JSON
import Store

internal import struct FoundationEssentials.Date

/// Tells the time in any of the world's time zones, as the database knows them.
struct CurrentTimeTool: ImplementedTool {
    package static let implementation = ToolImplementation(
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
            // Whether there is such a zone the database says when the row is registered.
            let zone = configuration.string("default_time_zone", maximumBytes: 64) ?? "UTC"
            return CurrentTimeTool(settings: settings, defaultZone: zone)
        }
    )

    package let settings: ToolSettings
    var defaultZone = "UTC"

    /// The moment that is told; nil for now.
    package var moment: Date?

    package func call(_ arguments: JSONValue, in context: ToolContext) async throws(ToolError) -> ToolOutput {
        guard let queries = context.services.queries else {
            throw ToolError(.failed, "There is no database here that could be asked for the time.")
        }
        let wanted = arguments["time_zone"]?.stringValue ?? defaultZone
        do throws(StoreError) {
            guard let time = try await queries.time(in: wanted, at: moment) else {
                let nearest = try await queries.timeZones(nearestTo: wanted)
                throw StoreError(.notFound, Self.message(for: wanted, nearest))
            }
            return ToolOutput(
                "\(time.iso8601) (\(time.shown))",
                value: [
                    "time": .string(time.iso8601), "time_zone": .string(time.zone),
                    "unix_seconds": .integer(time.seconds),
                ]
            )
        } catch {
            throw ToolError(error.code == .notFound ? .notFound : .failed, error.message)
        }
    }

    private static func message(for zone: String, _ nearest: [String]) -> String {
        let hint = nearest.isEmpty ? "" : " The nearest are: \(nearest.joined(separator: ", "))."
        return "There is no time zone \"\(zone.prefix(utf8: 64))\".\(hint)"
    }
}
