//! The settings screen, and the window's title.

use insta::assert_snapshot;

use crate::{
    testing::{Script, data},
    view::title::title,
};

fn settings() -> Script {
    let mut script = Script::at_dashboard(data::history());
    script.model.preferences.file = "/home/ana/.config/viva/config.toml".into();
    script.model.preferences.usual_editor = Some("vi".into());
    script.press(",");
    script
}

#[test]
fn the_settings() {
    let mut script = settings();
    let screens =
        [(80, 24), (60, 16), (120, 40)].map(|(columns, rows)| script.screen(columns, rows));
    assert_snapshot!(screens.join("\n"));
}

#[test]
fn the_settings_with_an_editor_being_typed() {
    let mut script = settings();
    script.model.preferences.fixed.insert("VIVA_EDITOR");
    script
        .press("j")
        .press("j")
        .press("j")
        .press("j")
        .press("j")
        .press("enter")
        .press("ctrl-u")
        .types("code --wait");
    assert_snapshot!(script.screen(80, 24));
}

#[test]
fn the_windows_title_says_what_you_are_doing() {
    let mut script = Script::at_dashboard(data::history());
    assert_eq!(title(&script.model), "viva");
    script.press(",");
    assert_eq!(title(&script.model), "viva · settings");
    assert_eq!(
        title(&Script::in_interview(data::begun()).model),
        "viva · 3/5 Rust backend engineer"
    );
    let mut report = data::begun();
    report.role =
        "a\u{1b}]0;b\u{7} and a role that is longer than any tab of a window is wide".into();
    let mut script = Script::in_report(report, 0);
    let told = title(&script.model);
    assert!(!told.contains(char::is_control) && told.chars().count() <= 60, "{told:?}");
    script.model.look.ascii = true;
    assert!(title(&script.model).is_ascii());
}
