//! The keys for editing text. They are not in the table, because what they do depends only on the
//! text; `model/editor/keys.rs` and, for vim's keys, `model/editor/vim.rs` handle them.

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

/// The keys of vim, and what they do once Esc has left insert mode.
pub(crate) const VIM: &[(&str, &str)] = &[
    ("h j k l", "Left, down, up, right; j and k by the row as shown"),
    ("w, b, e", "To the next word, the previous word, the end of the word"),
    ("0, $, gg, G", "To the start or end of the line, to the first or last line"),
    ("i, I, a, A, o, O", "Type here, at the line's start, after, at its end, below, above"),
    ("d, c, y with a move", "Delete, replace or copy; dd, cc, yy the line; D, C to its end"),
    ("x, p", "Delete the character; put what was deleted or copied"),
    ("v", "Select by moving; then d, c, y or p"),
    ("u, Ctrl+R", "Undo, redo"),
    ("Esc", "End the command or the selection; then leave the text"),
];
