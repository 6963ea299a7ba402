/// Why an expression has no value.
struct CalculatorError: Error, Hashable {
    /// The character at which it goes wrong, counted from 1; nil if it is about the whole.
    package let position: Int?

    /// What is wrong, as a sentence without its full stop.
    package let message: String

    /// The message with the place.
    package var text: String {
        position.map { "\(message) (at character \($0))" } ?? message
    }
}
