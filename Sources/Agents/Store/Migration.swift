/// One numbered file of the schema.
public struct Migration: Sendable, Hashable {
    /// The number that its name begins with.
    public let number: Int
    /// The file's name: `0001_definitions.sql`.
    public let name: String
    /// The SQL text.
    public let text: String

    /// A migration.
    ///
    /// - Parameters:
    ///   - name: The file's name, which begins with its number.
    ///   - text: The SQL text.
    /// - Returns: nil when the name does not begin with a number.
    public init?(name: String, text: String) {
        guard let number = Int(name.prefix { $0.isNumber }) else { return nil }
        self.number = number
        self.name = name
        self.text = text
    }

    /// The migrations that travel inside the program, in order of number.
    public static let embedded: [Migration] = EmbeddedFile.all(in: "migrations")
        .compactMap { Migration(name: $0.name, text: $0.text) }
        .sorted { $0.number < $1.number }
}
