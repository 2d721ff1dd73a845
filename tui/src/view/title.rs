//! The title of the terminal's window: what you are doing, short enough for a tab.

use super::{ascii, wrap};
use crate::{
    model::{Model, Screen},
    text::neutral_line,
};

/// The most characters in a title.
const MOST: usize = 60;

/// Returns the title of the window.
pub(crate) fn title(model: &Model) -> String {
    let open = model.open.as_ref().filter(|open| open.report.is_some());
    let role = open.and_then(|open| open.report.as_ref()).map(|report| neutral_line(&report.role));
    let what = match (model.screen, open, role) {
        (Screen::Interview, Some(open), Some(role)) => {
            format!("{}/{} {role}", open.current + 1, open.questions().len())
        }
        (Screen::Report, Some(open), Some(role)) if open.is_sample => format!("sample · {role}"),
        (Screen::Report, _, Some(role)) => format!("report · {role}"),
        (Screen::NewInterview, ..) => "new interview".to_owned(),
        (Screen::Review, ..) => "review".to_owned(),
        (Screen::Settings, ..) => "settings".to_owned(),
        _ => match model.being_evaluated() {
            0 => String::new(),
            pending => format!("{pending} being evaluated"),
        },
    };
    let title = if what.is_empty() { "viva".to_owned() } else { format!("viva · {what}") };
    let title = wrap::fit(&title, MOST);
    if model.look.ascii { ascii::plain(&title) } else { title }
}
