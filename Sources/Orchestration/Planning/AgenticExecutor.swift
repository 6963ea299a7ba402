internal import Definitions
package import JSON
internal import Patterns

/// Runs a plan: a pure machine that takes how steps ended and says which come next.
///
/// It knows nothing of tools, turns or the database. The same ends in the same order always lead to the same steps, so
/// another attempt after a crash resumes from the messages of the first.
package struct AgenticExecutor: Sendable {
    /// A step that is to be called, with its arguments filled in.
    package struct Call: Sendable, Hashable {
        package let number: Int
        package let target: PlanStep.Target
        package let arguments: JSONObject
        package let description: String
    }

    /// How a step ended.
    private struct Outcome: Sendable {
        var text: String
        var code: String?
        var found: [String: String] = [:]
    }

    /// The run as it was submitted.
    package let run: PlanRun
    /// The steps, those of recoveries at the end.
    package private(set) var steps: [PlanStep]
    /// The calls of the steps that run.
    package private(set) var running: [Call] = []
    /// Why steps were added since the last report.
    package private(set) var reason: String?
    private var outcomes: [Int: Outcome] = [:]
    private var calledWith: [Int: JSONObject] = [:]
    /// The failed step on whose account a step was added: it comes where that one was.
    private var places: [Int: Int] = [:]
    private var begun = 0
    private var replans = 0
    private var reported: [PlanStep] = []

    package init(_ run: PlanRun) {
        self.run = run
        steps = run.plan.steps
        // What ended in a run before may not be known yet: the first report has it.
        reported = steps.map { step in
            var step = step
            step.status = .pending
            return step
        }
        for (number, ended) in run.ended { resume(number, ended) }
        for step in steps {
            guard let recovered = step.recovers else { continue }
            let place = places[recovered] ?? recovered
            for added in [step.number] + step.after where added > recovered && places[added] == nil {
                places[added] = place
            }
        }
    }

    /// Takes what a step came to in a run before.
    private mutating func resume(_ number: Int, _ ended: PlanRun.Ended) {
        var outcome = Outcome(text: ended.text, code: ended.code)
        // A step that needs what is not found fails; this one has been done.
        if let find = steps[number - 1].find { outcome.found = Self.found(find, in: ended.text) ?? [:] }
        outcomes[number] = outcome
    }

    // MARK: Going on

    /// Begins the steps that are next; skips those that never will be.
    package mutating func advance() {
        guard running.isEmpty else { return }
        while true {
            skipUnreachable()
            let ready = readySteps
            guard !ready.isEmpty else { return }
            guard begun < run.maximumSteps else { return skipPending("max_steps") }
            var hasFailed = false
            for step in ready.prefix(run.mode == .parallel ? run.maximumSteps - begun : 1) {
                begun += 1
                do throws(TemplateError) {
                    guard let target = step.target else { throw TemplateError("nothing does it") }
                    let arguments = try arguments(of: step)
                    calledWith[step.number] = arguments
                    running.append(
                        Call(number: step.number, target: target, arguments: arguments, description: step.description)
                    )
                    steps[step.number - 1].status = .running
                } catch {
                    hasFailed = true
                    fail(step.number, "The step cannot be called: \(error.message).", code: "invalid_arguments")
                }
            }
            if !hasFailed || !running.isEmpty { return }
        }
    }

    /// Takes how a running step ended.
    ///
    /// - Parameters:
    ///   - number: The step.
    ///   - text: Its result, or what went wrong.
    ///   - code: The class of the error; nil when it succeeded.
    package mutating func settle(_ number: Int, _ text: String, code: String?) {
        guard let place = running.firstIndex(where: { $0.number == number }) else { return }
        running.remove(at: place)
        if let code { return fail(number, text, code: code) }
        var outcome = Outcome(text: text)
        if let find = steps[number - 1].find {
            guard let found = Self.found(find, in: text) else {
                return fail(number, "The result does not contain what was looked for: \(find)", code: "no_match")
            }
            outcome.found = found
        }
        outcomes[number] = outcome
        steps[number - 1].status = .completed
    }

    /// Ends the plan: what has not ended is skipped.
    package mutating func stop(_ code: String) {
        for call in running { steps[call.number - 1].status = .pending }
        running = []
        skipPending(code)
    }

    /// Whether no step is left.
    package var isOver: Bool { !steps.contains { $0.status == .pending || $0.status == .running } }

    // MARK: What there is to tell

    /// What has changed since the last report, as `agentctl.update_plan` takes it.
    package mutating func report() -> (steps: [JSONValue], reason: String?) {
        var changes: [JSONValue] = []
        for (index, step) in steps.enumerated() where index >= reported.count || step != reported[index] {
            var object = index >= reported.count ? step.json : [:]
            object["number"] = .integer(Int64(step.number))
            object["status"] = .string(step.status.rawValue)
            if let outcome = outcomes[step.number] {
                object["result"] = .string(outcome.text.cutInTheMiddle(to: 2_000))
                object["error"] = outcome.code.map { .string($0) }
            }
            changes.append(.object(object))
        }
        defer { (reported, reason) = (steps, nil) }
        return (changes, reason)
    }

    /// The plan with what its steps came to.
    package var reply: String {
        var plan = run.plan
        plan.steps = steps
        var sections = [plan.summary]
        for step in steps {
            guard let outcome = outcomes[step.number], step.status != .skipped, !outcome.text.isEmpty else { continue }
            let title = "## \(step.number). \(step.target?.name ?? "step") - \(step.description)"
            sections.append("\(title)\n\(outcome.text.cutInTheMiddle(to: max(65_536 / steps.count, 500)))")
        }
        return sections.joined(separator: "\n\n")
    }

    // MARK: Which steps

    private var readySteps: [PlanStep] {
        let pending = steps.filter { $0.status == .pending && $0.after.allSatisfy { completion(of: $0) != nil } }
        return pending.sorted {
            (places[$0.number] ?? $0.number, $0.number) < (places[$1.number] ?? $1.number, $1.number)
        }
    }

    /// The step that has completed another: itself, or the last of its recovery; nil while there is none.
    private func completion(of number: Int) -> Int? {
        let step = steps[number - 1]
        switch step.status {
        case .completed: return number
        case .failed: return steps.first { $0.recovers == number }.flatMap { completion(of: $0.number) }
        case .pending, .running, .skipped: return nil
        }
    }

    /// Whether a step will never be completed.
    private func isLost(_ number: Int) -> Bool {
        let step = steps[number - 1]
        switch step.status {
        case .failed: return steps.first { $0.recovers == number }.map { isLost($0.number) } ?? true
        case .skipped: return true
        case .pending, .running, .completed: return false
        }
    }

    private mutating func skipUnreachable() {
        let isStopped = run.mode != .parallel && steps.contains { $0.status == .failed && isLost($0.number) }
        // A step comes after earlier ones, but one that was added may stand for an earlier one.
        var hasChanged = true
        while hasChanged {
            hasChanged = false
            for step in steps where step.status == .pending && step.after.contains(where: { isLost($0) }) {
                skip(step.number, "dependency")
                hasChanged = true
            }
        }
        if isStopped { skipPending("stopped") }
    }

    private mutating func skipPending(_ code: String) {
        for step in steps where step.status == .pending { skip(step.number, code) }
    }

    private mutating func skip(_ number: Int, _ code: String) {
        steps[number - 1].status = .skipped
        outcomes[number] = Outcome(text: "", code: code)
    }

    // MARK: Failures

    private mutating func fail(_ number: Int, _ text: String, code: String) {
        steps[number - 1].status = .failed
        outcomes[number] = Outcome(text: text, code: code)
        let failed = steps[number - 1]
        guard replans < run.maximumReplans, let rule = run.plan.recoveries.first(where: { $0.fits(failed, code: code) })
        else { return }
        let added = try? rule.recovery(
            of: failed,
            calledWith: calledWith[number] ?? failed.arguments,
            message: text,
            numberedFrom: steps.count + 1
        )
        guard let added, steps.count + added.count <= PlanRun.maximumSteps else { return }
        replans += 1
        for step in added { places[step.number] = places[number] ?? number }
        steps += added
        reason = "step \(number), \(rule.tool), failed: \(code)"
    }

    // MARK: Values

    private func arguments(of step: PlanStep) throws(TemplateError) -> JSONObject {
        let filled = try PlanReference.fill(.object(step.arguments)) { reference in
            switch reference {
            case .braces: return "{{"
            case .result(let number, let group):
                guard number < step.number, let outcome = completion(of: number).flatMap({ outcomes[$0] }) else {
                    return nil
                }
                return group.map { outcome.found[$0].map { .string($0) } } ?? .string(outcome.text)
            case .value, .named, .argument, .error: return nil
            }
        }
        return filled?.objectValue ?? [:]
    }

    /// What the named groups of a pattern find in a text; nil when it is not there, or the pattern gives up.
    private static func found(_ source: String, in text: String) -> [String: String]? {
        guard let pattern = try? Pattern(source), let match = try? pattern.firstMatch(in: text) else { return nil }
        return pattern.groupNames.compactMapValues { match.captures[$0] }
    }
}
