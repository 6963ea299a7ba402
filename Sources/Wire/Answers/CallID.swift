/// An id of a call, of the form that most servers know.
///
/// - Parameter prefix: What it begins with.
package func randomCallID(_ prefix: String = "call_") -> String {
    let characters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
    return prefix + String((0..<24).map { _ in characters[Int.random(in: characters.indices)] })
}
