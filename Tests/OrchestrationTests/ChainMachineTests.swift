import JSON
import Orchestration
import Testing

/// What a machine does with each part of a chain.
@Suite struct ChainMachineTests {
    /// A machine whose nodes end as a closure says, in the order in which they are started.
    private struct Bench {
        var machine: ChainMachine
        var works: [NodeRun.Key: NodeWork] = [:]
        var order: [String] = []
        var runs: [String: NodeRun] = [:]
        var cancelled: [String] = []
        var result: ChainResult?

        init(
            nodes: [(String, ChainNode.Kind, JSONValue)],
            edges: [ChainEdge],
            state: JSONValue = [:],
            output: JSONValue? = nil,
            limit: Int = 16
        ) throws {
            let nodes = try nodes.enumerated().map { index, node in
                try ChainNode(name: node.0, kind: node.1, position: index + 1, definition: node.2)
            }
            let chain = try Chain(nodes: nodes, edges: edges, state: state, output: output)
            machine = ChainMachine(chain, input: "the request", maximumParallel: limit)
        }

        mutating func run(_ outcome: (String, Int, NodeWork) -> NodeOutcome) {
            var waiting = machine.begin()
            while !waiting.isEmpty {
                switch waiting.removeFirst() {
                case .start(let key, let work, let attempt):
                    works[key] = work
                    order.append(key.description)
                    waiting += machine.finish(key, outcome(key.node, attempt, work))
                case .store(let run): runs[run.key.description] = run
                case .cancel(let key): cancelled.append(key.description)
                case .end(let end): result = end
                }
            }
        }
    }

    private static let failure = NodeFailure("failed", "It failed.")

