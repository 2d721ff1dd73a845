//! The mouse in a text.

use super::Editor;

/// Where a text was drawn last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shown {
    /// The column and row of its first cell on the screen.
    pub(crate) corner: (u16, u16),
    /// Its columns and rows on the screen.
    pub(crate) size: (u16, u16),
    /// The columns at which the text is broken.
    pub(crate) columns: usize,
    /// The column and row of the text in the first cell.
    pub(crate) scrolled: (usize, usize),
}

impl Editor {
    /// Notes where the text is drawn.
    pub(crate) fn show_at(&self, shown: Shown) {
        self.shown.set(Some(shown));
    }

    /// Moves the caret to a cell of the screen. With `marking`, selects the text between, if a click in the
    /// text began that; the cell may then be outside.
    pub(crate) fn point(&mut self, (column, row): (u16, u16), marking: bool) {
        let Some(shown) = self.shown.get().filter(|_| !self.hidden) else { return };
        let (left, top) = shown.corner;
        let (columns, rows) = shown.size;
        let is_inside =
            (left..left + columns).contains(&column) && (top..top + rows).contains(&row);
        if !marking {
            self.is_dragged = is_inside;
        }
        if !self.is_dragged {
            return;
        }
        let row = usize::from(row.clamp(top, top + rows.saturating_sub(1)) - top);
        let column = usize::from(column.clamp(left, left + columns) - left);
        let (scrolled_columns, scrolled_rows) = shown.scrolled;
        let all = self.rows(shown.columns);
        let to = self.layout(&all).at(row + scrolled_rows, column + scrolled_columns);
        self.top = scrolled_rows;
        self.go(to, marking);
        self.aim = None;
    }
}
