//! Asks what the form for a new interview would get, once it rests, and takes in what comes.

use viva_proto::v1::{CreateInterviewRequest, Level, PreviewInterviewResponse};

use super::link;
use crate::{effect::Effect, model::Model, problem::Problem};

/// Asks, when it is time.
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

/// Takes in a reply. Without one the form works as well, so a problem is none here.
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
        // "Senior Rust engineer" is for seniors, until somebody chooses another level.
        let named = Some(named).filter(|named| *named != Level::Unspecified);
        form.level = named.or(form.last_level).unwrap_or(level);
    }
    effects
}
