//! The fields of the form that need more than keys: topics, which are found as you type, and the
//! job advert, which may be in a file.

use crate::{
    effect::Effect,
    model::{
        Model,
        new_interview::{Field, NewInterview},
    },
    problem::Problem,
    update::draft_rules,
    words,
};

/// Selects or deselects the topic at the cursor, and clears the typed text.
pub(super) fn toggle(model: &mut Model) {
    let Some((form, found)) = form(model) else { return };
    let Some(topic) = found.into_iter().nth(form.topic) else { return };
    if !form.wanted_topic.is_blank() {
        form.wanted_topic.replace("");
        form.topic = 0;
    }
    if !form.topics.remove(&topic) {
        form.topics.insert(topic);
    }
    form.faults.remove(&Field::Topics);
    form.is_touched = true;
    form.template = None;
}

/// Moves to the next or previous topic.
pub(super) fn step(model: &mut Model, forward: bool) {
    let Some((form, found)) = form(model) else { return };
    let to = if forward { form.topic + 1 } else { form.topic.saturating_sub(1) };
    form.topic = to.min(found.len().saturating_sub(1));
}

/// Moves to the topic in the row above or below or, past the edge, to another field.
pub(super) fn step_row(model: &mut Model, down: bool) {
    let columns = (model.measures.topic_columns)(model);
    let Some((form, found)) = form(model) else { return };
    let to = if down { form.topic.checked_add(columns) } else { form.topic.checked_sub(columns) };
    match to.filter(|to| *to < found.len()) {
        Some(to) => form.topic = to,
        None => form.step(down),
    }
}

fn form(model: &mut Model) -> Option<(&mut NewInterview, Vec<String>)> {
    let templates = model.templates.as_deref().unwrap_or_default();
    let form = model.form.as_mut().filter(|form| form.field == Field::Topics)?;
    let found = form.topics_found(templates);
    Some((form, found))
}

/// Reads the file whose path is in the advert's field.
pub(super) fn read_file(model: &mut Model) -> Vec<Effect> {
    let Some(form) = &mut model.form else { return Vec::new() };
    let path = form.advert.text().trim().to_owned();
    if path.is_empty() || path.contains('\n') {
        let fault = "Write the path of a file here, and nothing else, to read the file";
        form.faults.insert(Field::Advert, fault.to_owned());
        return Vec::new();
    }
    vec![Effect::ReadAdvert(path)]
}

/// Uses the text of a file, unless the field was changed meanwhile.
pub(in crate::update) fn file_read(
    model: &mut Model,
    path: &str,
    text: Result<String, Problem>,
) -> Vec<Effect> {
    let Some(form) = model.form.as_mut().filter(|form| form.advert.text().trim() == path) else {
        return Vec::new();
    };
    match text {
        Ok(text) => {
            form.faults.remove(&Field::Advert);
            form.advert.replace(&text);
            form.is_touched = true;
            let words = words::count(words::word_count(&text), "word");
            draft_rules::advert_changed(model);
            model.tell(format!("Read {words}."));
        }
        Err(problem) => {
            form.faults.insert(Field::Advert, problem.message);
        }
    }
    Vec::new()
}
