internal import Definitions
package import JSON

/// One step of a plan.
package struct PlanStep: Sendable, Hashable {
    /// What does it.
    package enum Target: Sendable, Hashable {
        case tool(String)
        case function(String)
        case agent(String)
        /// An agent that has the capability.
        case capability(String)

        /// Its name, as summaries show it.
        package var name: String {
            switch self {
            case .tool(let name), .function(let name), .agent(let name), .capability(let name): name
            }
        }
    }

    /// How far it came.
    package enum Status: String, Sendable, Hashable, CaseIterable {
        case pending, running, completed, failed, skipped
    }

    /// Counts from 1 within the plan.
    package var number: Int
    /// What does it; nil for one that an agent keeps of its own work.
    package var target: Target?
    /// The arguments; `{{step_2}}` in a text is the result of step 2.
    package var arguments: JSONObject
    /// What it does, in words.
    package var description: String
    /// The steps that have to be completed first: earlier ones.
    package var after: [Int]
    /// A pattern that its result must contain; what its named groups find, later steps can use.
    package var find: String?
    /// The failed step in whose place it stands.
    package var recovers: Int?
    package var status: Status

    package init(
        number: Int,
        target: Target?,
        arguments: JSONObject = [:],
        description: String,
        after: [Int] = [],
        find: String? = nil,
        recovers: Int? = nil,
        status: Status = .pending
    ) {
        (self.number, self.target, self.arguments, self.description) = (number, target, arguments, description)
        (self.after, self.find, self.recovers, self.status) = (after, find, recovers, status)
    }

    /// A line of a summary: `1. [pending] file_read - Read the configuration`.
    package var line: String {
        var line = "\(number). [\(status.rawValue)] "
        if let target { line += "\(target.name) - " }
        line += description
        if !after.isEmpty { line += " (depends on: \(after.map { "step_\($0)" }.joined(separator: ", ")))" }
        if let recovers { line += " (recovers: step_\(recovers))" }
        return line
    }
}

// MARK: JSON

extension PlanStep {
    /// Reads a step as the database has it.
    ///
    /// - Parameters:
    ///   - json: The step.
    ///   - number: Its number where it says none.
    /// - Returns: nil when it is no step.
    package init?(_ json: JSONValue, number: Int) {
        guard let description = json["description"]?.stringValue else { return nil }
        self.init(
            number: json["number"]?.integerValue.map(Int.init) ?? number,
            target: Target(json),
            arguments: json["arguments"]?.objectValue ?? [:],
            description: description,
            after: json["after"]?.arrayValue?.compactMap { $0.integerValue.map(Int.init) } ?? [],
            find: json["find"]?.stringValue,
            recovers: json["recovers"]?.integerValue.map(Int.init),
            status: json["status"]?.stringValue.flatMap(Status.init(rawValue:)) ?? .pending
        )
    }

    /// The step as the database takes it, without number and status.
    package var json: JSONObject {
        var object: JSONObject = [:]
        switch target {
        case .tool(let name): object["tool"] = .string(name)
        case .function(let name): object["function"] = .string(name)
        case .agent(let name): object["agent"] = .string(name)
        case .capability(let name): object["capabilities"] = [.string(name)]
        case nil: break
        }
        object["arguments"] = .object(arguments)
        object["description"] = .string(description)
        object["after"] = .array(after.map { .integer(Int64($0)) })
        object["find"] = find.map { .string($0) }
        object["recovers"] = recovers.map { .integer(Int64($0)) }
        return object
    }
}

extension PlanStep.Target {
    /// Reads which member names what does a step; nil when none does.
    init?(_ step: JSONValue) {
        if let name = step["tool"]?.stringValue {
            self = .tool(name)
        } else if let name = step["function"]?.stringValue {
            self = .function(name)
        } else if let name = step["agent"]?.stringValue {
            self = .agent(name)
        } else if let name = step["capabilities"]?[0]?.stringValue {
            self = .capability(name)
        } else {
            return nil
        }
    }
}

extension String {
    /// One line of at most 1,000 bytes, as the database takes descriptions.
    var asDescription: String {
        let words = split { $0.isNewline || $0.unicodeScalars.contains { $0.value < 32 || $0.value == 127 } }
        return words.joined(separator: " ").prefix(utf8: 1_000)
    }
}
