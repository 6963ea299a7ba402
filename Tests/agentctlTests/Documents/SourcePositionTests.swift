import JSON
import Testing

@testable import agentctl

struct SourcePositionTests {
    @Test func aPathLeadsToItsLineAndColumnInYAML() throws {
        let text = "kind: model\nrules:\n  - when: a\n    call: {tool: x}\n  - otherwise: b\n"
        let document = try #require(YAMLFile.load(text, file: "f").documents.first)
        let paths = ["kind", "rules", "rules[0].call.tool", "rules[1].otherwise", "rules[0].missing", "nothing", ""]
        let places = paths.map { document.locate(path: $0, problem: "").position }
        #expect(
            places.map { [$0.line, $0.column] } == [[1, 7], [3, 3], [4, 18], [5, 16], [3, 5], [1, 1], [1, 1]]
        )
        let key = document.locate(path: "rules[0].call.tool", problem: "", isKeyWanted: true).position
        #expect(key == SourcePosition(line: 4, column: 12))
    }

    @Test func aPathLeadsToItsLineAndColumnInJSON() throws {
        let text = """
            [{"a": "x,]}\\"", "k\\u0065y": [1, {"é": {"deep": [true, null]}}]},
              {"a": 2}]
            """
        let documents = JSONFile.load(Array(text.utf8), file: "f").documents
        #expect(documents.count == 2)
        func place(_ index: Int, _ path: String, key: Bool = false) -> [Int] {
            let position = documents[index].locate(path: path, problem: "", isKeyWanted: key).position
            return [position.line, position.column]
        }
        #expect(place(0, "a") == [1, 8])
        #expect(place(0, "key[1].é.deep[1]") == [1, 56])
        #expect(place(0, "key", key: true) == [1, 18])
        #expect(place(1, "a") == [2, 9])
        #expect(place(1, "b") == [2, 3])
    }

    @Test func jsonThatIsNoneIsToldWithItsPlace() {
        let mistakes = JSONFile.load(Array("{\"a\": 1,\n \"a\": 2}".utf8), file: "f").mistakes
        #expect(mistakes.map { [$0.position.line, $0.position.column] } == [[2, 2]])
        #expect(mistakes.first?.problem.hasPrefix("is not JSON: ") == true)
    }

    @Test func keysThatHoldDotsAndBracketsAreFound() {
        let document: JSONValue = ["a.b": ["c[0]": [["d": 1]]], "a": ["b": 2]]
        #expect([PathStep]("a.b.c[0][0].d", in: document) == [.member("a.b"), .member("c[0]"), .item(0), .member("d")])
        #expect([PathStep]("a", in: document) == [.member("a")])
        #expect([PathStep]("ab", in: document) == [])
        #expect([PathStep]("a.b.c[0][7].d", in: document) == [.member("a.b"), .member("c[0]")])
    }
}
