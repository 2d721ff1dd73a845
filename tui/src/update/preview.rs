//! Requests a preview when the form for a new interview is left unchanged, and handles it.

use viva_proto::v1::{CreateInterviewRequest, Level, PreviewInterviewResponse};

use super::link;
use crate::{effect::Effect, model::Model, problem::Problem};

/// Requests a preview, when it is time.
pub(super) fn due(model: &mut Model) -> Vec<Effect> {
    let now = model.now;
    let Some(form) = &mut model.form else { return Vec::new() };
    if form.sending_since.is_some() {
        form.preview.hold();
        return Vec::new();
    }
    let request = form.request(model.templates.as_deref().unwrap_or_default());
    let asked = form.preview.due(request, now);
    asked.map(|request| Effect::Preview(Box::new(request))).into_iter().collect()
}

/// Handles a preview. The form works without one, so a problem is ignored.
pub(super) fn take(
    model: &mut Model,
    request: &CreateInterviewRequest,
    reply: Result<Box<PreviewInterviewResponse>, Problem>,
) -> Vec<Effect> {
    let effects = link::heard(model, &reply);
    let (Some(form), Ok(reply)) = (&mut model.form, reply) else {
        return effects;
    };
    let (level, named) = (reply.level(), reply.role_level());
    if form.preview.take(request, *reply) && !form.is_level_chosen {
        // "Senior Rust engineer" is for seniors, unless the user chose another level.
        let named = Some(named).filter(|named| *named != Level::Unspecified);
        form.level = named.or(form.last_level).unwrap_or(level);
    }
    effects
}
