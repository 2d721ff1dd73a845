//! What lies on top: the help, and the palette of all commands.

use super::keyboard;
use crate::{
    effect::Effect,
    keys::{self, Action, Binding, Context},
    model::{Model, Overlay, editor::Editor},
    view,
};

/// Opens the palette.
pub(super) fn open_palette(model: &mut Model) -> Vec<Effect> {
    model.overlay = Some(Overlay::Palette { query: Box::new(Editor::line("")), selected: 0 });
    Vec::new()
}

/// Does what a key means here.
pub(super) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::Back => model.overlay = None,
        Action::Confirm => return run(model),
        _ => scroll(model, action),
    }
    Vec::new()
}

/// Changes what is looked for.
pub(super) fn typed(model: &mut Model, with: impl FnOnce(&mut Editor) -> bool) -> Vec<Effect> {
    if let Some(Overlay::Palette { query, selected }) = &mut model.overlay
        && with(query)
    {
        *selected = 0;
    }
    Vec::new()
}

/// The commands of a context that a query finds.
pub(crate) fn commands(context: Context, query: &str) -> Vec<&'static Binding> {
    let words: Vec<String> = query.to_lowercase().split_whitespace().map(str::to_owned).collect();
    let found = |binding: &&Binding| {
        let text = format!("{} {}", binding.label, binding.help).to_lowercase();
        binding.action != Action::Palette && words.iter().all(|word| text.contains(word))
    };
    keys::bindings(context).filter(found).collect()
}

fn run(model: &mut Model) -> Vec<Effect> {
    let context = model.context_below();
    let Some(Overlay::Palette { query, selected }) = &model.overlay else {
        return Vec::new();
    };
    let chosen = commands(context, &query.text()).get(*selected).map(|binding| binding.action);
    model.overlay = None;
    chosen.map(|action| keyboard::act(model, context, action)).unwrap_or_default()
}

fn scroll(model: &mut Model, action: Action) {
    let last_help = view::help::last_scroll(model);
    let context = model.context_below();
    match &mut model.overlay {
        Some(Overlay::Help { scroll }) => {
            *scroll = keyboard::scrolled(*scroll, last_help, 10, action);
        }
        Some(Overlay::Palette { query, selected }) => {
            let last = commands(context, &query.text()).len().saturating_sub(1);
            *selected = keyboard::scrolled(*selected, last, 10, action);
        }
        Some(Overlay::LocalModels | Overlay::Note(_)) | None => {}
    }
}
