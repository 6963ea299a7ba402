import JSON
import Testing

@testable import Conversation
@testable import Wire

@Suite struct ToolCallAssemblerTests {
    private static let tools: Set<String> = ["calculator", "current_time", "calc", "search"]

    private func assemble(_ fragments: [JSONValue], tools: Set<String> = tools) throws -> [ToolCallRequest] {
        var assembler = ToolCallAssembler(maximumCount: 64, toolNames: tools)
        for fragment in fragments { _ = try assembler.consume(ToolCallFragment(fragment)) }
        var number = 0
        return try assembler.finish(beside: [:]) {
            number += 1
            return "made-\(number)"
        }
    }

    private func fragment(_ json: String) throws -> JSONValue { try JSONValue(parsing: json) }

    /// Whatever a server's habits are, and wherever it cuts: the calls are those that the model wrote.
    @Test(arguments: ToolCallStyle.allCases, 0..<60 as Range<UInt64>)
    func callsAreTheSameHoweverTheyAreCut(style: ToolCallStyle, seed: UInt64) throws {
        var generator = ChatCompletionGenerator(seed: seed)
        let calls = (0..<Int.random(in: 1...4, using: &generator)).map { place in
            ToolCallRequest(
                id: "id-\(place)",
                name: Self.tools.sorted().randomElement(using: &generator) ?? "",
                arguments: JSONValue.object(generator.object()).text
            )
        }
        var queues = calls.enumerated().map { place, call in
            // An empty first piece, as most servers send it, and sometimes an empty last one.
            let opening = Bool.random(using: &generator) ? [""] : []
            let closing = Int.random(in: 0...3, using: &generator) == 0 ? [""] : []
            let pieces = opening + generator.pieces(of: call.arguments) + closing
            return pieces.enumerated().map { style.fragment(of: call, at: place, number: $0, arguments: $1) }[...]
        }
        var fragments: [JSONValue] = []
        while let first = queues.indices.first(where: { !queues[$0].isEmpty }) {
            let waiting = queues.indices.filter { !queues[$0].isEmpty }
            let place = style.isMixed ? waiting.randomElement(using: &generator) ?? first : first
            fragments.append(queues[place].removeFirst())
        }
        func described(_ calls: [ToolCallRequest]) -> [String] {
            let texts = calls.map { "\(style.keepsIDs ? $0.id : "") \($0.name) \($0.arguments)" }
            return style.isMixed ? texts.sorted() : texts
        }
        let result = try assemble(fragments)
        #expect(described(result) == described(calls))
        #expect(Set(result.map(\.id)).count == calls.count)
    }

    static let cases: [(fragments: [String], calls: [String])] = [
        // Two tools without arguments, both at index 0 and without ids.
        (
            [
                #"{"index":0,"function":{"name":"current_time","arguments":""}}"#,
                #"{"index":0,"function":{"name":"search","arguments":""}}"#,
            ],
            ["current_time ", "search "]
        ),
        // A name in pieces that are no tools.
        (
            [
                #"{"index":0,"id":"a","function":{"name":"curr"}}"#,
                #"{"index":0,"function":{"name":"ent_time","arguments":"{}"}}"#,
            ],
            ["current_time {}"]
        ),
        // A name in pieces of which one is a tool.
        (
            [
                #"{"index":0,"id":"a","function":{"name":"calc"}}"#,
                #"{"index":0,"function":{"name":"ulator","arguments":"{}"}}"#,
            ],
            ["calculator {}"]
        ),
        // The name comes after the id.
        (
            [
                #"{"index":0,"id":"a"}"#, #"{"index":0,"function":{"name":"calc"}}"#,
                #"{"index":0,"function":{"arguments":"{}"}}"#,
            ],
            ["calc {}"]
        ),
        // Arguments that are null, an empty list, an object.
        (
            [
                #"{"index":0,"function":{"name":"calc","arguments":"null"}}"#,
                #"{"index":0,"function":{"name":"calc","arguments":[]}}"#,
                #"{"index":0,"function":{"name":"calc","arguments":{"a":[1]}}}"#,
            ],
            ["calc null", "calc []", #"calc {"a":[1]}"#]
        ),
        // Braces and quotes in strings do not end the arguments.
        (
            [
                #"{"index":0,"function":{"name":"calc","arguments":"{\"a\":\"}\\\"\""}}"#,
                #"{"index":0,"function":{"name":"calc","arguments":"}"}}"#,
            ],
            [#"calc {"a":"}\""}"#]
        ),
    ]

    @Test(arguments: cases.indices)
    func fragmentsOfServersThatDiffer(index: Int) throws {
        let (fragments, calls) = Self.cases[index]
        #expect(try assemble(fragments.map(fragment)).map { "\($0.name) \($0.arguments)" } == calls)
    }

    @Test func longIDsComeBackAsTheyWere() throws {
        let id = String(repeating: "A", count: 65_536)
        let calls = try assemble([fragment("{\"index\":0,\"id\":\"\(id)\",\"function\":{\"name\":\"calc\"}}")])
        #expect(calls.map(\.id) == [id])
        #expect(
            throws: ServerAnswerError.malformed("a tool call in the answer: an id is longer than 65536 bytes")
        ) {
            try assemble([fragment("{\"index\":0,\"id\":\"\(id)B\",\"function\":{\"name\":\"calc\"}}")])
        }
    }

    @Test func whatServersSendBesideACallIsKept() throws {
        let calls = try assemble([
            fragment(
                """
                {"index":0,"id":"a","type":"function","function":{"name":"calc","arguments":"{"},\
                "extra_content":{"google":{"thought_signature":"c2ln"}},"other":null}
                """
            ),
            fragment(#"{"index":0,"function":{"arguments":"}"}}"#),
        ])
        #expect(calls.first?.native?.call == ["extra_content": ["google": ["thought_signature": "c2ln"]]])
    }
}
