//! Lays long texts out once instead of for each frame: the last results are remembered by their
//! input. The same text still gives the same lines, only faster.

use std::{
    cell::RefCell,
    collections::VecDeque,
    hash::{DefaultHasher, Hash, Hasher as _},
};

use ratatui::text::Line;

/// How many results are remembered: as many as a screen needs.
const KEPT: usize = 8;

type Lines = Vec<Line<'static>>;

thread_local! {
    static LAID: RefCell<VecDeque<(u64, Lines)>> = const { RefCell::new(VecDeque::new()) };
}

/// Returns the result of `lay`, which must depend on `text` alone.
pub(crate) fn lines(text: impl Hash, lay: impl FnOnce() -> Lines) -> Lines {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    let key = hasher.finish();
    let known = LAID.with_borrow(|laid| {
        laid.iter().find(|(known, _)| *known == key).map(|(_, lines)| lines.clone())
    });
    if let Some(lines) = known {
        return lines;
    }
    let lines = lay();
    LAID.with_borrow_mut(|laid| {
        laid.truncate(KEPT - 1);
        laid.push_front((key, lines.clone()));
    });
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_laid_out_once_until_it_changes() {
        let mut times = 0;
        for (text, columns) in [("one", 10), ("one", 10), ("one", 20), ("two", 20), ("one", 10)] {
            let laid = lines((text, columns), || {
                times += 1;
                vec![Line::raw(text)]
            });
            assert_eq!(laid[0].to_string(), text);
        }
        assert_eq!(times, 3);
    }
}