    @Test func aSequenceHandsOnWhatTheStageBeforeGave() throws {
        var bench = try Bench(
            nodes: [
                ("a", .agent, ["input": "Do {{input}}"]), ("b", .agent, ["input": "{{previous}}", "select": "/x"]),
                ("c", .tool, ["arguments": ["q": "{{nodes.b}}", "n": "{{nodes.a.n}}"]]),
            ],
            edges: [ChainEdge(from: "a", to: "b"), ChainEdge(from: "b", to: "c")]
        )
        bench.run { node, _, _ in .succeeded(node == "a" ? ["n": 7] : node == "b" ? #"{"x": [1]}"# : "done") }
        #expect(bench.works[NodeRun.Key("a", 1)] == .input("Do the request"))
        #expect(bench.works[NodeRun.Key("b", 1)] == .input(["n": 7]))
        #expect(bench.works[NodeRun.Key("c", 1)] == .arguments(["q": [1], "n": 7]))
        #expect(bench.result?.finalOutput == "done")
    }

    @Test func anOutputThatDoesNotFitIsTriedAgainAndThenFails() throws {
        let definition: JSONValue = [
            "input": "x", "attempts": 2, "output_schema": ["required": ["score"], "type": "object"],
        ]
        var bench = try Bench(nodes: [("a", .agent, definition)], edges: [])
        bench.run { _, attempt, _ in .succeeded(attempt == 1 ? "no JSON" : #"{"score": 1}"#) }
        #expect(bench.order == ["a#1", "a#1"])
        #expect(bench.result?.finalOutput == ["score": 1])

        bench = try Bench(nodes: [("a", .agent, definition)], edges: [])
        bench.run { _, _, _ in .succeeded("no JSON") }
        #expect(bench.result?.failure?.code == "invalid_output")
        #expect(bench.result?.failedStage == "a")
    }

    @Test func aFailureEndsTheRunAndKeepsWhatThereIs() throws {
        var bench = try Bench(
            nodes: [("a", .agent, ["input": "x"]), ("b", .agent, ["input": "x"]), ("c", .agent, ["input": "x"])],
            edges: [ChainEdge(from: "a", to: "b"), ChainEdge(from: "b", to: "c")]
        )
        bench.run { node, _, _ in node == "b" ? .failed(Self.failure) : .succeeded("fine") }
        #expect(bench.order == ["a#1", "b#1"])
        #expect(bench.result?.success == false)
        #expect(bench.result?.stageOutputs == ["a": "fine"])
    }

    @Test func aWayUponFailureSeesTheError() throws {
        var bench = try Bench(
            nodes: [
                ("a", .agent, ["input": "x"]), ("b", .agent, ["input": "x"]),
                ("help", .agent, ["input": "{{error.message}}"]),
            ],
            edges: [ChainEdge(from: "a", to: "b"), ChainEdge(from: "a", to: "help", upon: .failure)]
        )
        bench.run { node, _, _ in node == "a" ? .failed(Self.failure) : .succeeded("helped") }
        #expect(bench.order == ["a#1", "help#1"])
        #expect(bench.works[NodeRun.Key("help", 1)] == .input("It failed."))
        #expect(bench.result?.finalOutput == "helped")
    }

    @Test func oneOfTheWaysIsTakenAndTheOtherSkipped() throws {
        var bench = try Bench(
            nodes: [
                ("a", .agent, ["input": "x"]), ("high", .agent, ["input": "x"]), ("low", .agent, ["input": "x"]),
                ("end", .agent, ["input": "{{previous}}"]),
            ],
            edges: [
                ChainEdge(from: "a", to: "high", when: ["output.score": ["minimum": 0.8]]),
                ChainEdge(from: "a", to: "low", isOtherwise: true), ChainEdge(from: "high", to: "end"),
                ChainEdge(from: "low", to: "end"),
            ]
        )
        bench.run { node, _, _ in .succeeded(node == "a" ? ["score": 0.5] : .string(node)) }
        #expect(bench.order == ["a#1", "low#1", "end#1"])
        #expect(bench.works[NodeRun.Key("end", 1)] == .input("low"))
    }

    @Test func aLoopEndsByItsConditionOrItsBound() throws {
        func bench() throws -> Bench {
            try Bench(
                nodes: [
                    (
                        "write", .agent,
                        ["input": "{{state.notes}} {{loop.iteration}}", "write": ["draft": "{{output}}"]]
                    ),
                    ("review", .agent, ["input": "{{state.draft}}", "write": ["notes": "{{output.note}}"]]),
                    ("sign", .approval, ["message": "Publish {{state.draft}}?"]), ("drop", .agent, ["input": "x"]),
                ],
                edges: [
                    ChainEdge(from: "write", to: "review"),
                    ChainEdge(from: "review", to: "write", isOtherwise: true, bound: 3),
                    ChainEdge(from: "review", to: "sign", when: ["output.score": ["minimum": 1]]),
                    ChainEdge(from: "review", to: "drop", upon: .limit),
                ],
                state: ["notes": ["reduce": "append", "default": []], "draft": [:]]
            )
        }
        var good = try bench()
        var score: Int64 = -1
        good.run { node, _, work in
            if node == "review" { score += 1 }
            return .succeeded(node == "review" ? ["score": .integer(score), "note": .integer(score)] : work.json)
        }
        #expect(good.order == ["write#1", "review#1", "write#2", "review#2", "sign#1"])
        #expect(good.works[NodeRun.Key("write", 2)] == .input("[0] 2"))
        #expect(good.works[NodeRun.Key("sign", 1)] == .question("Publish [0] 2?"))

        var bad = try bench()
        bad.run { node, _, _ in .succeeded(node == "review" ? ["score": 0, "note": "n"] : "text") }
        #expect(bad.order.suffix(2) == ["review#3", "drop#1"])
    }

    @Test func aFailureThatMayNotLeadBackAgainEndsTheRun() throws {
        var bench = try Bench(
            nodes: [("plan", .agent, ["input": "x", "role": "plan"]), ("work", .plan, ["plan": "{{nodes.plan}}"])],
            edges: [ChainEdge(from: "plan", to: "work"), ChainEdge(from: "work", to: "plan", upon: .failure, bound: 2)]
        )
        bench.run { node, _, _ in node == "work" ? .failed(Self.failure) : .succeeded([]) }
        #expect(bench.order == ["plan#1", "work#1", "plan#2", "work#2"])
        #expect(bench.works[NodeRun.Key("plan", 2)] == .input("x\n\nThe plan before failed: It failed."))
        #expect(bench.result?.failedStage == "work")
    }

    @Test func branchesAreCollectedInTheirOrder() throws {
        func bench(_ rule: JSONValue) throws -> Bench {
            try Bench(
                nodes: [
                    ("start", .set, ["value": "{{input}}"]), ("x", .agent, ["input": "{{nodes.start}}"]),
                    ("y", .agent, ["input": "x"]), ("all", .collect, ["of": ["x", "y"], "on_failure": rule]),
                ],
                edges: [
                    ChainEdge(from: "start", to: "x"), ChainEdge(from: "start", to: "y"),
                    ChainEdge(from: "x", to: "all", upon: .always), ChainEdge(from: "y", to: "all", upon: .always),
                ]
            )
        }
        var collecting = try bench("collect")
        collecting.run { node, _, _ in node == "y" ? .failed(Self.failure) : .succeeded("good") }
        #expect(collecting.result?.finalOutput?["successful"] == 1)
        #expect(collecting.result?.finalOutput?["failed"] == 1)
        #expect(collecting.result?.finalOutput?.value(at: "/results/0/output") == "good")
        #expect(collecting.result?.finalOutput?.value(at: "/results/1/error/code") == "failed")
        var failing = try bench("fail")
        failing.run { node, _, _ in node == "y" ? .failed(Self.failure) : .succeeded("good") }
        #expect(failing.result?.success == false)
        #expect(failing.result?.stageOutputs["all"]?["failed"] == 1)
    }

    @Test func aVoteThatDecidesNothingIsAskedAgainWithTheAnswers() throws {
        var bench = try Bench(
            nodes: [
                ("ask", .set, ["value": "Urgent?", "role": "question"]),
                ("a", .agent, ["input": "{{nodes.ask}}", "weight": 2]),
                ("b", .agent, ["input": "{{nodes.ask}}"]), ("count", .vote, ["of": ["a", "b"]]),
                ("judge", .agent, ["input": "{{nodes.count.choices}}"]),
            ],
            edges: [
                ChainEdge(from: "ask", to: "a"), ChainEdge(from: "ask", to: "b"),
                ChainEdge(from: "a", to: "count", upon: .always), ChainEdge(from: "b", to: "count", upon: .always),
                ChainEdge(from: "count", to: "ask", upon: .failure, bound: 2),
                ChainEdge(from: "count", to: "judge", upon: .limit),
            ]
        )
        bench.run { node, _, _ in
            switch node {
            case "b": .failed(Self.failure)
            case "count": .succeeded(["decided": false, "choices": "tied"])
            default: .succeeded(.string("yes by \(node)"))
            }
        }
        #expect(
            bench.works[NodeRun.Key("count", 1)]
                == .ballots([["voter": "a", "weight": 2, "answer": "yes by a"], ["voter": "b"]])
        )
        #expect(
            bench.works[NodeRun.Key("a", 2)]
                == .input("Urgent?\n\nThe answers of the round before, which decided nothing:\n- yes by a")
        )
        #expect(bench.works[NodeRun.Key("judge", 1)] == .input("tied"))
        #expect(bench.result?.finalOutput == "yes by judge")
    }

    @Test func aMapSendsEachItem() throws {
        var bench = try Bench(
            nodes: [("each", .map, ["over": "{{input}}", "input": "Review {{item}} as {{index}}"])],
            edges: []
        )
        bench.run { _, _, _ in .succeeded([]) }
        #expect(bench.result?.failure?.code == "template")
        var list = ChainMachine(bench.machine.chain, input: ["f", "g"])
        #expect(
            list.begin() == [.start(NodeRun.Key("each", 1), .items(["Review f as 0", "Review g as 1"]), attempt: 1)]
        )
    }

    @Test func anAgentChoosesItsWay() throws {
        var bench = try Bench(
            nodes: [("a", .agent, ["input": "x"]), ("b", .agent, ["input": "x"]), ("c", .agent, ["input": "x"])],
            edges: [ChainEdge(from: "a", to: "b", isChosen: true), ChainEdge(from: "a", to: "c", isChosen: true)]
        )
        bench.run { node, _, _ in .succeeded("x", choices: node == "a" ? ["c"] : []) }
        #expect(bench.order == ["a#1", "c#1"])
    }

    @Test func whatIsWrittenHasToFitTheState() throws {
        var bench = try Bench(
            nodes: [("a", .agent, ["input": "x", "write": ["sum": "{{output}}"]])],
            edges: [],
            state: ["sum": ["reduce": "add"]]
        )
        bench.run { _, _, _ in .succeeded("many") }
        #expect(bench.result?.failure?.code == "state")
    }

    @Test func reducersFoldByPlaceAndNotByTime() throws {
        var bench = try Bench(
            nodes: [
                ("start", .set, ["value": 0]),
                (
                    "x", .agent,
                    [
                        "input": "x",
                        "write": ["list": "{{output}}", "most": "{{output}}", "all": "{{output}}", "one": 1],
                    ]
                ),
                (
                    "y", .agent,
                    [
                        "input": "x",
                        "write": ["list": "{{output}}", "most": "{{output}}", "all": "{{output}}", "one": 2],
                    ]
                ),
            ],
            edges: [ChainEdge(from: "start", to: "x"), ChainEdge(from: "start", to: "y")],
            state: [
                "list": ["reduce": "append"], "most": ["reduce": "max"], "all": ["reduce": "union"],
                "one": ["reduce": "first"],
            ],
            output: [
                "list": "{{state.list}}", "most": "{{state.most}}", "all": "{{state.all}}", "one": "{{state.one}}",
            ]
        )
        let actions = bench.machine.begin()
        #expect(actions.count == 3)
        _ = bench.machine.finish(NodeRun.Key("y", 1), .succeeded(5))
        _ = bench.machine.finish(NodeRun.Key("x", 1), .succeeded(5))
        #expect(bench.machine.result?.finalOutput == ["list": [5, 5], "most": 5, "all": [5], "one": 1])
    }
}
