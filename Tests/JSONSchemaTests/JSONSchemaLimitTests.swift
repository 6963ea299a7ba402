import JSON
import JSONSchema
import Testing

@Suite(.timeLimit(.minutes(5)))
struct JSONSchemaLimitTests {
    /// The default is right for machine code that is optimized; tests are not.
    private func limits(steps: Int) -> JSONSchemaLimits {
        var limits = JSONSchemaLimits()
        limits.maximumSteps = steps
        return limits
    }

    @Test(
        arguments: [
            ["anyOf": [["$ref": "#"]]], ["not": ["$ref": "#"]], ["if": ["$ref": "#"]],
            ["$dynamicAnchor": "a", "$dynamicRef": "#a"],
            ["$dynamicAnchor": "a", "not": ["not": ["$dynamicRef": "#a"]]], ["dependentSchemas": ["k": ["$ref": "#"]]],
        ] as [JSONValue]
    )
    func endlessRecursionEndsWithAViolation(schema: JSONValue) throws {
        let schema = try JSONSchema(schema)
        #expect(!schema.accepts(["k": 1]))
        #expect(schema.validate(["k": 1]).map(\.message) == ["the schema and the value lead too deep to validate"])
    }

    @Test func aRecursiveSchemaFollowsADeepDocument() throws {
        let schema = try JSONSchema([
            "$ref": "#/$defs/list", "$defs": ["list": ["type": "array", "items": ["$ref": "#/$defs/list"]]],
        ])
        let depth = 250
        let deep = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        #expect(schema.validate(try JSONValue(parsing: deep)) == [])
        let wrong = String(repeating: "[", count: depth) + "1" + String(repeating: "]", count: depth)
        let violations = schema.validate(try JSONValue(parsing: wrong))
        #expect(violations.map(\.instancePath) == [String(repeating: "/0", count: depth)])
    }

    @Test func workThatDoublesWithEachReferenceIsGivenUp() throws {
        var definitions = JSONObject()
        for level in 0..<60 {
            let next: JSONValue = ["$ref": .string("#/$defs/d\(level + 1)")]
            definitions["d\(level)"] = ["anyOf": [["allOf": [next, false]], ["allOf": [next, false]]]]
        }
        definitions["d60"] = true
        let source: JSONValue = ["$ref": "#/$defs/d0", "$defs": .object(definitions)]
        let schema = try JSONSchema(source, limits: limits(steps: 100_000))
        #expect(schema.validate(1).map(\.message) == ["validating takes more than 100000 steps"])
    }

    @Test(
        arguments: [
            ["pattern": "^(a+)+$"], ["not": ["pattern": "^(a+)+$"]], ["anyOf": [["pattern": "^(a+)+$"], true]],
            ["if": ["pattern": "^(a+)+$"], "else": true], ["oneOf": [["not": ["pattern": "^(a+)+$"]], false]],
        ] as [JSONValue]
    )
    func aPatternThatGivesUpRefusesTheValueWhateverTheLogicAroundIt(schema: JSONValue) throws {
        let hostile = JSONValue.string(String(repeating: "a", count: 40) + "!")
        let violations = try JSONSchema(["items": schema]).validate([hostile, "a"])
        #expect(
            violations.last?.message
                == "cannot tell whether the value matches \"^(a+)+$\": the pattern takes too many steps on this text"
        )
        #expect(violations.last?.keyword == "pattern")
        #expect(violations.last?.instancePath == "/0")
    }

    @Test func aHostilePatternForKeysRefusesTheObject() throws {
        let key = String(repeating: "a", count: 40) + "!"
        let schema = try JSONSchema(["patternProperties": ["^(a+)+$": true]])
        #expect(schema.validate(.object([key: 1])).map(\.keyword) == ["patternProperties"])
    }

    @Test func patternsHaveATimeForAllValuesTogether() throws {
        var limits = JSONSchemaLimits()
        limits.maximumPatternTime = .zero
        let schema = try JSONSchema(["pattern": "a"], limits: limits)
        #expect(schema.validate("a").map(\.message) == ["matching patterns takes more than 0.0 seconds"])
    }

    @Test func largeArraysOfDifferentItemsAreToldApartByTheirHashes() throws {
        let schema = try JSONSchema(["uniqueItems": true])
        let items = (0..<20_000).map { JSONValue.object(["id": .integer(Int64($0)), "name": .string("n\($0)")]) }
        #expect(schema.accepts(.array(items)))
        #expect(
            schema.validate(.array(items + [["name": "n5", "id": 5.0]])).map(\.message)
                == ["expected different items, found object with 2 members at 5 and at 20000"]
        )
    }

    @Test(
        arguments: [
            ["uniqueItems": true], ["const": "x"], ["properties": ["a": true], "minProperties": 1], ["items": true],
        ] as [JSONValue]
    )
    func largeValuesThatAreLookedAtAgainAndAgainCostSteps(schema: JSONValue) throws {
        let alternatives = JSONValue.array(Array(repeating: ["allOf": [schema, false]], count: 2_000))
        let strings = JSONValue.array(Array(repeating: .string(String(repeating: "a", count: 1_000)), count: 3_000))
        let members = JSONValue.object(JSONObject((0..<3_000).map { ("k\($0)", 1) }))
        let text = JSONValue.string(String(repeating: "a", count: 1_000_000))
        let source: JSONValue = ["items": ["anyOf": alternatives]]
        let schema = try JSONSchema(source, limits: limits(steps: 500_000))
        let violations = schema.validate([strings, members, text])
        #expect(violations.last?.message == "validating takes more than 500000 steps")
    }

    @Test func aSchemaIsNoLargerThanAllowed() throws {
        let wide = JSONValue.object(JSONObject((0..<10_000).map { ("p\($0)", true) }))
        let values = JSONValue.array((0..<200_000).map { .integer($0) })
        let patterns = JSONValue.object(JSONObject((0...1_000).map { ("p\($0)", true) }))
        let key = String(repeating: "k", count: 8_192)
        let examples: [(schema: JSONValue, problem: String)] = [
            (["properties": wide], "the schema has more than 10000 subschemas or nests too deeply"),
            (["enum": values], "the schema has more than 200000 values or nests too deeply"),
            (["patternProperties": patterns], "the schema has more than 1000 patterns"),
            (["properties": .object([key: true])], "the path to a subschema is longer than 8192 bytes"),
            (["$ref": .string("#" + key)], "the URI is longer than 8192 bytes"),
            (["$id": .string("a:" + key)], "the URI is longer than 8192 bytes"),
        ]
        for (schema, problem) in examples {
            let error = #expect(throws: JSONSchemaError.self) { try JSONSchema(schema) }
            #expect(error?.code == .tooLarge)
            #expect(error?.problems.first?.message == problem)
        }
    }

    @Test func aSchemaMayNestAsDeepAsADocument() throws {
        var schema: JSONValue = ["type": "null"]
        for _ in 0..<500 { schema = ["items": schema] }
        #expect(try JSONSchema(schema).accepts([[[]]]))
        for _ in 0..<100 { schema = ["items": schema] }
        #expect(throws: JSONSchemaError.self) { try JSONSchema(schema) }
    }
}
