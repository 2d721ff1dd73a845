//! What depends on the drawn screen: how many rows a list has, how far a text scrolls, how wide a
//! text box is. `view` provides these functions, so that `update` need not use it.

use super::{Model, editor::Room, open::Page};
use crate::keys::Context;

/// Questions about the screen as it is drawn.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Measures {
    /// How many interviews fit into the list.
    pub(crate) list_rows: fn(&Model) -> usize,
    /// How many marked questions fit into their list.
    pub(crate) marks_rows: fn(&Model) -> usize,
    /// How many of the form's topics are side by side.
    pub(crate) topic_columns: fn(&Model) -> usize,
    /// The last line that the help can be scrolled to.
    pub(crate) help_end: fn(&Model) -> usize,
    /// The last line that the question, or the answer in front, can be scrolled to.
    pub(crate) interview_end: fn(&Model) -> usize,
    /// The last line that the report can be scrolled to.
    pub(crate) report_end: fn(&Model) -> usize,
    /// How many lines PageDown scrolls the report by.
    pub(crate) report_page: fn(&Model) -> usize,
    /// Where a page of the report begins.
    pub(crate) report_page_start: fn(&Model, Page) -> usize,
    /// The report's text below its head.
    pub(crate) report_text: fn(&Model) -> String,
    /// The size of the box for a text of several lines; `None` in contexts without one.
    pub(crate) room: fn(&Model, Context) -> Option<Room>,
}
