import Glibc
import JSON
import Testing

@testable import Conversation

@Suite struct ListDirectoryTests {
    @Test func listsInOrder() async throws {
        try await WorkspaceFixture.with { fixture in
            fixture.makeDirectory("b")
            fixture.makeDirectory("b/inner")
            try fixture.write("12345", to: "c.txt")
            try fixture.write("", to: "a.txt")
            try fixture.write("x", to: "b/inner/deep.txt")
            try fixture.write("xy", to: "b/z.txt")
            fixture.link("link", to: "b")
            mkfifo(fixture.root + "/pipe", 0o644)
            let top = "a.txt (0 bytes)\nb/\nc.txt (5 bytes)\nlink (symbolic link)\npipe (special file)"
            #expect(try await fixture.call("list_directory", [:]) == ToolOutput(top))
            #expect(try await fixture.call("list_directory", ["path": "./"]).text == top)
            #expect(try await fixture.call("list_directory", ["path": "b"]).text == "inner/\nz.txt (2 bytes)")
            #expect(
                try await fixture.call("list_directory", ["depth": 2]).text
                    == "a.txt (0 bytes)\nb/\nb/inner/\nb/z.txt (2 bytes)\nc.txt (5 bytes)\nlink (symbolic link)\n"
                    + "pipe (special file)"
            )
            #expect(
                try await fixture.call("list_directory", ["path": "b", "depth": 16]).text
                    == "inner/\ninner/deep.txt (1 bytes)\nz.txt (2 bytes)"
            )
        }
    }

    @Test func anEmptyDirectory() async throws {
        try await WorkspaceFixture.with { fixture in
            let output = try await fixture.call("list_directory", [:])
            #expect(output == ToolOutput("[the directory is empty]"))
        }
    }

    @Test func aFile() async throws {
        try await WorkspaceFixture.with { fixture in
            try fixture.write("", to: "f")
            let error = await #expect(throws: ToolError.self) {
                try await fixture.call("list_directory", ["path": "f"])
            }
            #expect(error == ToolError(.notFound, "\"f\" is not a directory, or goes through a file."))
        }
    }

    @Test func manyEntries() async throws {
        try await WorkspaceFixture.with { fixture in
            for index in 100..<120 { try fixture.write("", to: "f\(index)") }
            let output = try await fixture.call("list_directory", [:], configuration: ["max_entries": 2])
            let note = "[cut: only the first 2 entries are shown. List a subdirectory, or fewer levels with \"depth\".]"
            #expect(output == ToolOutput("f100 (0 bytes)\nf101 (0 bytes)\n\(note)", truncated: true))
        }
    }

    @Test func aDeepTree() async throws {
        try await WorkspaceFixture.with { fixture in
            let paths = (1...100).map { Array(repeating: "d", count: $0).joined(separator: "/") }
            for path in paths { fixture.makeDirectory(path) }
            let output = try await fixture.call("list_directory", ["depth": 16])
            #expect(output == ToolOutput(paths.prefix(16).map { $0 + "/" }.joined(separator: "\n")))
            let deeper = try await fixture.call("list_directory", ["path": .string(paths[98])])
            #expect(deeper == ToolOutput("d/"))
        }
    }

    @Test func namesThatLookLikeOthers() async throws {
        try await WorkspaceFixture.with { fixture in
            try fixture.write("", to: "a\nb (9 bytes)")
            try fixture.write("", to: "c\u{1B}[31m")
            let descriptor = open(fixture.root, O_RDONLY)
            defer { close(descriptor) }
            let name: [CChar] = [CChar(bitPattern: 0xFF), 0]
            mkdirat(descriptor, name, 0o755)
            let output = try await fixture.call("list_directory", ["depth": 2])
            #expect(output.text == "a\\u{a}b (9 bytes) (0 bytes)\nc\\u{1b}[31m (0 bytes)\n\u{FFFD}/")
        }
    }

    @Test func linksAreNotFollowed() async throws {
        try await WorkspaceFixture.with { fixture in
            fixture.makeDirectory("a")
            fixture.link("b", to: "a")
            fixture.link("loop", to: ".")
            let output = try await fixture.call("list_directory", ["depth": 3])
            #expect(output.text == "a/\nb (symbolic link)\nloop (symbolic link)")
        }
    }
}
