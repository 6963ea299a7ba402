import Testing

@testable import JSON
@testable import JSONSchema

struct JSONSchemaViolationTests {
    static let messages: [(schema: JSONValue, instance: JSONValue, message: String)] = [
        (["type": "integer"], "abc", "expected integer, found string \"abc\""),
        (["type": "integer"], 1.5, "expected integer, found number 1.5"),
        (["type": ["string", "null"]], ["a": 1], "expected null or string, found object with 1 member"),
        (["type": "object"], [], "expected object, found an empty array"),
        (["type": "array"], [:], "expected array, found an empty object"),
        (["type": "string"], [1, 2], "expected string, found array of 2 items"),
        (["type": "string"], true, "expected string, found boolean true"),
        (["type": "string"], nil, "expected string, found null"),
        (["enum": ["a", 1, nil]], "b", "expected one of \"a\", 1, null, found string \"b\""),
        (["enum": []], 1, "expected one of no values, found integer 1"),
        (["const": ["a": [1]]], 1, "expected {\"a\":[…]}, found integer 1"),
        (["minimum": 5], 3, "expected at least 5, found 3"),
        (["maximum": 5.5], 6, "expected at most 5.5, found 6"),
        (["exclusiveMinimum": 5], 5, "expected more than 5, found 5"),
        (["exclusiveMaximum": 5], 5.0, "expected less than 5, found 5.0"),
        (["multipleOf": 0.1], 0.35, "expected a multiple of 0.1, found 0.35"),
        (["minLength": 1], "", "expected at least 1 character, found 0 in \"\""),
        (["maxLength": 2], "🐲🐲🐲", "expected at most 2 characters, found 3 in \"🐲🐲🐲\""),
        (["pattern": "^a+$"], "b", "expected a string that matches the pattern \"^a+$\", found string \"b\""),
        (["minItems": 1], [], "expected at least 1 item, found 0"),
        (["maxItems": 1], [1, 2, 3], "expected at most 1 item, found 3"),
        (["uniqueItems": true], [1, 2, 1.0], "expected different items, found number 1.0 at 0 and at 2"),
        (["contains": ["type": "null"]], [1], "expected at least 1 item that fit \"contains\", found 0"),
        (["minProperties": 2], ["a": 1], "expected at least 2 members, found 1"),
        (["maxProperties": 0], ["a": 1], "expected at most 0 members, found 1"),
        (
            ["required": ["query"]], ["querry": 1, "b": 2],
            "required member \"query\" is missing, found \"querry\", \"b\""
        ),
        (["required": ["query"]], [:], "required member \"query\" is missing, found an empty object"),
        (["dependentRequired": ["a": ["b"]]], ["a": 1], "member \"a\" requires \"b\", which is missing"),
        (["additionalProperties": false], ["a": 1], "/a: unexpected member, known members: none"),
        (
            ["properties": ["a": true, "b": true], "additionalProperties": false], ["c": 1],
            "/c: unexpected member, known members: \"a\", \"b\""
        ),
        (
            ["propertyNames": ["maxLength": 1]], ["ab": 1],
            "the key \"ab\" does not fit: expected at most 1 character, found 2 in \"ab\""
        ),
        (["unevaluatedProperties": false], ["a": 1], "/a: unexpected member, found integer 1"),
        (["prefixItems": [true], "unevaluatedItems": false], [1, 2], "/1: unexpected item, found integer 2"),
        (["not": ["type": "null"]], nil, "expected a value that does not fit \"not\", found null"),
        (
            ["anyOf": [["type": "string"], ["required": ["a"]]]], ["b": 1],
            "fits none of the 2 alternatives: expected string, found object with 1 member; "
                + "required member \"a\" is missing, found \"b\""
        ),
        (
            ["properties": ["x": ["oneOf": [["properties": ["y": ["type": "null"]]], false]]]], ["x": ["y": 1]],
            "/x: fits none of the 2 alternatives: /y: expected null, found integer 1; "
                + "expected nothing here, found object with 1 member"
        ),
        (["oneOf": [true, false, true]], 1, "expected to fit one alternative, fits those at 0, 2, found integer 1"),
        (["if": true, "then": ["type": "null"]], 1, "expected null, found integer 1"),
        (false, 1, "expected nothing here, found integer 1"),
    ]

