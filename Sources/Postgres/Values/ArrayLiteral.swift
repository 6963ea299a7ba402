/// The text form of one-dimensional arrays: `{1,NULL,"a \"quoted\" one"}`.
enum ArrayLiteral {
    /// Appends the literal of texts, each of them quoted.
    static func append(_ elements: [String], to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "{"))
        for (index, element) in elements.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            append(quoting: element, to: &bytes)
        }
        bytes.append(UInt8(ascii: "}"))
    }

    private static func append(quoting element: String, to bytes: inout [UInt8]) {
        // Room for a backslash before each byte, so that nothing has to grow on the way.
        let quoted = [UInt8](unsafeUninitializedCapacity: 2 * element.utf8.count + 2) { buffer, count in
            buffer[0] = UInt8(ascii: "\"")
            count = 1
            for byte in element.utf8 {
                if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                    buffer[count] = UInt8(ascii: "\\")
                    count += 1
                }
                buffer[count] = byte
                count += 1
            }
            buffer[count] = UInt8(ascii: "\"")
            count += 1
        }
        bytes += quoted
    }

    /// Appends the literal of integers.
    static func append(_ elements: [Int64], to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "{"))
        for (index, element) in elements.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(contentsOf: String(element).utf8)
        }
        bytes.append(UInt8(ascii: "}"))
    }

    /// Takes a literal apart.
    ///
    /// - Returns: The elements, `nil` for NULL; or `nil` if it is no one-dimensional array.
    static func elements(of text: UnsafeBufferPointer<UInt8>) -> [String?]? {
        // Bounds that do not start at 1 are written in front: "[0:1]={a,b}".
        var index = 0
        if text.first == UInt8(ascii: "[") {
            guard let equals = text.firstIndex(of: UInt8(ascii: "=")) else { return nil }
            index = equals + 1
        }
        guard index < text.count, text[index] == UInt8(ascii: "{"), text.last == UInt8(ascii: "}") else { return nil }
        index += 1
        let end = text.count - 1
        var elements: [String?] = []
        while index < end {
            guard let element = element(of: text, at: &index, end: end) else { return nil }
            elements.append(element)
            guard index < end else { break }
            // An element follows each comma.
            guard text[index] == UInt8(ascii: ","), index + 1 < end else { return nil }
            index += 1
        }
        return elements
    }

    /// Takes one element off; a `nil` inside is NULL, a `nil` outside is a literal that is not understood.
    private static func element(of text: UnsafeBufferPointer<UInt8>, at index: inout Int, end: Int) -> String?? {
        guard text[index] == UInt8(ascii: "\"") else {
            let start = index
            while index < end, text[index] != UInt8(ascii: ",") { index += 1 }
            let bare = text[start..<index]
            // A brace here is an array in the array.
            if bare.isEmpty || bare.contains(UInt8(ascii: "{")) { return nil }
            let element = String(decoding: bare, as: UTF8.self)
            return .some(element == "NULL" ? nil : element)
        }
        index += 1
        var bytes: [UInt8] = []
        while index < end, text[index] != UInt8(ascii: "\"") {
            if text[index] == UInt8(ascii: "\\") { index += 1 }
            guard index < end else { return nil }
            bytes.append(text[index])
            index += 1
        }
        guard index < end else { return nil }
        index += 1
        return .some(String(decoding: bytes, as: UTF8.self))
    }
}
