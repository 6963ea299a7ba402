import JSON
import Patterns

/// Turns a schema into a program.
///
/// First the given document is read, with all subschemas where keywords have them: that makes its identifiers and
/// anchors known. Then references are resolved one after the other; those to other documents read these in the same
/// way, and add their references to the queue.
struct SchemaCompiler {
    /// A schema with an identifier of its own, or a document's root.
    struct Resource {
        let uri: String
        let location: SchemaLocation
        let value: JSONValue
        let vocabulary: SchemaVocabulary
        var anchors: [String: SchemaNode.ID] = [:]
        var dynamicAnchors: [String: SchemaNode.ID] = [:]
    }

    /// A reference that waits until all identifiers are known.
    struct PendingReference {
        let target: URIReference
        let location: SchemaLocation
    }

    let available: [String: JSONValue]
    let limits: JSONSchemaLimits

    var nodes: [SchemaNode?] = []
    var resources: [Resource] = []
    var resourcesByURI: [String: Int] = [:]
    var nodesByLocation: [SchemaLocation: SchemaNode.ID] = [:]
    var references: [PendingReference] = []
    var targets: [SchemaNode.ID] = []
    var patterns: [JSONObjectKey: Pattern] = [:]
    var valueCount = 0
    var depth = 0
    var problems: [JSONSchemaProblem] = []
    var isTooLarge = false

    /// Compiles a schema, or throws all problems found.
    static func compile(
        _ schema: JSONValue,
        resources: [String: JSONValue],
        limits: JSONSchemaLimits
    ) throws(JSONSchemaError) -> SchemaProgram {
        var compiler = SchemaCompiler(available: resources, limits: limits)
        let root = compiler.addDocument(schema, uri: "")
        compiler.resolveReferences()
        compiler.findEndlessReferences()
        let nodes = compiler.nodes.compactMap { $0 }
        guard compiler.problems.isEmpty, nodes.count == compiler.nodes.count else {
            throw JSONSchemaError(code: compiler.isTooLarge ? .tooLarge : .invalid, problems: compiler.problems)
        }
        return SchemaProgram(
            root: root,
            nodes: nodes,
            resources: compiler.resources.map { SchemaProgram.Resource(dynamicAnchors: $0.dynamicAnchors) },
            targets: compiler.targets,
            limits: limits
        )
    }

    init(available: [String: JSONValue], limits: JSONSchemaLimits) {
        self.available = available
        self.limits = limits
    }

    mutating func report(_ message: String, at location: SchemaLocation) {
        guard problems.count < limits.maximumProblems else { return }
        problems.append(JSONSchemaProblem(path: location.description, message: message))
    }

    mutating func reportTooLarge(_ message: String, at location: SchemaLocation) {
        if !isTooLarge { report(message, at: location) }
        isTooLarge = true
    }

    /// Compiles a subschema.
    ///
    /// - Returns: Its number; when there is a problem, that of a schema that stands in for it.
    mutating func compile(_ value: JSONValue, in outer: Int, at location: SchemaLocation) -> SchemaNode.ID {
        let id = nodes.count
        nodes.append(nil)
        nodesByLocation[location] = id
        guard nodes.count <= limits.maximumSchemas, depth < JSONParser.depthLimit else {
            let message = "the schema has more than \(limits.maximumSchemas) subschemas or nests too deeply"
            reportTooLarge(message, at: location)
            return id
        }
        guard location.pointer.utf8.count <= limits.maximumPathBytes else {
            let document = SchemaLocation(document: location.document, pointer: "")
            reportTooLarge("the path to a subschema is longer than \(limits.maximumPathBytes) bytes", at: document)
            return id
        }
        depth += 1
        defer { depth -= 1 }
        switch value {
        case .bool(let verdict): nodes[id] = SchemaNode(location: location, resource: outer, verdict: verdict)
        case .object(let object):
            let resource = self.resource(of: object, in: outer, at: location)
            let site = Site(object: object, location: location, resource: resource, id: id)
            nodes[id] = node(at: site)
        default:
            report("expected a schema (an object or a boolean), found \(value.summary)", at: location)
        }
        return id
    }
}
