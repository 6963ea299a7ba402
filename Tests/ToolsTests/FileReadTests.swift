import JSON
import Testing

@testable import Conversation
@testable import Tools

@Suite struct FileReadTests {
    private func read(
        _ content: [UInt8],
        offset: Int? = nil,
        limit: Int? = nil,
        outputBytes: Int = 10_240,
        configuration: JSONValue = [:]
    ) async throws -> ToolOutput {
        try await WorkspaceFixture.with { fixture in
            try fixture.write(content, to: "f")
            var arguments: JSONObject = ["path": "f"]
            if let offset { arguments["offset"] = .integer(Int64(offset)) }
            if let limit { arguments["limit"] = .integer(Int64(limit)) }
            return try await fixture.call(
                "file_read",
                .object(arguments),
                configuration: configuration,
                limits: ToolLimits(outputBytes: outputBytes)
            )
        }
    }

    private func read(_ content: String, offset: Int? = nil, limit: Int? = nil) async throws -> ToolOutput {
        try await read(Array(content.utf8), offset: offset, limit: limit)
    }

    @Test(arguments: ["one", "one\n", "one\ntwo", "one\r\ntwo\r\n", "\n\n", "ä€😀\n"])
    func wholeFiles(content: String) async throws {
        #expect(try await read(content) == ToolOutput(content))
    }

    @Test func anEmptyFile() async throws {
        #expect(try await read("") == ToolOutput("[the file is empty]"))
    }

    @Test func rangesOfLines() async throws {
        let content = "1\n2\n3\n4\n5"
        #expect(
            try await read(content, offset: 2, limit: 2)
                == ToolOutput("2\n3\n[lines 2 to 3 of 5 are shown. For the rest, read with offset 4.]")
        )
        #expect(try await read(content, offset: 4) == ToolOutput("4\n5\n[lines 4 to 5 of 5 are shown.]"))
        #expect(try await read(content, limit: 5) == ToolOutput(content))
        #expect(
            try await read(content, limit: 1)
                == ToolOutput("1\n[lines 1 to 1 of 5 are shown. For the rest, read with offset 2.]")
        )
    }

    @Test func aRangeBeyondTheEnd() async throws {
        let error = await #expect(throws: ToolError.self) { try await read("1\n2\n", offset: 3) }
        #expect(error == ToolError(.invalidArguments, "The file has only 2 lines; line 3 does not exist."))
    }

    /// Reading on as the note says gives the whole file, whatever the limit.
    @Test(arguments: [512, 600, 1_000, 5_000])
    func notesLeadToTheRest(outputBytes: Int) async throws {
        let lines = (1...300).map { "Line \($0) — " + String(repeating: "x", count: $0 % 40) }
        let content = Array((lines.joined(separator: "\n") + "\n").utf8)
        var offset = 1
        var collected = ""
        while true {
            let output = try await read(content, offset: offset, outputBytes: outputBytes)
            #expect(output.text.utf8.count <= outputBytes)
            let noteStart = try #require(output.text.lastIndex(of: "["))
            collected += output.text[..<noteStart]
            guard let next = output.text.firstRange(of: "offset ") else { break }
            #expect(output.truncated)
            offset = try #require(Int(output.text[next.upperBound...].prefix { $0.isNumber }))
        }
        #expect(collected == String(decoding: content, as: UTF8.self))
    }

    @Test func aLineThatDoesNotFit() async throws {
        let content = String(repeating: "€", count: 1_000) + "\nend\n"
        let output = try await read(Array(content.utf8), outputBytes: 512)
        // 512 bytes less 192 for the note; a euro sign has three.
        let shown = String(repeating: "€", count: 106)
        let note = "[cut: only the first 318 bytes of line 1 of 2 are shown. For the rest, read with offset 2.]"
        #expect(output == ToolOutput("\(shown)\n\(note)", truncated: true))
    }

    @Test func aLineThatDoesNotFitAfterOthers() async throws {
        let content = "first\n" + String(repeating: "x", count: 1_000)
        let output = try await read(Array(content.utf8), outputBytes: 512)
        let note = "[lines 1 to 1 of 2 are shown. For the rest, read with offset 2.]"
        #expect(output == ToolOutput("first\n\(note)", truncated: true))
    }

    /// Lines longer than the pieces in which a file is read.
    @Test func longLinesInManyPieces() async throws {
        let content = "a\n" + String(repeating: "b", count: 200_000) + "\nc\n" + String(repeating: "d", count: 200_000)
        #expect(
            try await read(content, offset: 3, limit: 1)
                == ToolOutput("c\n[lines 3 to 3 of 4 are shown. For the rest, read with offset 4.]")
        )
        let second = try await read(content, offset: 2, limit: 1)
        #expect(second.truncated)
        #expect(second.text.hasPrefix("bbb"))
        #expect(
            second.text.hasSuffix(
                "[cut: only the first 10048 bytes of line 2 of 4 are shown. For the rest, read with offset 3.]"
            )
        )
    }

    @Test(
        arguments: [
            ([0x7F, 0x45, 0x4C, 0x46, 0x00, 0x01], "\"f\" is a binary file; only text can be read."),
            ([0x61, 0xFF, 0x62], "\"f\" is not UTF-8 text."), ([0xC3], "\"f\" is not UTF-8 text."),
        ] as [([UInt8], String)]
    )
    func whatIsNoText(bytes: [UInt8], message: String) async throws {
        await #expect(throws: ToolError(.denied, message)) { try await read(bytes) }
    }

    /// Of a large file what is asked for is read, wherever it is, and nothing behind it.
    @Test func filesThatAreNotReadToTheirEnd() async throws {
        let content = (1...200_000).map { "\($0)\n" }.joined()
        let size = content.utf8.count
        func lines(_ offset: Int, _ limit: Int?) async throws -> String {
            try await read(
                Array(content.utf8),
                offset: offset,
                limit: limit,
                configuration: ["max_file_bytes": 100_000]
            ).text
        }
        #expect(
            try await lines(150_000, 2)
                == """
                150000
                150001
                [lines 150000 to 150001 (the file has \(size) bytes) are shown. For the rest, read with offset 150002.]
                """
        )
        let first = try await lines(1, nil)
        #expect(first.hasPrefix("1\n2\n") && first.contains("(the file has \(size) bytes)"), "\(first.suffix(200))")
        // What reaches its end knows how many there are.
        #expect(try await lines(200_000, nil).hasSuffix("[lines 200000 to 200000 of 200000 are shown.]"))
        await #expect(throws: ToolError.self) { try await lines(200_001, nil) }
    }
}
