import Testing
import YAML

struct YAMLReaderTests {
    /// The documents in one line each: `plain`, `'quoted'`, `|literal`, `!tag text`, `[…]`, `{…}`.
    private func read(_ text: String) throws(YAMLError) -> [String] {
        var documents: [String] = []
        try YAMLReader.read(text) { documents.append(describe($0)) }
        return documents
    }

    private func describe(_ node: YAMLNode) -> String {
        let content =
            switch node.content {
            case .scalar(let text, .plain), .scalar(let text, .any): text
            case .scalar(let text, .singleQuoted): "'\(text)'"
            case .scalar(let text, .doubleQuoted): "\"\(text)\""
            case .scalar(let text, .literal): "|\(text)"
            case .scalar(let text, .folded): ">\(text)"
            case .sequence(let items, _): "[\(items.map(describe).joined(separator: ", "))]"
            case .mapping(let entries, _):
                "{\(entries.map { "\(describe($0.key)): \(describe($0.value))" }.joined(separator: ", "))}"
            }
        return node.tag.isEmpty ? content : "!\(node.tag) \(content)"
    }

    private func error(_ text: String) -> YAMLError? {
        do {
            _ = try read(text)
            return nil
        } catch {
            return error
        }
    }

    @Test func scalarsKeepHowTheyWereWrittenAndNothingIsMadeOfThem() throws {
        let text = "a: yes\nb: 'yes'\nc: \"\\u263a\"\nd: |\n  x\n   y\ne: >\n  x\n  y\nf: !!int '1'\ng: !mine 2\nh:\n"
        #expect(
            try read(text) == [
                "{a: yes, b: 'yes', c: \"☺\", d: |x\n y\n, e: >x y\n, f: !tag:yaml.org,2002:int '1', g: !!mine 2, h: }"
            ]
        )
    }

    @Test func documentsComeOneByOneAndThoseBeforeAMistakeDoCome() throws {
        #expect(try read("").isEmpty)
        #expect(try read("# only this\n").isEmpty)
        #expect(try read("--- 1\n--- 2\n...\n---\n") == ["1", "2", ""])
        var before: [String] = []
        #expect(throws: YAMLError.self) { try YAMLReader.read("--- 1\n--- [") { before.append(describe($0)) } }
        #expect(before == ["1"])
    }

    @Test func anAliasIsTheNodeThatItRefersToAlsoOfAnEarlierDocument() throws {
        #expect(try read("- &a {k: [1]}\n- *a\n--- *a\n") == ["[{k: [1]}, {k: [1]}]", "{k: [1]}"])
        #expect(error("- *a\n- &a 1\n")?.code == .unknownAlias)
        // A node cannot contain itself.
        #expect(error("&a [*a]\n")?.code == .unknownAlias)
    }

    @Test func placesCountFrom1ColumnsInUnicodeScalars() throws {
        var found: [YAMLMark?] = []
        try YAMLReader.read("é: 🎉\n\"ü\":   [1, x]\n") { root in
            guard case .mapping(let entries, _) = root.content else { return }
            found = entries.flatMap { [$0.key.mark, $0.value.mark] }
        }
        #expect(found.map { $0.map { "\($0.line):\($0.column)" } } == ["1:1", "1:4", "2:1", "2:8"])
    }

    @Test func aMistakeHasAPlaceAndTheLineOfWhatContainsIt() throws {
        let open = try #require(error("a: 1\nb: [1,\n"))
        #expect(open.code == .syntax && open.problem == "did not find expected node content")
        #expect(open.mark.map { [$0.line, $0.column] } == [3, 1])
        #expect(open.context == "while parsing a flow node, line 3")
        let twice = try #require(error("a: 1\n? b\n: 2\nb: 3\na: 4\nc: 5\n"))
        #expect(twice.code == .duplicateKeys && twice.keys == ["b", "a"])
        #expect(twice.mark.map { [$0.line, $0.column] } == [2, 3])
        #expect(error("a: \u{1}\n")?.code == .syntax)
    }

    @Test func keysThatAreCollectionsAreNotComparedHoweverMuchTheyStandFor() throws {
        var text = "a0: &a0 [x, x]\n"
        for level in 1...40 { text += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
        var count = 0
        try YAMLReader.read(text + "? *a40\n: 1\n? *a40\n: 2\n") { root in
            if case .mapping(let entries, _) = root.content { count = entries.count }
        }
        #expect(count == 43)
    }

    @Test(arguments: ["[", "- ", "{a: ", "? "])
    func depthIsBounded(opening: String) throws {
        let deep = String(repeating: opening, count: YAMLReader.maximumDepth + 1) + "x"
        #expect(error(deep)?.code == .depth)
        #expect(error(String(repeating: opening, count: 200_000) + "x")?.code == .depth)
    }
}