    @Test(arguments: messages)
    func aViolationSaysWhatWasExpectedAndWhatWasFound(schema: JSONValue, instance: JSONValue, message: String) throws {
        #expect(try JSONSchema(schema).validate(instance).map(\.description) == [message])
    }

    @Test func allViolationsAreFoundWithTheirPaths() throws {
        let schema = try JSONSchema([
            "type": "object",
            "required": ["id", "name"],
            "properties": [
                "a/b~c": ["items": ["$ref": "#/$defs/positive"]],
                "name": ["type": "string"],
            ],
            "$defs": ["positive": ["type": "integer", "minimum": 1]],
        ])
        let violations = schema.validate(["a/b~c": [1, 0, "x"], "name": 5])
        #expect(
            violations == [
                JSONSchemaViolation(
                    instancePath: "",
                    schemaPath: "/required",
                    keyword: "required",
                    message: "required member \"id\" is missing, found \"a/b~c\", \"name\""
                ),
                JSONSchemaViolation(
                    instancePath: "/a~1b~0c/1",
                    schemaPath: "/$defs/positive/minimum",
                    keyword: "minimum",
                    message: "expected at least 1, found 0"
                ),
                JSONSchemaViolation(
                    instancePath: "/a~1b~0c/2",
                    schemaPath: "/$defs/positive/type",
                    keyword: "type",
                    message: "expected integer, found string \"x\""
                ),
                JSONSchemaViolation(
                    instancePath: "/name",
                    schemaPath: "/properties/name/type",
                    keyword: "type",
                    message: "expected string, found integer 5"
                ),
            ]
        )
    }

    @Test func aViolationOfAnotherDocumentNamesIt() throws {
        let schema = try JSONSchema(
            ["items": ["$ref": "http://example.org/item"]],
            resources: ["http://example.org/item": ["type": "string"]]
        )
        #expect(schema.validate([1]).map(\.schemaPath) == ["http://example.org/item#/type"])
    }

    @Test func thereAreNoMoreViolationsThanAskedFor() throws {
        let schema = try JSONSchema(["items": ["type": "string"]])
        let instance = JSONValue.array(Array(repeating: 1, count: 100))
        #expect(schema.validate(instance).count == 20)
        #expect(schema.validate(instance, limit: 3).map(\.instancePath) == ["/0", "/1", "/2"])
        #expect(schema.validate(instance, limit: 0).count == 1)
    }

    @Test func longValuesAreShortened() throws {
        let long = String(repeating: "ab\"", count: 1_000)
        let violations = try JSONSchema(["type": "null"]).validate(.string(long))
        let shown = String(repeating: #"ab\""#, count: 20)
        #expect(violations.map(\.message) == ["expected null, found string \"\(shown)…\""])
        let many = JSONValue.array((0..<50).map { .integer($0) })
        #expect(
            try JSONSchema(["enum": many]).validate("x").map(\.message)
                == ["expected one of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 40 more, found string \"x\""]
        )
        let wide = JSONValue.array(Array(repeating: .string(long), count: 59))
        #expect(try JSONSchema(["const": wide]).validate(1).map { $0.message.count } == [87])
    }

    @Test func whatFailingSubschemasLeaveUnevaluatedIsNotReportedBesides() throws {
        let schema = try JSONSchema([
            "allOf": [["properties": ["a": ["type": "string"]]]], "unevaluatedProperties": false,
        ])
        #expect(schema.validate(["a": 1]).map(\.keyword) == ["type"])
        #expect(schema.validate(["a": "x"]) == [])
        #expect(schema.validate(["a": "x", "b": 1]).map(\.keyword) == ["unevaluatedProperties"])
    }
}
