import HTTP
import JSON
import Synchronization
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Tools

struct EffectGateTests {
    @Test func onceClosedItStaysClosed() {
        let isOpen = Mutex(true)
        let gate = EffectGate { isOpen.withLock { $0 } }
        #expect(gate.pass() && gate.hasPassed && !gate.hasRefused)
        isOpen.withLock { $0 = false }
        #expect(!gate.pass() && gate.hasRefused)
        isOpen.withLock { $0 = true }
        #expect(!gate.pass() && gate.hasPassed)
    }

    @Test func aTermEndsBeforeOthersMayTakeOver() {
        let now = ContinuousClock.now
        #expect(LeaseTerm(.seconds(60), from: now - .seconds(57)).left > .zero)
        #expect(LeaseTerm(.seconds(60), from: now - .seconds(58)).left == .zero)
        #expect(LeaseTerm(.seconds(5), from: now - .seconds(4)).left == .zero)
        let term = LeaseTerm(.seconds(5), from: now - .seconds(4))
        term.renew(from: now)
        #expect(term.left > .zero)
        term.renew(from: now - .seconds(4))
        #expect(term.left > .zero)
    }

    @Test func aTermThatWasEndedDoesNotBeginAgain() {
        let term = LeaseTerm(.seconds(60), from: .now)
        #expect(!term.isOver)
        term.end()
        term.renew(from: .now)
        #expect(term.isOver && term.left == .zero)
    }

    /// A tool whose request is refused only when the connection stands, after everything that comes before.
    @Test func aRequestIsRefusedAtTheLastMoment() async throws {
        try await withMockServer { request in
            .text(request.path)
        } perform: { server in
            let http = HTTPClient()
            let tool = try ToolFactory().tool(
                for: ToolDefinition(
                    name: "call",
                    versionID: 1,
                    implementation: "http_request",
                    configuration: [
                        "allowed_hosts": [.string("127.0.0.1:\(server.port)")], "allow_private": true,
                        "methods": ["POST"],
                    ]
                )
            )
            let tools = try ToolRouter([tool])
            let looks = Mutex(0)
            var context = ToolContext(services: ToolServices(http: http))
            context.gate = EffectGate {
                looks.withLock { $0 += 1 }
                return false
            }
            let arguments = #"{"url": "\#(server.url)/x", "method": "POST"}"#
            let result = await tools.call(ToolCallRequest(id: "a", name: "call", arguments: arguments), in: context)
            await http.shutdown()
            #expect(result.error?.code == .notBegun)
            #expect(looks.withLock { $0 } == 1)
            #expect(context.gate?.hasRefused == true && context.gate?.hasPassed == false)
            #expect(await server.requests.isEmpty)
        }
    }
}
