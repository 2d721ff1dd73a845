//! The keys for editing text. They are not in the table, because what they do depends only on the
//! text; `model/editor/keys.rs` handles them.

/// Keys, and what they do in a text.
pub(crate) const TYPING: &[(&str, &str)] = &[
    ("← → ↑ ↓", "Move the cursor; with Shift, select text"),
    ("Ctrl+←, Alt+B", "To the previous word"),
    ("Ctrl+→, Alt+F", "To the next word"),
    ("Home, Ctrl+A", "To the start of the row"),
    ("End", "To the end of the row"),
    ("Ctrl+Home, Ctrl+End", "To the start or the end of the text"),
    ("Ctrl+W, Ctrl+Backspace", "Delete the previous word"),
    ("Ctrl+Delete", "Delete the next word"),
    ("Ctrl+U", "Delete to the start of the row, then the row above"),
    ("Ctrl+K", "Delete to the end of the row, then the line break"),
];
