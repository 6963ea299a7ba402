import Testing

@testable import Models

@Suite struct RuleTemplateTests {
    private let values = RuleTemplate.Values(
        captures: ["whole", "one", nil, "three"],
        input: "the input",
        results: ["r1", "r2"]
    )

    @Test(arguments: [
        ("plain", "plain"), ("", ""), ("$1", "one"), ("<$0|$1|$2|$3|$4>", "<whole|one||three|>"), ("${1}0", "one0"),
        ("$10", ""), ("cost: $$5 or $ 5 $", "cost: $5 or $ 5 $"), ("{{input}}", "the input"),
        ("{{ input }}!", "the input!"), ("{{result}}", "r1\nr2"), ("{{result.2}} {{result.1}}{{result.3}}", "r2 r1"),
        ("{{", "{{"), ("{input}", "{input}"), ("${1", "${1"), ("$$1", "$1"), ("ä$1ö", "äoneö"),
    ])
    func renders(source: String, expected: String) throws {
        #expect(try RuleTemplate(source).rendered(values) == expected)
    }

    /// What was filled in is not looked at again.
    @Test func doesNotExpandValues() throws {
        let values = RuleTemplate.Values(captures: ["", "$0 {{input}}"], input: "secret", results: ["$1"])
        #expect(try RuleTemplate("$1 / {{result}}").rendered(values) == "$0 {{input}} / $1")
    }

    @Test(arguments: [
        ("{{reslt}}", "unknown placeholder {{reslt}}; did you mean {{result}}?"),
        ("{{result.0}}", "unknown placeholder {{result.0}}; did you mean {{result}}?"),
        ("{{name}}", "unknown placeholder {{name}}"),
    ])
    func refuses(source: String, message: String) {
        #expect(throws: RuleTemplate.Failure(message: message)) { try RuleTemplate(source) }
    }
}
