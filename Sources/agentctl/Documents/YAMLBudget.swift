/// How much a YAML file may expand to.
final class YAMLBudget {
    /// How deep mappings and lists may nest.
    static let maximumDepth = 128
    /// How many values a file may hold, those that aliases repeat included.
    static let maximumValues = 200_000

    private var left = maximumValues

    /// Counts one value.
    ///
    /// - Returns: Whether it was within the limit.
    func spend() -> Bool {
        left -= 1
        return left >= 0
    }
}
