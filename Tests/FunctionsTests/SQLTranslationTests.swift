import JSON
import Testing

@testable import Definitions
@testable import Functions

@Suite struct SQLTranslationTests {
    private static let schema: JSONValue = [
        "type": "object",
        "properties": [
            "id": ["type": "integer"], "name": ["type": ["string", "null"]], "rate": ["type": "number"],
            "on": ["type": "boolean"], "tags": ["type": "array"], "any": [:],
        ],
    ]

    private func translate(_ source: String) -> (statement: String, problems: [FunctionProblem]) {
        var problems: [FunctionProblem] = []
        let translation = SQLTranslation(source, inputSchema: Self.schema, problems: &problems)
        return (translation.statement, problems)
    }

    @Test(arguments: [
        ("SELECT :id", "SELECT ($1 ->> 'id')::numeric::bigint"),
        ("SELECT :name||'x'", "SELECT ($1 ->> 'name')::text||'x'"),
        ("SELECT :rate, :on", "SELECT ($1 ->> 'rate')::numeric, ($1 ->> 'on')::boolean"),
        ("SELECT :tags, :any", "SELECT ($1 -> 'tags'), ($1 -> 'any')"), ("SELECT 1::int, a:=2", "SELECT 1::int, a:=2"),
        (
            "SELECT ':id', \":id\", E'\\':id', $$ :id $$, $x$ :id $$ $x$",
            "SELECT ':id', \":id\", E'\\':id', $$ :id $$, $x$ :id $$ $x$"
        ),
        (
            "SELECT 'it''s :id' -- :id\n, 1 /* :id /* :id */ :id */",
            "SELECT 'it''s :id' -- :id\n, 1 /* :id /* :id */ :id */"
        ),
        ("SELECT 1; -- done\n ;", "SELECT 1"), ("SELECT a[1:2]", "SELECT a[1:2]"),
    ])
    func argumentsAreExpressionsAndEverythingElseStays(_ source: String, _ expected: String) {
        let (statement, problems) = translate(source)
        #expect(statement == expected)
        #expect(problems == [])
    }

    @Test(arguments: [
        ("SELECT\n  :nam", 2, 3, "input_schema has no property \"nam\"; did you mean :name?"),
        ("SELECT $1", 1, 8, "arguments are written :name, not by number"),
        ("SELECT 1;\nSELECT 2", 2, 1, "a function is one statement; this begins a second"),
    ])
    func mistakesHaveTheirPlace(_ source: String, _ line: Int, _ column: Int, _ message: String) {
        #expect(
            translate(source).problems == [FunctionProblem("source", at: .init(line: line, column: column), message)]
        )
    }

    @Test func placesOfTheStatementAreThoseOfTheSource() {
        var problems: [FunctionProblem] = []
        let source = "SELECT :id,\n  :rate, naem"
        let translation = SQLTranslation(source, inputSchema: Self.schema, problems: &problems)
        func place(_ word: String) throws -> FunctionProblem.Place {
            let range = try #require(translation.statement.firstRange(of: word))
            let offset = translation.statement.unicodeScalars.distance(
                from: translation.statement.startIndex,
                to: range.lowerBound
            )
            return translation.place(ofPosition: offset + 1)
        }
        #expect(throws: Never.self) {
            let name = try place("naem")
            #expect(name == .init(line: 2, column: 10))
            let within = try place("'rate'")
            #expect(within == .init(line: 2, column: 3))
        }
    }
}
