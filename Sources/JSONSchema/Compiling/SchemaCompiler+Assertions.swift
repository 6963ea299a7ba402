import JSON
import Patterns

/// The keywords of the validation vocabulary.
extension SchemaCompiler {
    mutating func generalKeywords(at site: Site) -> GeneralKeywords? {
        let types = self.types(at: site)
        var enumeration: SchemaEnumeration?
        if let values = array("enum", at: site) { enumeration = SchemaEnumeration(values) }
        let constant = site.object["const"]
        guard types != nil || enumeration != nil || constant != nil else { return nil }
        return GeneralKeywords(types: types, enumeration: enumeration, constant: constant)
    }

    private mutating func types(at site: Site) -> SchemaTypes? {
        guard let value = site.object["type"] else { return nil }
        let location = site.location.appending("type")
        let names: [JSONValue]
        if case .array(let items) = value { names = items } else { names = [value] }
        var types: SchemaTypes = []
        for name in names {
            guard let type = name.stringValue.flatMap(SchemaTypes.init(name:)) else {
                let known = SchemaTypes.names.map(\.name).joined(separator: ", ")
                report("expected a type (\(known)), found \(name.summary)", at: location)
                continue
            }
            types.formUnion(type)
        }
        if names.isEmpty { report("expected at least one type, found an empty array", at: location) }
        return types
    }

    mutating func numberKeywords(at site: Site) -> NumberKeywords? {
        let keywords = NumberKeywords(
            multipleOf: number("multipleOf", at: site),
            minimum: number("minimum", at: site),
            maximum: number("maximum", at: site),
            exclusiveMinimum: number("exclusiveMinimum", at: site),
            exclusiveMaximum: number("exclusiveMaximum", at: site)
        )
        if let divisor = keywords.multipleOf?.numberValue, divisor <= 0 {
            report("expected a number above 0, found \(divisor)", at: site.location.appending("multipleOf"))
        }
        let values = [
            keywords.multipleOf, keywords.minimum, keywords.maximum, keywords.exclusiveMinimum,
            keywords.exclusiveMaximum,
        ]
        return values.contains { $0 != nil } ? keywords : nil
    }

    mutating func stringKeywords(at site: Site) -> StringKeywords? {
        var keywords = StringKeywords()
        keywords.minimumLength = count("minLength", at: site)
        keywords.maximumLength = count("maxLength", at: site)
        if let source = string("pattern", at: site) {
            keywords.pattern = pattern(source, at: site.location.appending("pattern"))
        }
        guard keywords.minimumLength != nil || keywords.maximumLength != nil || keywords.pattern != nil else {
            return nil
        }
        return keywords
    }

    mutating func readAssertions(at site: Site, into arrays: inout ArrayKeywords) {
        arrays.minimumContains = count("minContains", at: site)
        arrays.maximumContains = count("maxContains", at: site)
        arrays.minimumItems = count("minItems", at: site)
        arrays.maximumItems = count("maxItems", at: site)
        arrays.hasUniqueItems = boolean("uniqueItems", at: site) ?? false
    }

    mutating func readAssertions(at site: Site, into objects: inout ObjectKeywords) {
        objects.minimumMembers = count("minProperties", at: site)
        objects.maximumMembers = count("maxProperties", at: site)
        objects.required = names(site.object["required"], at: site.location.appending("required"))
        let location = site.location.appending("dependentRequired")
        for member in object("dependentRequired", at: site) ?? [:] {
            let required = names(member.value, at: location.appending(member.key))
            objects.dependencies.append(ObjectKeywords.Dependency(key: member.key, required: required))
        }
    }

    /// The compiled form of a pattern; equal ones are shared.
    mutating func pattern(_ source: String, at location: SchemaLocation) -> Pattern? {
        if let pattern = patterns[JSONObjectKey(source)] { return pattern }
        guard patterns.count < limits.maximumPatterns else {
            reportTooLarge("the schema has more than \(limits.maximumPatterns) patterns", at: location)
            return nil
        }
        do {
            let pattern = try Pattern(source, options: .ecma)
            patterns[JSONObjectKey(source)] = pattern
            return pattern
        } catch {
            let excerpt = JSONValue.string(source).excerpt
            report("the pattern \(excerpt) is not a regular expression: \(error)", at: location)
            return nil
        }
    }
}
