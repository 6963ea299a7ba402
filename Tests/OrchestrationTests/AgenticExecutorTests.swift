import JSON
import Testing

@testable import Orchestration

/// Which steps a plan takes next, whatever becomes of those before.
struct AgenticExecutorTests {
    private static func step(_ number: Int, after: [Int] = [], _ arguments: JSONObject = [:]) -> PlanStep {
        PlanStep(
            number: number,
            target: .tool("t\(number)"),
            arguments: arguments,
            description: "d\(number)",
            after: after
        )
    }

    private static func executor(
        _ steps: [PlanStep],
        _ mode: ExecutionMode = .sequential,
        steps most: Int = 10,
        replans: Int = 2,
        recoveries: [JSONValue] = []
    ) -> AgenticExecutor {
        let plan = Plan(task: "x", steps: steps, recoveries: recoveries.compactMap(RecoveryRule.init))
        return AgenticExecutor(PlanRun(plan, mode: mode, maximumSteps: most, maximumReplans: replans))
    }

    /// Runs to the end; `fails` says the error of a step.
    private func run(_ executor: inout AgenticExecutor, fails: (Int) -> String? = { _ in nil }) -> [[Int]] {
        var waves: [[Int]] = []
        executor.advance()
        while !executor.running.isEmpty {
            let wave = executor.running.map(\.number)
            waves.append(wave)
            for number in wave { executor.settle(number, "result \(number)", code: fails(number)) }
            executor.advance()
        }
        #expect(executor.isOver)
        return waves
    }

    private func statuses(_ executor: AgenticExecutor) -> [String] { executor.steps.map(\.status.rawValue) }

    @Test func stepsRunOneAfterTheOther() {
        var executor = Self.executor([Self.step(1), Self.step(2), Self.step(3, after: [1])])
        #expect(run(&executor) == [[1], [2], [3]])
        #expect(statuses(executor) == ["completed", "completed", "completed"])
    }

    @Test func stepsThatWaitForNoOtherRunAtOnceInParallel() {
        var executor = Self.executor(
            [Self.step(1), Self.step(2), Self.step(3, after: [1]), Self.step(4, after: [2, 3])],
            .parallel
        )
        #expect(run(&executor) == [[1, 2], [3], [4]])
    }

    @Test func aFailureEndsASequenceAndInParallelOnlyWhatDependsOnIt() {
        let steps = [Self.step(1), Self.step(2), Self.step(3, after: [1]), Self.step(4, after: [3])]
        var sequence = Self.executor(steps)
        #expect(run(&sequence) { $0 == 1 ? "failed" : nil } == [[1]])
        #expect(statuses(sequence) == ["failed", "skipped", "skipped", "skipped"])
        var parallel = Self.executor(steps, .parallel)
        #expect(run(&parallel) { $0 == 1 ? "failed" : nil } == [[1, 2]])
        #expect(statuses(parallel) == ["failed", "completed", "skipped", "skipped"])
    }

    @Test func noMoreStepsBeginThanMayAndTheRestIsSkipped() {
        var executor = Self.executor((1...5).map { Self.step($0) }, .parallel, steps: 3)
        #expect(run(&executor) == [[1, 2, 3]])
        #expect(statuses(executor).suffix(2) == ["skipped", "skipped"])
        let report = executor.report().steps
        #expect(report.last?["error"] == "max_steps")
    }

    @Test func resultsArePutIntoLaterSteps() {
        var executor = Self.executor([
            PlanStep(number: 1, target: .tool("t"), description: "d", find: "(?<first>\\w+) (?<second>\\w+)"),
            Self.step(2, after: [1], ["all": "{{step_1}}", "some": "<{{step_1.second}}>", "n": 1]),
        ])
        executor.advance()
        executor.settle(1, "hello {{world}} result 1", code: nil)
        executor.advance()
        #expect(executor.running.first?.arguments == ["all": "hello {{world}} result 1", "some": "<1>", "n": 1])
    }

    @Test func aResultWithoutWhatIsLookedForIsAFailure() {
        var executor = Self.executor([
            PlanStep(number: 1, target: .tool("t"), description: "d", find: "^x"), Self.step(2),
        ])
        executor.advance()
        executor.settle(1, "y", code: nil)
        executor.advance()
        #expect(statuses(executor) == ["failed", "skipped"] && executor.isOver)
        #expect(executor.report().steps[0]["error"] == "no_match")
    }

