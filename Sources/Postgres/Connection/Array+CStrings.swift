import Glibc

extension [String] {
    /// Lends the texts to `body` as a NULL-terminated array of C strings.
    func withCStrings<Result>(_ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Result) -> Result {
        let copies = map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        let pointers = copies.map { UnsafePointer($0) } + [nil]
        return pointers.withUnsafeBufferPointer { pointers in
            // Never empty, so there is a base address.
            withUnsafePointer(to: nil) { empty in body(pointers.baseAddress ?? empty) }
        }
    }
}
