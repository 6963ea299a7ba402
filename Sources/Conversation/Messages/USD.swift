/// Amounts of money in USD, as the database keeps them: with ten digits after the point.
package enum USD {
    private static let scale = 1e10

    /// The amount without what adding fractions of two leaves behind: 0.3, and not 0.30000000000000004.
    package static func rounded(_ amount: Double) -> Double {
        let scaled = (amount * scale).rounded()
        // Beyond that a double has fewer digits than ten after the point.
        return abs(scaled) < 9e15 ? scaled / scale : amount
    }
}
