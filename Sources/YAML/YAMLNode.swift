/// A value of a YAML document, as it was written: scalars are text that nothing has been made of.
package struct YAMLNode: Sendable {
    /// What a node holds.
    ///
    /// Aliases are replaced by the nodes that they refer to.
    package enum Content: Sendable {
        case scalar(String, style: ScalarStyle)
        case sequence([YAMLNode], isFlow: Bool)
        /// The entries in the order of the text. No two keys are scalars of the same text.
        case mapping([Entry], isFlow: Bool)
    }

    /// One key of a mapping and its value.
    package struct Entry: Sendable {
        package let key: YAMLNode
        package let value: YAMLNode

        package init(key: YAMLNode, value: YAMLNode) {
            self.key = key
            self.value = value
        }
    }

    /// How a scalar is written.
    package enum ScalarStyle: Sendable {
        /// When writing: plain where the text allows it, otherwise in quotes.
        case any
        case plain
        case singleQuoted
        case doubleQuoted
        /// After `|`: lines are kept.
        case literal
        /// After `>`: lines are joined.
        case folded
    }

    package let content: Content
    /// The tag in its long form (`tag:yaml.org,2002:str`); empty when the text has none.
    package let tag: String
    /// Where the node begins; nil when it was not read from a text.
    package let mark: YAMLMark?

    package init(_ content: Content, tag: String = "", mark: YAMLMark? = nil) {
        self.content = content
        self.tag = tag
        self.mark = mark
    }

    /// The text of a scalar.
    package var scalar: String? {
        if case .scalar(let text, _) = content { text } else { nil }
    }

    /// Whether the node is a scalar without quotes.
    package var isPlain: Bool {
        if case .scalar(_, .plain) = content { true } else { false }
    }
}

/// A place in a YAML text.
package struct YAMLMark: Sendable, Hashable {
    /// The line, from 1.
    package let line: Int
    /// The column in Unicode scalars, from 1.
    package let column: Int
}
