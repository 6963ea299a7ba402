/// A group of keywords behind a reference.
///
/// The groups have many fields, and a validation is a deep recursion: copies would fill the stack.
@dynamicMemberLookup
final class SharedKeywords<Group: Sendable>: Sendable {
    private let group: Group

    init(_ group: Group) {
        self.group = group
    }

    subscript<Value>(dynamicMember path: KeyPath<Group, Value>) -> Value {
        group[keyPath: path]
    }
}
