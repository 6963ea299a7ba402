package import Conversation
internal import JSON

/// The tasks and calls of a run of a chain, by node, and their results.
///
/// Tasks and calls are stored under the id of their node's visit and attempt. So an attempt at the turn that resumes
/// finds what earlier ones have given out, and gives nothing out twice. It decides and stores nothing.
package struct ChainLedger: Sendable {
    /// How a call of a tool or function ended.
    struct EndedCall: Sendable {
        let state: ToolCallRecord.State
        let errorCode: String?
        let text: String
    }

    let chain: String
    /// What tasks that are given out now may take together.
    private var left: TaskAllowance
    /// What this attempt has allotted, by the task's number.
    private var shares: [Int: TaskAllowance] = [:]
    /// Tasks of earlier attempts at the turn, by group.
    private let tasks: [String: [TaskOutcome]]
    /// Numbers of the tasks that this attempt has given out, by group.
    private var given: [String: [Int]] = [:]
    private var endedCalls: [String: EndedCall] = [:]
    private var openCalls: Set<String>
    private(set) var lastTask: Int
    /// What may be the names of the visits that earlier attempts have given something out for.
    private let begun: Set<String>

    /// A ledger of a run.
    ///
    /// - Parameters:
    ///   - chain: The chain's name.
    ///   - progress: What earlier attempts at the turn have stored; nil for nothing.
    ///   - allowance: What all tasks of the run together may take.
    ///   - taskLeft: What the task that the run is has left, after what its own tasks have taken and hold.
    package init(
        chain: String,
        progress: TurnProgress?,
        allowance: TaskAllowance,
        taskLeft: TaskAllowance = TaskAllowance()
    ) {
        self.chain = chain
        let known = progress?.tasks ?? []
        left = TaskAllowance(
            tokens: allowance.tokens.map { $0 - known.reduce(0) { $0 + $1.tokens } },
            cost: allowance.cost.map { $0 - known.reduce(0) { $0 + $1.cost } }
        ).limited(by: taskLeft)
        tasks = Dictionary(grouping: progress?.tasks ?? [], by: \.group)
        lastTask = progress?.tasks.last?.number ?? 0
        openCalls = Set(progress?.calls.map(\.request.id) ?? [])
        var answers: [String: String] = [:]
        for message in progress?.messages ?? [] {
            if let id = message.toolCallID { answers[id] = message.content }
        }
        for call in progress?.earlierCalls ?? [] {
            endedCalls[call.id] = EndedCall(state: call.state, errorCode: call.code, text: answers[call.id] ?? "")
        }
        let given = [Array(tasks.keys), Array(openCalls), Array(endedCalls.keys)].joined()
        begun = Set(given.flatMap(Self.visits(naming:)))
    }

    /// Whether an earlier attempt has given out a task or a call for a visit.
    package func hasBegun(_ key: NodeRun.Key) -> Bool { begun.contains(key.description) }

    /// The names of which one is that of the visit, as `.` and `/` end it, and may be in it.
    private static func visits(naming group: String) -> [String] {
        group.indices.filter { group[$0] == "." || group[$0] == "/" }.map { String(group[..<$0]) } + [group]
    }

    /// How many tasks have not ended, as far as the attempt knows.
    package var openTasks: Int {
        given.values.reduce(tasks.values.joined().count { !$0.isTold }) { $0 + $1.count }
    }

    /// Takes how calls have ended that were given out.
    package mutating func take(_ calls: some Sequence<ToolCallRecord>) {
        for call in calls where openCalls.remove(call.request.id) != nil {
            endedCalls[call.request.id] = EndedCall(state: call.state, errorCode: call.errorCode, text: call.answer)
        }
    }

    /// The number of the first task of a visit; nil when it had none.
    package func firstTask(of key: NodeRun.Key) -> Int? {
        let earlier = tasks.filter { Self.belongs($0.key, to: key) }.values.joined().map(\.number)
        return (earlier + given.filter { Self.belongs($0.key, to: key) }.values.joined()).min()
    }

    /// All groups of tasks of a visit that have not ended.
    package func openGroups(of key: NodeRun.Key) -> [String] {
        let open = Set(tasks.filter { $0.value.contains { !$0.isTold } }.keys).union(given.keys)
        return open.filter { Self.belongs($0, to: key) }.sorted()
    }

    /// A group has the name of its visit, with `.attempt` from the second attempt on and `/step` of a plan.
    private static func belongs(_ group: String, to key: NodeRun.Key) -> Bool {
        let name = key.description
        return group == name || group.hasPrefix("\(name).") || group.hasPrefix("\(name)/")
    }

    /// Forgets tasks that were given out and taken back before anything was stored of them.
    package mutating func takeBack(_ numbers: [Int]) {
        for number in numbers {
            guard let share = shares.removeValue(forKey: number) else { continue }
            left = left.adding(share)
        }
        for group in given.keys {
            given[group]?.removeAll(where: numbers.contains)
            if given[group]?.isEmpty == true { given[group] = nil }
        }
    }

    // MARK: What was given out

    /// The tasks of a group as an earlier attempt has given them out; empty where none has.
    func outcomes(of group: String) -> [TaskOutcome] { tasks[group] ?? [] }

    /// Whether tasks of a group were given out, by whatever attempt.
    func hasTasks(_ group: String) -> Bool { tasks[group] != nil || given[group] != nil }

    /// Gives tasks out, numbered after all others.
    mutating func give(_ requests: [TaskRequest]) -> [TaskRequest] {
        requests.map { request in
            var request = request
            lastTask += 1
            request.number = lastTask
            given[request.group, default: []].append(lastTask)
            return request
        }
    }

    /// Allots an equal part of what is left to each of the tasks that nodes have just given out.
    ///
    /// - Returns: The tasks with their parts; nil when nothing is left for some, and then none of them is given out. What
    ///   open tasks hold and do not use comes back with their end.
    package mutating func allot(_ requests: [TaskRequest]) -> [TaskRequest]? {
        guard !requests.isEmpty else { return [] }
        let share = left.divided(by: requests.count)
        guard !share.isSpent else {
            takeBack(requests.map(\.number))
            return nil
        }
        return requests.map { request in
            var request = request
            (request.maximumTokens, request.maximumCost) = (share.tokens, share.cost)
            shares[request.number] = share
            left = left.subtracting(share)
            return request
        }
    }

    /// Whether nothing is left for further tasks.
    package var isSpent: Bool { left.isSpent }

    /// How a call ended; nil while it has not.
    func ended(call id: String) -> EndedCall? { endedCalls[id] }

    /// Gives a call out, unless it was.
    mutating func give(_ call: ToolCallRequest) -> ToolCallRequest? {
        guard endedCalls[call.id] == nil, openCalls.insert(call.id).inserted else { return nil }
        return call
    }
}
