//! Characters that no embedded font has. They would vanish or change, so each is replaced by a box,
//! and the first page says so.

use serde_json::Value;
use typst::text::Font;

/// What replaces a character that cannot be shown.
const BOX: char = '□';

/// The notice on the first page.
const NOTICE: &str = "□ replaces a character that the fonts of this file do not have. The Markdown \
                      file of the same report has them all.";

/// Replaces such characters in every text of a report.
pub(super) fn replace_missing(report: &mut Value, fonts: &[Font]) {
    let mut replaced = false;
    walk(report, &mut |text| {
        if text.chars().all(|c| is_known(c, fonts)) {
            return;
        }
        replaced = true;
        *text = text.chars().map(|c| if is_known(c, fonts) { c } else { BOX }).collect();
    });
    if replaced && let Some(notices) = report.get_mut("notices").and_then(Value::as_array_mut) {
        notices.push(NOTICE.into());
    }
}

fn is_known(c: char, fonts: &[Font]) -> bool {
    c == '\n' || fonts.iter().any(|font| font.info().coverage.contains(u32::from(c)))
}

fn walk(value: &mut Value, each: &mut impl FnMut(&mut String)) {
    match value {
        Value::String(text) => each(text),
        Value::Array(list) => list.iter_mut().for_each(|value| walk(value, each)),
        Value::Object(map) => map.values_mut().for_each(|value| walk(value, each)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