    @Test func aReferenceToNothingIsAFailureOfTheStep() {
        var executor = Self.executor([Self.step(1), Self.step(2, after: [1], ["x": "{{step_1.none}}"])])
        #expect(run(&executor) == [[1]])
        #expect(statuses(executor) == ["completed", "failed"])
    }

    // MARK: Recovery

    private static let search: JSONValue = [
        "tool": "t1", "error": "not_found",
        "steps": [
            [
                "name": "found", "tool": "search", "arguments": ["for": "{{arguments.path}}", "why": "{{error}}"],
                "description": "Search for {{arguments.path}}", "find": "^(?<path>\\w+)",
            ]
        ],
        "arguments": ["path": "{{steps.found.path}}"], "description": "Read what was found",
    ]

    @Test func whatRecoversAStepComesInItsPlaceAndWhatDependsOnItWaits() {
        var executor = Self.executor(
            [
                Self.step(1, ["path": "{{braces}}a", "k": 1]), Self.step(2),
                Self.step(3, after: [1], ["r": "{{step_1}}"]),
            ],
            recoveries: [Self.search]
        )
        executor.advance()
        #expect(executor.running.first?.arguments == ["path": "{{a", "k": 1])
        executor.settle(1, "no {{a", code: "not_found")
        executor.advance()
        #expect(executor.running.map(\.number) == [4])
        #expect(executor.running.first?.arguments == ["for": "{{a", "why": "no {{a"])
        let report = executor.report()
        #expect(report.reason == "step 1, t1, failed: not_found" && report.steps.count == 3)
        executor.settle(4, "b rest", code: nil)
        executor.advance()
        #expect(
            executor.running.first
                == .init(
                    number: 5,
                    target: .tool("t1"),
                    arguments: ["path": "b", "k": 1],
                    description: "Read what was found"
                )
        )
        executor.settle(5, "content", code: nil)
        executor.advance()
        #expect(executor.running.map(\.number) == [2])
        executor.settle(2, "", code: nil)
        executor.advance()
        #expect(executor.running.first?.arguments == ["r": "content"])
        #expect(
            executor.steps.map(\.line).suffix(2) == [
                "4. [completed] search - Search for {{a",
                "5. [completed] t1 - Read what was found (depends on: step_4) (recovers: step_1)",
            ]
        )
    }

    @Test(arguments: [(0, 1), (1, 3), (2, 5), (3, 7)])
    func recoveryIsBounded(_ replans: Int, _ steps: Int) {
        var executor = Self.executor([Self.step(1, ["path": "a"])], replans: replans, recoveries: [Self.search])
        let waves = run(&executor) { executor in executor % 2 == 1 ? "not_found" : nil }
        #expect(waves.count == steps && executor.steps.count == steps)
        #expect(executor.steps.last?.status == .failed)
    }

    @Test func aRecoveryIsForItsToolAndErrorAndADenialIsNoneOfAnyError() {
        let any: JSONValue = ["tool": "t1", "arguments": ["path": "b"]]
        for (rule, code, isRecovered) in [
            (Self.search, "not_found", true), (Self.search, "timeout", false), (any, "timeout", true),
            (any, "denied", false), (["tool": "t1", "error": "denied"], "denied", true),
            (["tool": "t2"], "timeout", false),
        ] {
            var executor = Self.executor([Self.step(1, ["path": "a"])], recoveries: [rule])
            executor.advance()
            executor.settle(1, "no", code: code)
            #expect((executor.steps.count > 1) == isRecovered, "\(rule) \(code)")
        }
    }

    @Test func whatIsReportedIsWhatHasChanged() {
        var executor = Self.executor([Self.step(1), Self.step(2)])
        executor.advance()
        #expect(executor.report().steps == [["number": 1, "status": "running"]])
        executor.settle(1, "r", code: nil)
        executor.advance()
        #expect(
            executor.report().steps == [
                ["number": 1, "status": "completed", "result": "r"], ["number": 2, "status": "running"],
            ]
        )
        #expect(executor.report().steps == [])
    }

    @Test func aRunThatLeadsBackOrNamesUnknownStepsIsNone() {
        for after in [[1], [2], [0], [-1], [9]] {
            let steps: JSONValue = [
                ["tool": "t", "description": "d", "after": .array(after.map { .integer(Int64($0)) })],
                ["tool": "t", "description": "d"],
            ]
            #expect(PlanRun(["task": "x", "steps": steps]) == nil, "\(after)")
        }
        #expect(PlanRun(message: "hello") == nil && PlanRun(message: "{\"task\": 1}") == nil)
        #expect(PlanRun(["task": "x", "steps": []]) == nil)
    }
}
