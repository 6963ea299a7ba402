import JSON
import JSONSchema
import Testing

struct JSONSchemaProblemTests {
    static let problems: [(schema: JSONValue, problems: [String])] = [
        (1, ["expected a schema (an object or a boolean), found integer 1"]),
        (
            ["type": "strin"],
            [
                "/type: expected a type (null, boolean, integer, number, string, array, object), found string \"strin\""
            ]
        ),
        (["type": []], ["/type: expected at least one type, found an empty array"]),
        (
            ["properties": ["a": ["minLength": "1"]]],
            ["/properties/a/minLength: expected a whole number from 0 up, found string \"1\""]
        ),
        (["minItems": -1], ["/minItems: expected a whole number from 0 up, found integer -1"]),
        (["maxItems": 1.5], ["/maxItems: expected a whole number from 0 up, found number 1.5"]),
        (["minimum": "1"], ["/minimum: expected a number, found string \"1\""]),
        (["multipleOf": 0], ["/multipleOf: expected a number above 0, found 0.0"]),
        (["uniqueItems": "yes"], ["/uniqueItems: expected a boolean, found string \"yes\""]),
        (["required": true], ["/required: expected an array of strings, found boolean true"]),
        (["required": ["a", 1]], ["/required/1: expected a string, found integer 1"]),
        (["dependentRequired": ["a": "b"]], ["/dependentRequired/a: expected an array of strings, found string \"b\""]),
        (["enum": "a"], ["/enum: expected an array, found string \"a\""]),
        (["properties": []], ["/properties: expected an object, found an empty array"]),
        (
            ["properties": ["a": "string", "b": 1]],
            [
                "/properties/a: expected a schema (an object or a boolean), found string \"string\"",
                "/properties/b: expected a schema (an object or a boolean), found integer 1",
            ]
        ),
        (["anyOf": []], ["/anyOf: expected at least one schema, found an empty array"]),
        (["allOf": ["type": "string"]], ["/allOf: expected an array, found object with 1 member"]),
        (["items": [["type": "string"]]], ["/items: expected a schema, found an array; use prefixItems"]),
        (
            ["pattern": "a("],
            [
                "/pattern: the pattern \"a(\" is not a regular expression: missing closing parenthesis (at offset 2)"
            ]
        ),
        (
            ["patternProperties": ["a/[": true]],
            [
                "/patternProperties/a~1[: the pattern \"a/[\" is not a regular expression: the class has no closing ] (at offset 2)"
            ]
        ),
        (["$ref": 1], ["/$ref: expected a string, found integer 1"]),
        (["$ref": "#/$defs/missing"], ["/$ref: the reference leads to #/$defs/missing, which is not there"]),
        (["$ref": "#missing"], ["/$ref: the reference leads to #missing, which is not there"]),
        (
            ["items": ["$ref": "http://example.org/x"]],
            ["/items/$ref: the reference leads to http://example.org/x, which is not known"]
        ),
        (["$dynamicRef": "other.json"], ["/$dynamicRef: the reference leads to other.json, which is not known"]),
        (["$id": 1], ["/$id: expected a string, found integer 1"]),
        (["$id": "http://example.org/#a"], ["/$id: an identifier has no fragment; use $anchor"]),
        (
            ["$defs": ["a": ["$id": "http://a/x"], "b": ["$id": "http://a/x"]]],
            ["/$defs/b/$id: the identifier http://a/x is used twice"]
        ),
        (["$defs": ["a": ["$anchor": "x"], "b": ["$anchor": "x"]]], ["/$defs/b/$anchor: the anchor x is used twice"]),
        (["$schema": "http://example.org/meta"], ["/$schema: the metaschema http://example.org/meta is not known"]),
        (["$ref": "#"], ["the reference leads back to itself without end"]),
        (
            ["$ref": "#/$defs/a", "$defs": ["a": ["allOf": [["$ref": "#/$defs/b"]]], "b": ["$ref": "#/$defs/a"]]],
            ["/$defs/b: the reference leads back to itself without end"]
        ),
    ]

    @Test(arguments: problems)
    func eachProblemIsToldWithItsPlace(schema: JSONValue, problems: [String]) {
        #expect(JSONSchema.problems(in: schema).map(\.description) == problems)
        let error = #expect(throws: JSONSchemaError.self) { try JSONSchema(schema) }
        #expect(error?.code == .invalid)
        #expect(error?.problems.map(\.description) == problems)
        #expect(error?.description == problems.joined(separator: "; "))
    }

    @Test func aProblemOfAnotherDocumentNamesIt() {
        let problems = JSONSchema.problems(
            in: ["$ref": "http://example.org/a"],
            resources: ["http://example.org/a": ["properties": ["x": ["type": 1]]]]
        )
        #expect(problems.map(\.path) == ["http://example.org/a#/properties/x/type"])
    }

    @Test func aVocabularyThatMustBeUnderstoodAndIsNotIsAProblem() {
        let metaschema: JSONValue = ["$vocabulary": ["http://example.org/vocabulary": true]]
        let problems = JSONSchema.problems(
            in: ["$schema": "http://example.org/meta"],
            resources: ["http://example.org/meta": metaschema]
        )
        #expect(
            problems.map(\.description)
                == ["/$schema: the vocabulary http://example.org/vocabulary is not supported"]
        )
    }

    @Test func schemasAsToolsWriteThemHaveNoProblems() {
        let schema: JSONValue = [
            "$schema": "http://json-schema.org/draft-07/schema#", "title": "T", "examples": [1], "x-order": 3,
            "definitions": ["a": ["type": "string", "format": "date"]],
            "properties": ["a": ["$ref": "#/definitions/a"]],
            "dependencies": ["a": ["b"], "c": ["required": ["d"]]],
        ]
        #expect(JSONSchema.problems(in: schema) == [])
        #expect(JSONSchema.problems(in: ["$ref": "#/x-schemas/a", "x-schemas": ["a": ["type": "null"]]]) == [])
    }

    @Test func ofManyProblemsOnlySoManyAreTold() {
        let properties = JSONObject((0..<100).map { ("p\($0)", ["type": 1]) })
        let error = #expect(throws: JSONSchemaError.self) { try JSONSchema(["properties": .object(properties)]) }
        #expect(error?.problems.count == 50)
        #expect(error?.description.hasSuffix("; and 45 more") == true)
    }
}
