import JSONSchema
import Testing

@testable import JSON

struct SchemaSuiteTests {
    @Test(arguments: SchemaSuite.files)
    func everyCaseIsJudgedAsTheSuiteSays(file: SchemaSuite.File) throws {
        for group in file.groups {
            let schema = try JSONSchema(try #require(group["schema"]), resources: SchemaSuite.remotes)
            for example in group["tests"]?.arrayValue ?? [] {
                let instance = try #require(example["data"])
                let isValid = example["valid"] == true
                let comment = "\(group["description"] ?? nil): \(example["description"] ?? nil)"
                #expect(schema.validate(instance).isEmpty == isValid, "\(comment)")
                #expect(schema.accepts(instance) == isValid, "\(comment)")
            }
        }
    }

    @Test func theSuiteIsComplete() {
        #expect(SchemaSuite.files.count == 46)
        #expect(SchemaSuite.files.reduce(0) { $0 + $1.caseCount } == 1_299)
    }

    @Test func theMetaschemasThatAreBuiltInAreThePublishedOnes() throws {
        let published = try SchemaSuite.metaschemas()
        #expect(published.count == 9)
        for document in published {
            let uri = try #require(document["$id"]?.stringValue)
            // Formats are not asserted, so that vocabulary is not supported.
            guard !uri.hasSuffix("format-assertion") else { continue }
            #expect(Metaschema.documents[uri] == document)
        }
    }

    @Test func theMetaschemaAcceptsItselfAndTheSchemasOfTheSuite() throws {
        let metaschema = try JSONSchema(["$ref": "https://json-schema.org/draft/2020-12/schema"])
        for (uri, document) in Metaschema.documents {
            #expect(metaschema.validate(document) == [], "\(uri)")
        }
        #expect(!metaschema.accepts(["type": "strin"]))
        #expect(!metaschema.accepts(["properties": ["a": ["minLength": -1]]]))
    }
}
