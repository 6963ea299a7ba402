/// A version of a block: what stands in a text that agents always have before them.
package struct BlockVersion: Sendable, Hashable {
    /// The name by which agents know it.
    package let label: String
    /// Counts from 1; each edit is one more.
    package let version: Int
    /// What stands in it.
    package let value: String
    /// What it is for; empty for nothing.
    package let description: String
    /// Most characters.
    package let limit: Int
    /// Whether only people may edit it.
    package let isReadOnly: Bool

    package init(
        label: String,
        version: Int,
        value: String,
        description: String = "",
        limit: Int,
        isReadOnly: Bool = false
    ) {
        self.label = label
        self.version = version
        self.value = value
        self.description = description
        self.limit = limit
        self.isReadOnly = isReadOnly
    }
}

/// A version of a block, and where a conversation has been shown it.
package struct ShownBlock: Sendable, Hashable {
    /// The number of the message that it stands before; nil for that of the turn that is running.
    package let message: Int64?
    /// Whether the turn saw it as the output of its own edit, and not before a message.
    package let isEdit: Bool
    /// What was shown.
    package let block: BlockVersion

    package init(message: Int64?, isEdit: Bool = false, block: BlockVersion) {
        self.message = message
        self.isEdit = isEdit
        self.block = block
    }
}
