/// Which items of an array, or members of an object, subschemas have evaluated.
///
/// Only `unevaluatedItems` and `unevaluatedProperties` ask for it; elsewhere nothing is kept.
struct EvaluatedPositions {
    let isTracked: Bool
    private var coversAll = false
    private var words: [UInt64] = []

    init(isTracked: Bool) {
        self.isTracked = isTracked
    }

    func contains(_ position: Int) -> Bool {
        coversAll || position >> 6 < words.count && words[position >> 6] & (1 << UInt64(position & 63)) != 0
    }

    mutating func insert(_ position: Int) {
        guard isTracked, !coversAll else { return }
        while words.count <= position >> 6 { words.append(0) }
        words[position >> 6] |= 1 << UInt64(position & 63)
    }

    mutating func insertAll() {
        guard isTracked else { return }
        coversAll = true
        words = []
    }

    mutating func formUnion(_ other: EvaluatedPositions) {
        guard isTracked, !coversAll else { return }
        if other.coversAll { return insertAll() }
        while words.count < other.words.count { words.append(0) }
        for (index, word) in other.words.enumerated() { words[index] |= word }
    }
}
