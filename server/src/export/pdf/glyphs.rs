//! Characters that no embedded font has. They would vanish or become something else; a box stands
//! for each of them instead, and the first page says so.

use serde_json::Value;
use typst::text::Font;

/// What stands for a character that cannot be shown.
const BOX: char = '□';

/// What the first page then says.
const NOTICE: &str = "□ stands for a character that the fonts of this file do not have. The Markdown \
                      file of the same report has them all.";

/// Replaces each of them in every text of a report.
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
