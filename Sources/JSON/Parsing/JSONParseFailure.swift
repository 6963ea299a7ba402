/// A failure as the parser throws it, before its line and column are looked for.
struct JSONParseFailure: Error {
    var code: JSONParseError.Code
    var message: String
    var offset: Int
}
