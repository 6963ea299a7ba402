import JSON
import Patterns

extension SchemaCompiler {
    /// A schema object whose keywords are being read.
    struct Site {
        let object: JSONObject
        let location: SchemaLocation
        let resource: Int
        let id: SchemaNode.ID
    }

    /// Reads all keywords of a schema object.
    mutating func node(at site: Site) -> SchemaNode {
        let vocabulary = resources[site.resource].vocabulary
        readAnchors(at: site)
        readDefinitions(at: site)
        var logic = LogicKeywords()
        readReferences(at: site, into: &logic)
        var arrays = ArrayKeywords()
        var objects = ObjectKeywords()
        if vocabulary.contains(.applicator) {
            readLogic(at: site, into: &logic)
            readApplicators(at: site, into: &arrays)
            readApplicators(at: site, into: &objects)
        }
        if vocabulary.contains(.unevaluated) {
            arrays.unevaluated = schema("unevaluatedItems", at: site)
            objects.unevaluated = schema("unevaluatedProperties", at: site)
        }
        var general: GeneralKeywords?
        var numbers: NumberKeywords?
        var strings: StringKeywords?
        if vocabulary.contains(.validation) {
            general = generalKeywords(at: site)
            numbers = numberKeywords(at: site)
            strings = stringKeywords(at: site)
            readAssertions(at: site, into: &arrays)
            readAssertions(at: site, into: &objects)
        }
        // Groups without keywords are left out: most schemas have one or two.
        let keys = site.object.keys
        return SchemaNode(
            location: site.location,
            resource: site.resource,
            general: general,
            numbers: numbers,
            strings: strings,
            arrays: keys.contains(where: Self.arrayKeywords.contains) ? arrays : nil,
            objects: keys.contains(where: Self.objectKeywords.contains) ? objects : nil,
            logic: keys.contains(where: Self.logicKeywords.contains) ? logic : nil
        )
    }

    private static let logicKeywords: Set = [
        "$ref", "$dynamicRef", "allOf", "anyOf", "oneOf", "not", "if", "then", "else",
    ]

    private static let arrayKeywords: Set = [
        "prefixItems", "items", "contains", "minContains", "maxContains", "minItems", "maxItems", "uniqueItems",
        "unevaluatedItems",
    ]

    private static let objectKeywords: Set = [
        "properties", "patternProperties", "additionalProperties", "propertyNames", "required", "dependentRequired",
        "dependentSchemas", "dependencies", "minProperties", "maxProperties", "unevaluatedProperties",
    ]

    private mutating func readAnchors(at site: Site) {
        for keyword in ["$anchor", "$dynamicAnchor"] {
            guard let name = string(keyword, at: site) else { continue }
            if resources[site.resource].anchors.updateValue(site.id, forKey: name) != nil {
                report("the anchor \(name) is used twice", at: site.location.appending(keyword))
            }
            if keyword == "$dynamicAnchor" { resources[site.resource].dynamicAnchors[name] = site.id }
        }
    }

    /// Schemas that are only referred to.
    private mutating func readDefinitions(at site: Site) {
        _ = schemaMap("$defs", at: site)
        _ = schemaMap("definitions", at: site)
    }

    private mutating func readReferences(at site: Site, into logic: inout LogicKeywords) {
        if let text = string("$ref", at: site) {
            logic.reference = addReference(text, at: site, keyword: "$ref")
        }
        if let text = string("$dynamicRef", at: site) {
            logic.dynamicReference = LogicKeywords.DynamicReference(
                reference: addReference(text, at: site, keyword: "$dynamicRef"),
                anchor: URIReference(text).decodedFragment
            )
        }
    }

    private mutating func readLogic(at site: Site, into logic: inout LogicKeywords) {
        logic.allOf = schemas("allOf", at: site)
        logic.anyOf = schemas("anyOf", at: site)
        logic.oneOf = schemas("oneOf", at: site)
        logic.not = schema("not", at: site)
        logic.condition = schema("if", at: site)
        logic.consequence = schema("then", at: site)
        logic.alternative = schema("else", at: site)
    }

    private mutating func readApplicators(at site: Site, into arrays: inout ArrayKeywords) {
        arrays.prefixItems = schemas("prefixItems", at: site)
        if case .array? = site.object["items"] {
            report("expected a schema, found an array; use prefixItems", at: site.location.appending("items"))
        } else {
            arrays.items = schema("items", at: site)
        }
        arrays.contains = schema("contains", at: site)
    }

    /// The keyword that drafts before 2019-09 had in place of `dependentRequired` and `dependentSchemas`.
    private mutating func readOldDependencies(at site: Site, into objects: inout ObjectKeywords) {
        let location = site.location.appending("dependencies")
        for member in object("dependencies", at: site) ?? [:] {
            let location = location.appending(member.key)
            if case .array = member.value {
                let required = names(member.value, at: location)
                objects.dependencies.append(ObjectKeywords.Dependency(key: member.key, required: required))
            } else {
                let schema = compile(member.value, in: site.resource, at: location)
                objects.dependentSchemas.append(ObjectKeywords.DependentSchema(key: member.key, schema: schema))
            }
        }
    }

    private mutating func readApplicators(at site: Site, into objects: inout ObjectKeywords) {
        let properties = schemaMap("properties", at: site)
        objects.propertyNames = properties.map(\.key)
        for (key, schema) in properties { objects.properties[JSONObjectKey(key)] = schema }
        for (key, schema) in schemaMap("patternProperties", at: site) {
            let location = site.location.appending("patternProperties").appending(key)
            guard let pattern = pattern(key, at: location) else { continue }
            objects.patternProperties.append(ObjectKeywords.PatternProperty(pattern: pattern, schema: schema))
        }
        objects.additional = schema("additionalProperties", at: site)
        objects.names = schema("propertyNames", at: site)
        objects.dependentSchemas = schemaMap("dependentSchemas", at: site).map {
            ObjectKeywords.DependentSchema(key: $0.key, schema: $0.schema)
        }
        readOldDependencies(at: site, into: &objects)
    }
}
