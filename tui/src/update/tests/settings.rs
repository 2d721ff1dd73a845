//! The settings screen, and what it sets.

use viva_proto::v1::{Answer, Report};

use crate::{
    effect::Effect,
    keys::Context,
    model::{
        ThemeName,
        preferences::{Notifications, Setting, Switch},
    },
    msg::{Event, Reply, WatchNews},
    testing::{Script, data},
};

fn kept(setting: Setting, value: Option<&str>) -> Effect {
    Effect::KeepSetting { setting, value: value.map(str::to_owned) }
}

fn at_settings() -> Script {
    let mut script = Script::at_dashboard(data::history());
    script.press(",").quietly();
    assert_eq!(script.model.context(), Context::Settings);
    script
}

#[test]
fn a_choice_takes_effect_immediately_and_is_written_to_the_file() {
    let mut script = at_settings();
    script.press("right");
    assert_eq!(script.effects(), [kept(Setting::Theme, Some("dark"))]);
    script.press("right");
    assert_eq!(script.effects(), [kept(Setting::Theme, Some("light"))]);
    assert_eq!(script.model.look.theme, ThemeName::Light);
    script.press("left").press("left").quietly().press("down").press("enter");
    assert_eq!(script.effects(), [kept(Setting::Notifications, Some("off"))]);
    script.press("left");
    assert_eq!(script.effects(), [kept(Setting::Notifications, None)], "the default needs no line");
    script.press("down").press("right");
    assert_eq!(script.effects(), [kept(Setting::Bell, Some("on"))]);
    assert_eq!(script.model.preferences.bell, Switch::On);
    script.press("down").press("right");
    assert_eq!(script.effects(), [kept(Setting::Keys, Some("vim"))]);
    script.press("down").press("right");
    assert_eq!(script.effects(), [kept(Setting::Mouse, Some("on"))]);
}

#[test]
fn the_editors_command_is_typed_and_esc_keeps_the_old_one() {
    let mut script = at_settings();
    script.model.preferences.usual_editor = Some("vi".into());
    script.press("j").press("j").press("j").press("j").press("j").press("enter");
    assert_eq!(script.model.context(), Context::SettingsEditor);
    script.types(" q").press("esc");
    assert_eq!((script.effects(), script.model.preferences.command()), (Vec::new(), Some("vi")));
    script.press("enter").press("ctrl-u").types("code --wait").press("enter");
    assert_eq!(script.effects(), [kept(Setting::Editor, Some("code --wait"))]);
    script.press("enter").press("ctrl-u").press("enter");
    assert_eq!(script.effects(), [kept(Setting::Editor, None)]);
    assert_eq!(script.model.preferences.command(), Some("vi"));
}

/// The evaluation of an answer arrives.
fn arrive(script: &mut Script, answer: Answer) -> Vec<String> {
    script.quietly();
    let news = WatchNews::Answer(Box::new(answer));
    script.reply(Reply::Watch { interview: 7, news });
    let said = |effect| match effect {
        Effect::Notify(text) => Some(text),
        _ => None,
    };
    script.effects().into_iter().filter_map(said).collect()
}

fn begun(report: Report) -> Script {
    Script::in_interview(report)
}

#[test]
fn an_evaluation_notifies_only_without_focus() {
    assert_eq!(arrive(&mut begun(data::begun()), data::evaluated(1, 7.4)), Vec::<String>::new());
    let mut script = begun(data::begun());
    script.event(Event::Blur);
    let said = arrive(&mut script, data::evaluated(1, 7.4));
    assert_eq!(said, ["Question 2: 7.4 good · Rust backend engineer"]);
    let again = arrive(&mut script, data::evaluated(1, 7.4));
    assert_eq!(again, Vec::<String>::new(), "once");
    let mut script = begun(data::begun());
    script.event(Event::Blur).event(Event::Focus);
    assert_eq!(arrive(&mut script, data::evaluated(1, 7.4)), Vec::<String>::new());
    let mut script = begun(data::begun());
    script.model.preferences.notifications = Notifications::Off;
    script.event(Event::Blur);
    assert_eq!(arrive(&mut script, data::evaluated(1, 7.4)), Vec::<String>::new());
}

#[test]
fn the_last_evaluation_makes_the_report_ready() {
    let mut report = data::complete();
    report.questions[4].answer = Some(data::pending(4));
    let mut script = Script::in_report(report, 0);
    script.event(Event::Blur);
    let said = arrive(&mut script, data::evaluated(4, 7.4));
    assert_eq!(said, ["The report is ready: Rust backend engineer"]);
}
