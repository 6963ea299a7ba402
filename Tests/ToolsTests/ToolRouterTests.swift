import Glibc
import JSON
import Synchronization
import TestSupport
import Testing

@testable import Conversation
@testable import Tools

/// A tool that does what a test says.
private struct ScriptedTool: Tool {
    let specification: ToolSpecification
    var effect = ToolEffect.pure
    var limits = ToolLimits()
    let script: @Sendable (JSONValue, ToolContext) async throws(ToolError) -> ToolOutput

    init(
        _ name: String,
        schema: JSONValue = ["type": "object"],
        limits: ToolLimits = ToolLimits(),
        _ script: @escaping @Sendable (JSONValue, ToolContext) async throws(ToolError) -> ToolOutput
    ) {
        specification = ToolSpecification(name: name, description: "", inputSchema: JSONText(schema))
        self.limits = limits
        self.script = script
    }

    func call(_ arguments: JSONValue, in context: ToolContext) async throws(ToolError) -> ToolOutput {
        try await script(arguments, context)
    }
}

/// Something that happens once.
private final class Flag: Sendable {
    private let value = Atomic(false)

    var isRaised: Bool { value.load(ordering: .relaxed) }

    func raise() {
        value.store(true, ordering: .relaxed)
    }
}

/// Lets nobody pass until a number have arrived; then everybody.
private actor Meeting {
    private var missing: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(of count: Int) {
        missing = count
    }

    func arrive() async {
        missing -= 1
        if missing > 0 { return await withCheckedContinuation { waiting.append($0) } }
        for continuation in waiting { continuation.resume() }
        waiting = []
    }
}

