import Glibc
import JSON
import TestSupport
import Testing

@testable import Conversation

@Suite struct FileEditTests {
    /// Edits a file and returns what it holds then.
    private func edit(_ content: String, _ old: String, _ new: String, all: Bool = false) async throws -> String {
        try await WorkspaceFixture.with { fixture in
            try fixture.write(content, to: "f")
            _ = try await fixture.call(
                "file_edit",
                ["path": "f", "old_text": .string(old), "new_text": .string(new), "replace_all": .bool(all)]
            )
            return try fixture.content(of: "f")
        }
    }

    private func failure(_ content: String, _ old: String, _ new: String = "new") async throws -> ToolError {
        try await WorkspaceFixture.with { fixture in
            try fixture.write(content, to: "f")
            let error = await #expect(throws: ToolError.self) {
                try await fixture.call("file_edit", ["path": "f", "old_text": .string(old), "new_text": .string(new)])
            }
            #expect(try fixture.content(of: "f") == content)
            return try #require(error)
        }
    }

    @Test(arguments: [
        ("one\ntwo\nthree", "two", "2", "one\n2\nthree"),
        ("one\ntwo\nthree", "three", "", "one\ntwo\n"),
        ("a\nb\n", "a\nb\n", "", ""),
        ("no newline", "newline", "line\n", "no line\n"),
        ("ä€😀", "€", "é", "äé😀"),
        ("a\r\nb\r\nc\r\n", "a\nb", "x\ny\nz", "x\r\ny\r\nz\r\nc\r\n"),
        ("a\r\nb\r\nc\r\n", "a\r\nb", "x\r\ny", "x\r\ny\r\nc\r\n"),
        ("a\r\nb\nc\n", "b\nc", "x\ny", "a\r\nx\ny\n"),
        ("a\r\nb", "b", "c\nd", "a\r\nc\r\nd"),
        ("{{x}} $1 \\1", "{{x}}", "$& \\0 $1", "$& \\0 $1 $1 \\1"),
    ])
    func replacesOneText(content: String, old: String, new: String, result: String) async throws {
        #expect(try await edit(content, old, new) == result)
    }

    @Test func replacesAll() async throws {
        #expect(try await edit("aXbXc", "X", "YX", all: true) == "aYXbYXc")
        #expect(try await edit("aaaa", "aa", "b", all: true) == "bb")
    }

    @Test func tellsWhere() async throws {
        try await WorkspaceFixture.with { fixture in
            try fixture.write("one\ntwo\nthree\ntwo\n", to: "f")
            chmod("\(fixture.root)/f", 0o640)
            let output = try await fixture.call(
                "file_edit",
                ["path": "f", "old_text": "two", "new_text": "2", "replace_all": true]
            )
            #expect(
                output
                    == ToolOutput(
                        "Replaced 2 texts, in the lines 2, 4 of f, which has 14 bytes now.",
                        value: ["path": "f", "replacements": 2, "bytes": 14, "lines": [2, 4]]
                    )
            )
            #expect(fixture.status(of: "f").map { $0.st_mode & 0o777 } == 0o640)
            #expect(try fixture.names() == ["f"])
        }
    }

    @Test func severalMatchesAreCountedAndShown() async throws {
        let error = try await failure("one\n  two \nthree\ntwo\n", "two")
        #expect(
            error
                == ToolError(
                    .failed,
                    "The old text is in \"f\" 2 times. Give more of the lines around the one that is meant, or set "
                        + "\"replace_all\". It begins in:\n- line 2:   two \n- line 4: two"
                )
        )
        let many = try await failure(String(repeating: "x\n", count: 30), "x")
        #expect(many.message.hasSuffix("- line 10: x\n- and 20 more"))
    }

    @Test func nearMissesAreHintedAt() async throws {
        let content = "func a() {\n\treturn 1\n}\n\nfunc b() {\n    return 2\n}\n"
        #expect(
            try await failure(content, "func a() {\n    return 1\n}").message
                == "The old text is not in \"f\". From line 1 on it differs in white space only (indentation, tabs, line "
                + "ends). Read the file, and copy the text from there."
        )
        #expect(
            try await failure(content, "func b() {\n    return 3\n}").message.contains("Its first line is line 5, but")
        )
        #expect(try await failure(content, "nowhere").message.hasSuffix("Read the file, and copy the text from there."))
        #expect(try await failure("", "x").code == .notFound)
    }

    @Test func whatMakesNoSense() async throws {
        #expect(try await failure("x", "").code == .invalidArguments)
        #expect(try await failure("x", "x", "x").code == .invalidArguments)
        #expect(try await failure("x\0y", "x").code == .denied)
        try await WorkspaceFixture.with { fixture in
            try fixture.write([0x61, 0xFF], to: "binary")
            fixture.makeDirectory("d")
            for (path, code) in [
                ("missing", ToolError.Code.notFound), ("binary", .denied), ("d", .denied), ("d/x", .notFound),
            ] {
                let error = await #expect(throws: ToolError.self) {
                    try await fixture.call("file_edit", ["path": .string(path), "old_text": "a", "new_text": "b"])
                }
                #expect(error?.code == code, "\(path)")
            }
            #expect(try fixture.names() == ["binary", "d"])
        }
    }

    /// Long runs of one character are the worst case of the comparison.
    @Test func isQuickOnMonotonousText() async throws {
        let content = String(repeating: "a", count: 1_000_000)
        let started = ContinuousClock.now
        _ = try await failure(content, String(repeating: "a", count: 500_000) + "b")
        #expect(ContinuousClock.now - started < .seconds(20))
    }

    /// A megabyte of small places and a large new text would be a terabyte.
    @Test func manyPlacesDoNotFillTheMemory() async throws {
        try await WorkspaceFixture.with { fixture in
            try fixture.write(String(repeating: "a", count: 1_000_000), to: "f")
            let arguments: JSONValue = [
                "path": "f", "old_text": "a", "new_text": .string(String(repeating: "b", count: 1_000_000)),
                "replace_all": true,
            ]
            let error = await #expect(throws: ToolError.self) { try await fixture.call("file_edit", arguments) }
            #expect(error?.message == "\"f\" would have 1000000000000 bytes, where at most 8388608 are allowed.")
        }
    }
}
