/// How text looks on a terminal.
enum TextStyle: String {
    case bold = "1"
    case dim = "2"
    case red = "31"
    case green = "32"
    case yellow = "33"
    case cyan = "36"
}

extension TextStream {
    /// The text in a style, where the stream shows colours.
    func styled(_ text: String, _ style: TextStyle) -> String {
        hasColour && !text.isEmpty ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
    }
}
