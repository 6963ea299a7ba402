package import JSON

/// A plan that was submitted to be run, with how it is run.
package struct PlanRun: Sendable, Hashable {
    /// The most steps of a plan with all that recoveries add.
    static let maximumSteps = 1_000

    /// The plan's number; 0 for one that the database does not have.
    package var id: Int64
    package var plan: Plan
    package var mode: ExecutionMode
    /// The most steps that are begun, those of recoveries included.
    package var maximumSteps: Int
    /// The most recoveries.
    package var maximumReplans: Int
    /// What steps came to that ended in a run before, by number; the others are pending.
    package var ended: [Int: Ended] = [:]

    /// What a step came to.
    package struct Ended: Sendable, Hashable {
        package var text: String
        /// The class of the error; nil when it is completed.
        package var code: String?
    }

    package init(_ plan: Plan, id: Int64 = 0, mode: ExecutionMode, maximumSteps: Int = 10, maximumReplans: Int = 2) {
        (self.id, self.plan, self.mode) = (id, plan, mode)
        (self.maximumSteps, self.maximumReplans) = (maximumSteps, maximumReplans)
    }

    /// Reads what `agentctl.run_plan` submits; nil when it is none.
    package init?(_ input: JSONValue) {
        guard let steps = input["steps"]?.arrayValue, !steps.isEmpty, steps.count <= Self.maximumSteps,
            let task = input["task"]?.stringValue
        else { return nil }
        let read = steps.enumerated().compactMap { PlanStep($1, number: $0 + 1) }
        // A step comes after earlier ones only, so that every run ends.
        guard read.count == steps.count,
            read.enumerated().allSatisfy({ index, step in
                step.number == index + 1 && step.after.allSatisfy { (1...index + 1).contains($0) && $0 < step.number }
            })
        else { return nil }
        let recoveries = input["recover"]?.arrayValue?.compactMap(RecoveryRule.init) ?? []
        self.init(
            Plan(
                task: task,
                steps: read.map(\.begun),
                recoveries: recoveries
            ),
            id: input["plan"]?.integerValue ?? 0,
            mode: input["mode"]?.stringValue.flatMap(ExecutionMode.init(rawValue:)) ?? .sequential,
            maximumSteps: Int(clamping: input["max_steps"]?.integerValue ?? 10),
            maximumReplans: Int(clamping: input["max_replans"]?.integerValue ?? 2)
        )
        for (step, json) in zip(plan.steps, steps) where step.status != .pending {
            ended[step.number] = Ended(
                text: json["result"]?.stringValue ?? "",
                code: step.status == .failed ? json["error"]?.stringValue ?? "failed" : nil
            )
        }
    }

    /// Reads the message that begins a run; nil when it is another one.
    package init?(message: String) {
        guard message.first == "{", let input = try? JSONValue(parsing: message) else { return nil }
        self.init(input)
    }
}

extension PlanStep {
    /// The step as a run begins with it: what has not ended is pending.
    fileprivate var begun: PlanStep {
        var step = self
        if ![.completed, .failed].contains(status) { step.status = .pending }
        if let place = recovers, !(1..<number).contains(place) { step.recovers = nil }
        return step
    }
}
