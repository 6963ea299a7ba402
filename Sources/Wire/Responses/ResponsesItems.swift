/// The items of an answer that are done, each of them once.
///
/// Gateways number the items of a stream as they like: several with the same number, or others than in the whole answer. So
/// the number only says where an item stands, and two items are the same if they have the same id or say the same there.
struct ResponsesItems: Sendable {
    private var entries: [(place: Int64, output: ResponsesOutput)] = []
    /// How many are calls of tools.
    private(set) var callCount = 0
    /// Bytes of all items, as JSON.
    private(set) var size = 0
    /// The place after the last one.
    private(set) var nextPlace: Int64 = 0

    /// How many there are.
    var count: Int { entries.count }

    /// The items in their order.
    var list: [ResponsesOutput] {
        entries.enumerated()
            .sorted { ($0.element.place, $0.offset) < ($1.element.place, $1.offset) }
            .map(\.element.output)
    }

    /// Takes an item.
    ///
    /// - Returns: Whether it was not there yet.
    mutating func add(_ output: ResponsesOutput, at place: Int64) -> Bool {
        let known = entries.firstIndex { $0.output.isSame(as: output, atSamePlace: $0.place == place) }
        size += output.size
        if let known {
            size -= entries[known].output.size
            entries[known].output = output
            return false
        }
        entries.append((place, output))
        if output.isCall { callCount += 1 }
        if place >= nextPlace { nextPlace = place == .max ? place : place + 1 }
        return true
    }

    /// Takes the items of the whole answer in the place of all others.
    mutating func replace(with outputs: [ResponsesOutput]) {
        entries = outputs.enumerated().map { (Int64($0.offset), $0.element) }
        callCount = outputs.count(where: \.isCall)
        size = outputs.reduce(0) { $0 + $1.size }
        nextPlace = Int64(outputs.count)
    }
}
