/// Keywords for arrays.
struct ArrayKeywords: Sendable {
    var prefixItems: [SchemaNode.ID] = []
    var items: SchemaNode.ID?
    var contains: SchemaNode.ID?
    var minimumContains: Int?
    var maximumContains: Int?
    var minimumItems: Int?
    var maximumItems: Int?
    var hasUniqueItems = false
    var unevaluated: SchemaNode.ID?
}
