//! One palette for everything, from everywhere.

use crate::{
    drafts::DraftId,
    effect::Effect,
    keys::Context,
    model::{Overlay, Screen, ThemeName, palette::found, preferences::Setting},
    msg::Reply,
    testing::{Script, data},
};

fn names(script: &Script, query: &str) -> Vec<String> {
    found(&script.model, query).into_iter().map(|(entry, _)| entry.name).collect()
}

#[test]
fn letters_find_commands_screens_interviews_templates_and_themes() {
    let mut script = Script::at_dashboard(data::history());
    script.press("ctrl-p");
    assert_eq!(script.effects(), [Effect::LoadTemplates]);
    script.reply(Reply::Templates(Ok(data::templates())));
    for (query, first) in [
        ("rprt", "Read the report"),
        ("starred", "Go to starred and noted questions"),
        ("gotonew", "Go to a new interview"),
        ("sre mid", "Site reliability engineer · mid · Fri 20 Nov"),
        ("start systems", "Start Systems engineer · senior"),
        ("gruv", "Theme: Gruvbox dark"),
    ] {
        assert_eq!(names(&script, query)[0], first, "{query}");
    }
    assert!(names(&script, "zzz").is_empty());
}

#[test]
fn a_chosen_theme_is_saved() {
    let mut script = Script::in_interview(data::begun());
    script.press("ctrl-p").types("catpp").quietly().press("enter");
    assert_eq!(script.model.look.theme, ThemeName::Catppuccin);
    assert_eq!(
        script.effects(),
        [Effect::KeepSetting { setting: Setting::Theme, value: Some("catppuccin".into()) }]
    );
    assert_eq!(script.model.context(), Context::Writing);
}

#[test]
fn it_leads_anywhere_from_the_middle_of_an_answer_and_keeps_the_text() {
    let mut script = Script::in_interview(data::begun());
    script.list(data::history());
    script.types("half an answer").press("ctrl-p").types("data eng");
    script.quietly().press("enter");
    let open = script.model.open.as_ref().unwrap();
    assert_eq!((open.id, script.model.screen), (5, Screen::Report));
    let id = DraftId { interview: 7, question: 72 };
    assert_eq!(script.model.drafts.by_id[&id].text, "half an answer");
    let saves = |effect: &Effect| matches!(effect, Effect::SaveDraft(draft) if draft.id == id);
    assert!(script.effects().iter().any(saves));
}

#[test]
fn it_opens_and_closes_over_a_note_and_keeps_the_note() {
    let mut script = Script::in_interview(data::begun());
    script.press("f7").types("for later").press("ctrl-p");
    assert_eq!(script.model.context(), Context::Palette);
    script.press("ctrl-p");
    let Some(Overlay::Note(note)) = &script.model.overlay else { panic!("the note is gone") };
    assert_eq!(note.editor.text(), "for later");
}

#[test]
fn a_template_of_the_palette_fills_the_form() {
    let mut script = Script::in_report(data::finished(), 2);
    script.press("ctrl-p").reply(Reply::Templates(Ok(data::templates())));
    script.types("start systems").press("enter");
    assert_eq!(script.model.screen, Screen::NewInterview);
    assert_eq!(script.model.form.as_ref().unwrap().role.text(), "Systems engineer");
}
