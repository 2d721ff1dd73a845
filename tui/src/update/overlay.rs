//! What is on top of the screen: the help and the palette.

use super::{keyboard, palette};
use crate::{
    effect::Effect,
    keys::Action,
    model::{Model, Overlay, editor::Editor, palette::found},
};

/// Carries out an action in the overlay.
pub(super) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::Back if matches!(model.overlay, Some(Overlay::Palette { .. })) => {
            palette::close(model);
        }
        Action::Back => model.overlay = None,
        Action::Confirm => return palette::run(model),
        _ => scroll(model, action),
    }
    Vec::new()
}

/// Changes the search text.
pub(super) fn typed(model: &mut Model, with: impl FnOnce(&mut Editor) -> bool) -> Vec<Effect> {
    if let Some(Overlay::Palette { query, selected, .. }) = &mut model.overlay
        && with(query)
    {
        *selected = 0;
    }
    Vec::new()
}

fn scroll(model: &mut Model, action: Action) {
    let last_help = (model.measures.help_end)(model);
    let last_found = match &model.overlay {
        Some(Overlay::Palette { query, .. }) => found(model, &query.text()).len().saturating_sub(1),
        _ => 0,
    };
    match &mut model.overlay {
        Some(Overlay::Help { scroll }) => {
            *scroll = keyboard::scrolled(*scroll, last_help, 10, action);
        }
        Some(Overlay::Palette { selected, .. }) => {
            *selected = keyboard::scrolled(*selected, last_found, 10, action);
        }
        Some(
            Overlay::LocalModels
            | Overlay::Note(_)
            | Overlay::Practise { .. }
            | Overlay::Challenge(_),
        )
        | None => {}
    }
}