@Suite struct ToolRouterTests {
    /// Tools that compute without looking up: as many as the machine has processors would stop a pool of that many threads.
    @Test func toolsThatTakeTheirThreadsLeaveTheOthersTheirs() async throws {
        let isOver = Flag()
        let tool = ScriptedTool("spin", limits: ToolLimits(timeout: .milliseconds(300))) { _, _ throws(ToolError) in
            // Until its timer has fired, which no thread of this kind does.
            while !Task.isCancelled { sched_yield() }
            throw ToolError(.cancelled, "stopped")
        }
        let router = try ToolRouter([tool])
        let request = ToolCallRequest(id: "1", name: "spin", arguments: "{}")
        let calls = (0..<8).map { _ in (request: request, context: context) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                let results = await router.call(calls)
                #expect(results.map { $0.error?.code } == calls.map { _ in .timeout })
                isOver.raise()
            }
            // Heartbeats and signals are such tasks.
            var beats = 0
            while !isOver.isRaised {
                try await Task.sleep(for: .milliseconds(10))
                beats += 1
            }
            #expect(beats >= 5)
            try await group.waitForAll()
        }
    }

    private let context = ToolContext(conversationID: "c", turnSequence: 1)

    private func request(_ name: String, _ arguments: String = "{}", id: String = "1") -> ToolCallRequest {
        ToolCallRequest(id: id, name: name, arguments: arguments)
    }

    private var calculator: any Tool {
        get throws {
            try ToolFactory().tool(
                for: ToolDefinition(name: "calculator", versionID: 1, implementation: "calculator")
            )
        }
    }

    @Test func callsATool() async throws {
        let router = try ToolRouter([calculator])
        let call = request("calculator", #"{"expression": "15% of 2847"}"#)
        let result = await router.call(call, in: context)
        #expect(result.output == ToolOutput("427.05", value: "427.05"))
        #expect(result.error == nil)
        #expect(result.message == .tool("427.05", for: call))
    }

    @Test func tellsTheModelOfAnUnknownTool() async throws {
        let router = try ToolRouter([calculator, ScriptedTool("search") { _, _ in ToolOutput("") }])
        let result = await router.call(request("calculater"), in: context)
        let message = "There is no tool \"calculater\". Did you mean \"calculator\"? The tools are: calculator, search."
        #expect(result.error == ToolError(.notFound, message))
        #expect(result.output == ToolOutput("Error: " + message))
        #expect(
            try await ToolRouter([]).call(request("x"), in: context).output.text
                == "Error: There are no tools. Answer without them."
        )
    }

    @Test(arguments: [
        (
            "{\"expression\": ",
            """
            The arguments are not valid JSON: the text ended in the middle of a value (line 1, column 16). Send one JSON \
            object.
            """
        ),
        ("{} {}", "The arguments are not valid JSON: "),
        (#"{"expression":"1","expression":"2"}"#, "The arguments are not valid JSON: "),
    ])
    func tellsTheModelOfBadJSON(arguments: String, message: String) async throws {
        let result = try await ToolRouter([calculator]).call(request("calculator", arguments), in: context)
        #expect(result.error?.code == .invalidArguments)
        #expect(result.output.text.hasPrefix("Error: " + message.prefix(34)))
        #expect(result.output.text.hasSuffix("Send one JSON object."))
    }

    @Test(arguments: [
        (#"{"expression": 7}"#, "- /expression: "), ("{}", "- the arguments: "), ("[]", "- the arguments: "),
        (#"{"expression": "1", "x": 1}"#, "- "), (String(repeating: " ", count: 5), "- the arguments: "),
    ])
    func tellsTheModelOfArgumentsThatDoNotFit(arguments: String, line: String) async throws {
        let result = try await ToolRouter([calculator]).call(request("calculator", arguments), in: context)
        #expect(result.error?.code == .invalidArguments)
        let lines = result.output.text.split(separator: "\n")
        #expect(lines.first == "Error: The arguments do not fit the tool's schema:")
        #expect(lines.dropFirst().first?.hasPrefix(line) == true)
        #expect(lines.last?.hasPrefix("The schema is: {\"type\":\"object\",\"properties\":{\"expression\":") == true)
    }

    @Test func boundsArguments() async throws {
        let router = try ToolRouter([ScriptedTool("f") { _, _ in ToolOutput("called") }])
        let long = "\"" + String(repeating: "x", count: ToolRouter.maximumArgumentBytes) + "\""
        #expect(await router.call(request("f", long), in: context).error?.code == .invalidArguments)
        let deep = String(repeating: "[", count: 100) + String(repeating: "]", count: 100)
        #expect(await router.call(request("f", deep), in: context).error?.code == .invalidArguments)
    }

    @Test func tellsTheModelWhatAToolThrows() async throws {
        let router = try ToolRouter([ScriptedTool("f") { _, _ throws(ToolError) in throw ToolError(.denied, "No.") }])
        let result = await router.call(request("f"), in: context)
        #expect(result.error == ToolError(.denied, "No."))
        #expect(result.output == ToolOutput("Error: No."))
    }

    @Test func cutsLongOutputs() async throws {
        let text = String(repeating: "€", count: 1_000)
        let router = try ToolRouter([
            ScriptedTool("f", limits: ToolLimits(outputBytes: 600)) { _, _ in ToolOutput(text, value: 7) }
        ])
        let output = await router.call(request("f"), in: context).output
        let note = "\n[cut: 531 of 3000 bytes shown. Ask for less, or for a part of it.]"
        #expect(output == ToolOutput(String(repeating: "€", count: 177) + note, truncated: true, value: 7))
        #expect(output.text.utf8.count <= 600)
    }

    @Test func outputsThatJustFitAreNotCut() async throws {
        let text = String(repeating: "x", count: 600)
        let router = try ToolRouter([
            ScriptedTool("f", limits: ToolLimits(outputBytes: 600)) { _, _ in ToolOutput(text) }
        ])
        #expect(await router.call(request("f"), in: context).output == ToolOutput(text))
    }

    @Test func takesNullCharactersOutOfOutputs() async throws {
        let router = try ToolRouter([ScriptedTool("f") { _, _ in ToolOutput("a\u{0}b") }])
        #expect(await router.call(request("f"), in: context).output.text == "a\u{FFFD}b")
    }

    /// A tool that waits until it is cancelled.
    private func patientTool(_ limits: ToolLimits = ToolLimits()) -> any Tool {
        ScriptedTool("patient", limits: limits) { _, _ throws(ToolError) in
            do { try await Task.sleep(for: .seconds(3_600)) } catch { throw ToolError(.cancelled, "Stopped.") }
            return ToolOutput("done")
        }
    }

    @Test func stopsAToolAfterItsTime() async throws {
        let router = try ToolRouter([patientTool(ToolLimits(timeout: .milliseconds(50)))])
        let result = await router.call(request("patient"), in: context)
        #expect(result.error == ToolError(.timeout, "The tool was stopped: it took longer than it may (0.05 seconds)."))
    }

    @Test(.timeLimit(.minutes(5))) func stopsAToolAtTheDeadlineOfTheTurn() async throws {
        var context = context
        context.deadline = .now + .milliseconds(50)
        let result = try await ToolRouter([patientTool(ToolLimits(timeout: .seconds(3_600)))]).call(
            request("patient"),
            in: context
        )
        #expect(result.error?.code == .timeout)
    }

    /// What a tool did counts, also if it took too long to say so.
    @Test func takesAnOutputThatComesLate() async throws {
        let tool = ScriptedTool("late", limits: ToolLimits(timeout: .milliseconds(20))) { _, _ in
            while !Task.isCancelled { await Task.yield() }
            return ToolOutput("done all the same")
        }
        let result = try await ToolRouter([tool]).call(request("late"), in: context)
        #expect(result.error == nil)
        #expect(result.output.text == "done all the same")
    }

    @Test func saysOfEachCallWhetherItHadBegunWhenTheTurnIsCancelled() async throws {
        let (begun, continuation) = AsyncStream.makeStream(of: Void.self)
        let tool = ScriptedTool("f") { _, _ throws(ToolError) in
            continuation.finish()
            do { try await Task.sleep(for: .seconds(3_600)) } catch { throw ToolError(.cancelled, "Stopped.") }
            return ToolOutput("done")
        }
        let router = try ToolRouter([tool])
        let calls = Task {
            let first = await router.call(request("f"), in: context)
            return [first, await router.call(request("f", id: "2"), in: context)]
        }
        for await _ in begun {}
        calls.cancel()
        #expect(await calls.value.map(\.error?.code) == [.cancelled, .notBegun])
    }

    /// Every call waits for all others to have begun: that ends only if they run at the same time.
    @Test(.timeLimit(.minutes(5))) func runsSeveralCallsAtOnceAndKeepsTheirOrder() async throws {
        let meeting = Meeting(of: ToolRouter.maximumConcurrentCalls)
        let tool = ScriptedTool("f") { arguments, context in
            await meeting.arrive()
            return ToolOutput("\(arguments["n"]?.integerValue ?? -1) \(context.callID)")
        }
        let router = try ToolRouter([tool])
        let requests = (0..<50).map { request("f", "{\"n\":\($0)}", id: "id\($0)") }
        let results = await router.call(requests, in: context)
        #expect(results.map(\.call) == requests)
        #expect(results.map(\.output.text) == (0..<50).map { "\($0) id\($0)" })
    }

    @Test func runsNoMoreCallsAtOnceThanAllowed() async throws {
        let running = Mutex((now: 0, most: 0))
        let tool = ScriptedTool("f") { _, _ in
            running.withLock { state in
                state.now += 1
                state.most = max(state.most, state.now)
            }
            for _ in 0..<10 { await Task.yield() }
            running.withLock { $0.now -= 1 }
            return ToolOutput("")
        }
        let requests = (0..<100).map { request("f", id: "\($0)") }
        #expect(try await ToolRouter([tool]).call(requests, in: context).count == 100)
        #expect(running.withLock { $0.most } <= ToolRouter.maximumConcurrentCalls)
    }

    @Test func oneCallThatFailsDoesNotHarmTheOthers() async throws {
        let calls = [
            request("calculator", #"{"expression":"1/0"}"#, id: "a"), request("nonsense", id: "b"),
            request("calculator", #"{"expression":"2+2"}"#, id: "c"),
        ]
        let results = try await ToolRouter([calculator]).call(calls, in: context)
        #expect(results.map(\.error?.code) == [.invalidArguments, .notFound, nil])
        #expect(results.map(\.call.id) == ["a", "b", "c"])
        #expect(results[2].output.text == "4")
    }

    @Test func whatAStoppedToolHadPrintedIsBeforeTheReason() {
        var error = ToolError(.cancelled, "The run was stopped.")
        error.printed = "one\ntwo\n"
        #expect(ToolRouter.output(of: error, of: nil).text == "one\ntwo\nError: The run was stopped.")
        #expect(ToolRouter.output(of: ToolError(.failed, "No."), of: nil).text == "Error: No.")
    }

    @Test func refusesToolsThatCannotBeRouted() throws {
        let tool = ScriptedTool("f") { _, _ in ToolOutput("") }
        #expect(throws: ToolError(.configuration, "there are two tools named \"f\"", isFatal: true)) {
            try ToolRouter([tool, tool])
        }
        let bad = ScriptedTool("g", schema: ["type": "objekt"]) { _, _ in ToolOutput("") }
        let error = #expect(throws: ToolError.self) { try ToolRouter([bad]) }
        #expect(error?.code == .configuration)
    }
}

extension ToolRouter {
    /// Calls several tools at once in contexts that differ by the call's id.
    fileprivate func call(_ requests: [ToolCallRequest], in context: ToolContext) async -> [ToolCallResult] {
        await call(
            requests.map { request in
                var context = context
                context.callID = request.id
                return (request, context)
            }
        )
    }
}
