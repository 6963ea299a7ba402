/// A JSON object: members in their order, each key once.
///
/// Small objects are searched from the front. From ``indexThreshold`` members on an index is kept, hashed with the
/// process's random seed, so that neither size nor chosen keys make look-ups slow.
public struct JSONObject: Sendable {
    /// A key and its value.
    public struct Member: Sendable, Hashable {
        /// The key.
        public let key: String

        /// The value.
        public var value: JSONValue

        /// Makes a member.
        public init(key: String, value: JSONValue) {
            self.key = key
            self.value = value
        }

        /// Whether both the keys (by code points) and the values are equal.
        public static func == (left: Member, right: Member) -> Bool {
            left.key.hasSameBytes(as: right.key) && left.value == right.value
        }

        /// Feeds key and value to a hasher.
        public func hash(into hasher: inout Hasher) {
            key.hashBytes(into: &hasher)
            hasher.combine(value)
        }
    }

    static let indexThreshold = 16

    private var members: [Member] = []
    private var positions: [JSONObjectKey: Int]?

    /// Makes an empty object.
    public init() {}

    /// Makes an object of keys and values in their order.
    ///
    /// - Parameter members: The members; of those with the same key the last value counts, in the first one's place.
    public init(_ members: some Sequence<(String, JSONValue)>) {
        self.members.reserveCapacity(members.underestimatedCount)
        for (key, value) in members { self[key] = value }
    }

    /// The value of the member with a key.
    ///
    /// Setting it changes the member in its place or appends a new one; setting `nil` removes it.
    public subscript(key: String) -> JSONValue? {
        get {
            position(of: key).map { members[$0].value }
        }
        set {
            switch (position(of: key), newValue) {
            case (let position?, let value?): members[position].value = value
            case (let position?, nil): remove(at: position)
            case (nil, let value?): append(Member(key: key, value: value))
            case (nil, nil): break
            }
        }
    }

    /// The keys in their order.
    public var keys: [String] {
        members.map(\.key)
    }

    /// Where the member with a key is.
    public func position(of key: String) -> Int? {
        if let positions { return positions[JSONObjectKey(key)] }
        return firstPosition(of: key)
    }

    /// Searches from the front, without copying members.
    private func firstPosition(of key: String) -> Int? {
        let length = key.utf8.count
        return members.withUnsafeBufferPointer { members in
            members.indices.first { members[$0].key.utf8.count == length && members[$0].key.hasSameBytes(as: key) }
        }
    }

    /// Appends a member unless its key is there already.
    ///
    /// - Returns: Whether the member was appended.
    mutating func appendIfNew(_ member: Member) -> Bool {
        if positions != nil {
            // One look-up of the hash, not two.
            let found = positions?.updateValue(members.count, forKey: JSONObjectKey(member.key))
            if let found {
                positions?[JSONObjectKey(member.key)] = found
                return false
            }
            members.append(member)
            return true
        }
        if firstPosition(of: member.key) != nil { return false }
        append(member)
        return true
    }

    private mutating func append(_ member: Member) {
        members.append(member)
        if positions != nil {
            positions?[JSONObjectKey(member.key)] = members.count - 1
        } else if members.count >= Self.indexThreshold {
            index()
        }
    }

    private mutating func remove(at position: Int) {
        members.remove(at: position)
        if members.count >= Self.indexThreshold { index() } else { positions = nil }
    }

    private mutating func index() {
        positions = Dictionary(
            members.enumerated().map { (JSONObjectKey($0.element.key), $0.offset) },
            uniquingKeysWith: { first, _ in first }
        )
    }
}

extension JSONObject: RandomAccessCollection {
    /// The position of the first member.
    public var startIndex: Int { 0 }

    /// The position after the last member.
    public var endIndex: Int { members.count }

    /// The member at a position.
    public subscript(position: Int) -> Member { members[position] }
}

extension JSONObject: Hashable {
    /// Whether two objects have equal members, in whatever order.
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        guard left.count == right.count else { return false }
        if zip(left.members, right.members).allSatisfy({ $0.key.hasSameBytes(as: $1.key) }) {
            return zip(left.members, right.members).allSatisfy { $0.value == $1.value }
        }
        return left.members.allSatisfy { right[$0.key] == $0.value }
    }

    /// Feeds the members to a hasher, whatever their order.
    public func hash(into hasher: inout Hasher) {
        var sum = 0
        for member in members { sum &+= member.hashValue }
        hasher.combine(members.count)
        hasher.combine(sum)
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    /// Makes an object; of members with the same key the last one counts.
    public init(dictionaryLiteral members: (String, JSONValue)...) {
        self.init(members)
    }
}
