import Conversation
import Models

extension CompactionSource {
    /// What the model is shown now for what would be summarized, in bytes.
    package var bytes: Int {
        messages.estimatedBytes + (summary.map { ContextManager.message(summary: $0).estimatedBytes } ?? 0)
    }
}
