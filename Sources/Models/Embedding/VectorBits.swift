/// A vector as it is searched: centered, of length 1, and as bits.
///
/// What all texts have in common, the center of their space, is subtracted first: without that, the vectors of many
/// models point almost the same way, and their signs say little.
package struct VectorBits: Sendable, Hashable {
    /// The vector without the center, of length 1.
    package let embedding: [Float]

    /// Thresholds of a dimension: how far they reach, as multiples of what a coordinate is on average.
    private static let steps = -7...7
    private static let reach: Float = 3.8 / 14

    /// Makes the bits of a vector.
    ///
    /// - Parameters:
    ///   - vector: The vector, of any length but 0.
    ///   - center: The center of its space, of as many dimensions.
    package init(_ vector: [Float], around center: [Float]) {
        embedding = Self.unit(zip(Self.unit(vector), center).map { $0 - $1 })
    }

    /// A bit a dimension, 1 for positive, as PostgreSQL writes bits.
    package var signs: String { bits { $0 > 0 } }

    /// For each of 15 thresholds, the lowest first, a bit a dimension: whether it passes the threshold.
    ///
    /// How many of these bits of two vectors differ says how similar they are.
    package var levels: String {
        let unit = Self.reach / Float(embedding.count).squareRoot()
        return Self.steps.reduce(into: "") { text, step in
            let threshold = Float(step) * unit
            text += bits { $0 > threshold }
        }
    }

    /// The center of a space.
    ///
    /// - Parameter vectors: The vectors of sample texts, all of the same number of dimensions; at least one.
    /// - Returns: The mean of what they are at length 1.
    package static func center(of vectors: [[Float]]) -> [Float] {
        guard let first = vectors.first else { return [] }
        let sum = vectors.map(unit).reduce([Double](repeating: 0, count: first.count)) { sum, vector in
            zip(sum, vector).map { $0 + Double($1) }
        }
        return sum.map { Float($0 / Double(vectors.count)) }
    }

    private func bits(_ isSet: (Float) -> Bool) -> String {
        String(decoding: embedding.map { isSet($0) ? UInt8(ascii: "1") : UInt8(ascii: "0") }, as: UTF8.self)
    }

    private static func unit(_ vector: [Float]) -> [Float] {
        let length = vector.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
        return vector.map { Float(Double($0) / max(length, 1e-9)) }
    }
}
