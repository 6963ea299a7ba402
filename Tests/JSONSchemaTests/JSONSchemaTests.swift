import JSON
import JSONSchema
import Testing

/// What the official suite does not ask.
struct JSONSchemaTests {
    static let judged: [(schema: JSONValue, instance: JSONValue, isValid: Bool)] = [
        // Numbers are compared as written, not as doubles.
        (["multipleOf": 0.01], 19.99, true), (["multipleOf": 0.01], 19.999, false), (["multipleOf": 0.1], 1e20, true),
        (["multipleOf": 3], 1e300, false), (["multipleOf": 1e-300], 1e300, true), (["multipleOf": 1e300], 1, false),
        (["multipleOf": 7], .integer(.max), true), (["multipleOf": 2], .integer(.min), true),
        (["multipleOf": 0.5], 0, true),
        (["maximum": 0x1p53], .integer((1 << 53) + 1), false), (["maximum": .integer(.max)], .number(0x1p63), false),
        (["minimum": .integer(.min)], .number(-0x1p63), true), (["exclusiveMinimum": 1], 1.5, true),
        (["exclusiveMaximum": -1], -1.5, true), (["minimum": -1], -1.5, false), (["type": "integer"], 1e300, true),
        (["const": .integer((1 << 53) + 1)], .number(0x1p53), false), (["enum": [1.0]], 1, true),
        // Strings count code points and are compared by them.
        (["maxLength": 2], "e\u{301}", true), (["maxLength": 1], "e\u{301}", false),
        (["const": "\u{e9}"], "e\u{301}", false),
        (["uniqueItems": true], ["\u{e9}", "e\u{301}"], true), (["required": ["\u{e9}"]], ["e\u{301}": 1], false),
        // Large bounds
        (["maxItems": 1e300], [1], true), (["minItems": 1e300], [1], false),
        // Keywords of earlier drafts
        (["dependencies": ["a": ["b"]]], ["a": 1], false),
        (["dependencies": ["a": ["required": ["b"]]]], ["a": 1], false),
        (["dependencies": ["a": ["b"]]], ["a": 1, "b": 1], true), (["additionalItems": false], [1], true),
        // Annotations only
        (["format": "email"], "nobody", true), (["contentMediaType": "application/json"], "{", true),
    ]

    @Test(arguments: judged)
    func valuesAreJudged(schema: JSONValue, instance: JSONValue, isValid: Bool) throws {
        let schema = try JSONSchema(schema)
        #expect(schema.accepts(instance) == isValid)
        #expect(schema.validate(instance).isEmpty == isValid)
    }

    @Test func theSchemaIsKeptAsItWasGiven() throws {
        let source: JSONValue = ["type": "string", "title": "x"]
        #expect(try JSONSchema(source).source == source)
    }

    @Test func resourcesAreFoundByTheirURIAndByTheirIdentifierWithOrWithoutAnEmptyFragment() throws {
        let resources: [String: JSONValue] = [
            "http://example.org/a": [
                "$id": "http://example.org/own", "$defs": ["n": ["$anchor": "n", "type": "null"]],
            ],
            "http://example.org/b#": ["type": "null"],
        ]
        for reference in ["http://example.org/a#n", "http://example.org/a#/$defs/n", "http://example.org/b"] {
            let schema = try JSONSchema(["$ref": .string(reference)], resources: resources)
            #expect(schema.accepts(nil))
            #expect(!schema.accepts(1))
        }
        let both = try JSONSchema(
            ["allOf": [["$ref": "http://example.org/a"], ["$ref": "http://example.org/own#n"]]],
            resources: resources
        )
        #expect(!both.accepts(1))
    }

    @Test func aReferenceBelowAnIdentifierIsSeenFromThereAlsoWhereNoKeywordIs() throws {
        let schema = try JSONSchema(
            [
                "$ref": "#/$defs/r/x-schemas/0",
                "$defs": ["r": ["$id": "http://example.org/folder/r", "x-schemas": [["$ref": "other"]]]],
            ],
            resources: ["http://example.org/folder/other": ["type": "null"]]
        )
        #expect(schema.accepts(nil))
        #expect(!schema.accepts(1))
    }

    @Test func oneSchemaMayValidateOnManyThreadsAtOnce() async throws {
        let schema = try JSONSchema([
            "$ref": "#/$defs/tree",
            "$defs": ["tree": ["items": ["$ref": "#/$defs/tree"], "pattern": "^[a-z]+$"]],
        ])
        let counts = await withTaskGroup(of: Int.self) { group in
            for number in 0..<100 {
                group.addTask { schema.validate([["a", [.string("\(number)")]], "b"]).count }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(counts == Array(repeating: 1, count: 100))
    }
}
