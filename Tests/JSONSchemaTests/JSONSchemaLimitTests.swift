import JSON
import JSONSchema
import Testing

@Suite("Limits of schemas", .timeLimit(.minutes(5)))
struct JSONSchemaLimitTests {
    /// The default is right for machine code that is optimized; tests are not.
    private func limits(steps: Int) -> JSONSchemaLimits {
        var limits = JSONSchemaLimits()
        limits.maximumSteps = steps
        return limits
    }

    @Test(
        "endless recursion ends with a violation",
        arguments: [
            ["anyOf": [["$ref": "#"]]], ["not": ["$ref": "#"]], ["if": ["$ref": "#"]],
            ["$dynamicAnchor": "a", "$dynamicRef": "#a"],
            ["$dynamicAnchor": "a", "not": ["not": ["$dynamicRef": "#a"]]], ["dependentSchemas": ["k": ["$ref": "#"]]],
        ] as [JSONValue]
    )
    func endlessRecursion(schema: JSONValue) throws {
        let schema = try JSONSchema(schema)
        #expect(!schema.accepts(["k": 1]))
        #expect(schema.validate(["k": 1]).map(\.message) == ["the schema and the value lead too deep to validate"])
    }

    @Test("a recursive schema follows a deep document")
    func deepDocument() throws {
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

    @Test("work that doubles with each reference is given up")
    func exponential() throws {
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
        "a pattern that gives up refuses the value, whatever the logic around it",
        arguments: [
            ["pattern": "^(a+)+$"], ["not": ["pattern": "^(a+)+$"]], ["anyOf": [["pattern": "^(a+)+$"], true]],
            ["if": ["pattern": "^(a+)+$"], "else": true], ["oneOf": [["not": ["pattern": "^(a+)+$"]], false]],
        ] as [JSONValue]
    )
    func hostilePattern(schema: JSONValue) throws {
        let hostile = JSONValue.string(String(repeating: "a", count: 40) + "!")
        let violations = try JSONSchema(["items": schema]).validate([hostile, "a"])
        #expect(
            violations.last?.message
                == "cannot tell whether the value matches \"^(a+)+$\": the pattern takes too many steps on this text"
        )
        #expect(violations.last?.keyword == "pattern")
        #expect(violations.last?.instancePath == "/0")
    }

    @Test("a hostile pattern for keys refuses the object")
    func hostileKeyPattern() throws {
        let key = String(repeating: "a", count: 40) + "!"
        let schema = try JSONSchema(["patternProperties": ["^(a+)+$": true]])
        #expect(schema.validate(.object([key: 1])).map(\.keyword) == ["patternProperties"])
    }

    @Test("patterns have a time for all values together")
    func patternTime() throws {
        var limits = JSONSchemaLimits()
        limits.maximumPatternTime = .zero
        let schema = try JSONSchema(["pattern": "a"], limits: limits)
        #expect(schema.validate("a").map(\.message) == ["matching patterns takes more than 0.0 seconds"])
    }

    @Test("large arrays of different items are told apart by their hashes")
    func uniqueItems() throws {
        let schema = try JSONSchema(["uniqueItems": true])
        let items = (0..<20_000).map { JSONValue.object(["id": .integer(Int64($0)), "name": .string("n\($0)")]) }
        #expect(schema.accepts(.array(items)))
        #expect(
            schema.validate(.array(items + [["name": "n5", "id": 5.0]])).map(\.message)
                == ["expected different items, found object with 2 members at 5 and at 20000"]
        )
    }

    @Test(
        "large values that are looked at again and again cost steps",
        arguments: [
            ["uniqueItems": true], ["const": "x"], ["properties": ["a": true], "minProperties": 1], ["items": true],
        ] as [JSONValue]
    )
    func repeatedWork(schema: JSONValue) throws {
        let alternatives = JSONValue.array(Array(repeating: ["allOf": [schema, false]], count: 2_000))
        let strings = JSONValue.array(Array(repeating: .string(String(repeating: "a", count: 1_000)), count: 3_000))
        let members = JSONValue.object(JSONObject((0..<3_000).map { ("k\($0)", 1) }))
        let text = JSONValue.string(String(repeating: "a", count: 1_000_000))
        let source: JSONValue = ["items": ["anyOf": alternatives]]
        let schema = try JSONSchema(source, limits: limits(steps: 500_000))
        let violations = schema.validate([strings, members, text])
        #expect(violations.last?.message == "validating takes more than 500000 steps")
    }

    @Test("a schema is no larger than allowed")
    func schemaSize() throws {
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

    @Test("a schema may nest as deep as a document")
    func schemaDepth() throws {
        var schema: JSONValue = ["type": "null"]
        for _ in 0..<500 { schema = ["items": schema] }
        #expect(try JSONSchema(schema).accepts([[[]]]))
        for _ in 0..<100 { schema = ["items": schema] }
        #expect(throws: JSONSchemaError.self) { try JSONSchema(schema) }
    }
}
