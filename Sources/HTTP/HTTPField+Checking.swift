public import HTTPTypes

extension HTTPField {
    /// Creates a field that is sent exactly as it is given.
    ///
    /// `HTTPField` turns what a value may not hold into spaces, and so hides a mistake or an attack.
    ///
    /// - Parameters:
    ///   - name: The field's name, a token of RFC 9110.
    ///   - value: The field's value: text without control characters other than the tab.
    /// - Throws: `HTTPClientError` with the code `invalidRequest`.
    public init(checking name: String, _ value: String) throws(HTTPClientError) {
        guard let name = Name(name) else {
            throw HTTPClientError(.invalidRequest, "a header's name is not a token")
        }
        // Line breaks would begin a new field, and NUL would end the string.
        guard value.utf8.allSatisfy({ ($0 >= 0x20 && $0 != 0x7F) || $0 == 0x09 }) else {
            throw HTTPClientError(.invalidRequest, "the value of the header \(name) contains a control character")
        }
        self.init(name: name, value: value)
    }
}

extension HTTPFields {
    /// The value of the first field with a name, whatever its case; nil if there is none.
    package func first(name: String) -> String? {
        HTTPField.Name(name).flatMap { self[values: $0].first }
    }
}
