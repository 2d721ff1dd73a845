//! The effects of time: the stopwatch of an answer, drafts to save, messages that disappear, a
//! server to retry.

use jiff::Timestamp;

use super::{draft_rules, ending, link, preview, start};
use crate::{effect::Effect, keys::Context, model::Model};

/// The longest step of the stopwatch. A longer one means that the machine or the app was suspended.
const LONGEST_STEP_MS: i64 = 2_000;
/// How long Ctrl+C waits for a second press.
const LEAVING_MS: i64 = 2_000;

/// Moves the model's clock, and the stopwatch of the answer being written.
pub(super) fn pass(model: &mut Model, now: Timestamp) {
    let step = now.as_millisecond() - model.now.as_millisecond();
    model.now = now;
    if !matches!(model.context(), Context::Writing | Context::Confirm) {
        return;
    }
    if let Some(open) = &mut model.open
        && let Some(question) = open.question().map(|question| question.id)
        && (0..=LONGEST_STEP_MS).contains(&step)
    {
        *open.elapsed.entry(question).or_default() += step;
    }
}

/// Handles what is due.
pub(super) fn due(model: &mut Model) -> Vec<Effect> {
    let now = model.now;
    model.notice.take_if(|notice| notice.is_over(now));
    let waited = |since: &mut Timestamp| now.as_millisecond() - since.as_millisecond();
    model.leaving.take_if(|since| waited(since) >= LEAVING_MS);
    let mut effects = draft_rules::save_due(model);
    effects.extend(link::retry_due(model));
    effects.extend(preview::due(model));
    effects.extend(start::due(model));
    effects.extend(ending::due(model));
    effects
}
