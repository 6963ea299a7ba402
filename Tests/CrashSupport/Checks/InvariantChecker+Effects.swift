import Engine
import JSON
import Tools

extension InvariantChecker {
    /// Effects that were repeated, or that the database does not know of.
    var brokenEffects: [Violation] {
        let stored = Dictionary(grouping: state.calls, by: Self.marker)
        return repeatedEffects + unknownEffects(stored) + brokenBookings(stored) + missingEffects(stored)
    }

    /// What a chain or a plan calls has its marker in the arguments only.
    private static func marker(_ call: JSONValue) -> String {
        let id = call.text("call_id")
        guard !id.hasPrefix("call_") else { return String(id.dropFirst("call_".count)) }
        let arguments = (try? JSONValue(parsing: call.text("arguments"))) ?? .null
        return arguments.text("url").split(separator: "/").last.map(String.init) ?? arguments.text("marker")
    }

    private var repeatedEffects: [Violation] {
        Dictionary(grouping: effects, by: \.marker).values.compactMap { same in
            guard same.count > 1, let first = same.first else { return nil }
            let keys = Set(same.map(\.key))
            // Who may repeat must be able to tell that it is a repetition. A person has a call run again only when it has
            // not happened and cannot happen any more.
            if first.tool == .idempotent, keys.count == 1, first.key != nil { return nil }
            return Violation(.effects, "\(first.tool) \(first.marker) happened \(same.count) times, keys \(keys)")
        }
    }

    private func unknownEffects(_ stored: [String: [JSONValue]]) -> [Violation] {
        effects.compactMap { effect in
            // An idempotent call whose turn was interrupted or begun anew need not be known.
            guard effect.tool != .idempotent else { return nil }
            let rows = stored[effect.marker] ?? []
            guard rows.count == 1, let row = rows.first else {
                return Violation(.effects, "\(effect.tool) \(effect.marker) happened and has \(rows.count) rows")
            }
            guard row.text("idempotency_key") == effect.key, ["succeeded", "in_doubt"].contains(row.text("state"))
            else {
                return Violation(.effects, "\(effect) happened and is stored as \(row.text("state")), \(row.place)")
            }
            return nil
        }
    }

    /// Calls that are stored as done and were not.
    private func missingEffects(_ stored: [String: [JSONValue]]) -> [Violation] {
        let done = Set(effects.map(\.marker))
        let remote = Set(TurnPlan.Tool.allCases.filter(\.isRemote).map(\.rawValue))
        return stored.compactMap { marker, rows in
            guard let row = rows.first, row.text("state") == "succeeded", remote.contains(row.text("tool")),
                !done.contains(marker)
            else { return nil }
            return Violation(.effects, "\(row.text("tool")) \(marker) is stored as done and never happened")
        }
    }

    private func brokenBookings(_ stored: [String: [JSONValue]]) -> [Violation] {
        let booked = state.bookings.map { $0.text("marker") }
        let succeeded = stored.filter { entry in
            entry.value.contains { $0.text("tool") == "sql" && $0.text("state") == "succeeded" }
        }
        var found = Dictionary(grouping: booked, by: { $0 }).filter { $0.value.count > 1 }.map {
            Violation(.effects, "\($0.key) was booked \($0.value.count) times")
        }
        if Set(booked) != Set(succeeded.keys) {
            let difference = Set(booked).symmetricDifference(succeeded.keys).sorted()
            found.append(Violation(.effects, "booked or stored as booked, but not both: \(difference)"))
        }
        return found
    }
}
