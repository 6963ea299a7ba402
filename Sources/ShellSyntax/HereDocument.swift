/// A here-document that was announced and whose text follows the line.
struct HereDocument {
    /// The line that ends it.
    let delimiter: [UInt8]

    /// Whether tabs at the beginning of its lines do not count.
    let stripsTabs: Bool

    /// Whether substitutions in its text are carried out.
    let isExpanded: Bool
}
