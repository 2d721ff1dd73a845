//! Choosing topics, questions and an advert in the form for a new interview.

use crate::{
    effect::Effect,
    keys::Context,
    model::new_interview::{Field, NewInterview},
    msg::Reply,
    problem::{Problem, ProblemKind},
    testing::{Script, data},
};

fn at_topics() -> Script {
    let mut script = Script::at_dashboard(Vec::new());
    script.press("n").reply(Reply::Templates(Ok(data::templates())));
    script.types("Rust engineer").press("tab").press("tab").press("tab").press("tab");
    assert_eq!(script.model.context(), Context::FormTopics);
    script
}

fn form(script: &Script) -> &NewInterview {
    script.model.form.as_ref().unwrap()
}

#[test]
fn a_topic_is_found_while_typing_and_enter_selects_it_before_it_starts() {
    let mut script = at_topics();
    script.quietly().types("sys").press("enter").types("pyt").press("space");
    let marked: Vec<_> = form(&script).topics.iter().map(String::as_str).collect();
    assert_eq!(marked, ["operating-systems", "python"]);
    assert!(form(&script).wanted_topic.is_blank(), "the next search starts empty");
    assert!(!script.effects().iter().any(|effect| matches!(effect, Effect::Create(_))));
    script.press("enter");
    assert!(script.effects().iter().any(|effect| matches!(effect, Effect::Create(_))));
}

#[test]
fn arrows_go_through_the_grid_and_past_its_end_to_another_field() {
    let mut script = at_topics();
    script.screen(80, 24);
    script.press("right").press("down").press("space");
    let marked: Vec<_> = form(&script).topics.iter().cloned().collect();
    let all = form(&script).topics_found(&data::templates());
    assert_eq!(marked, [all[3].clone()], "two are side by side");
    for _ in 0..all.len() {
        script.press("down");
    }
    assert_ne!(form(&script).field, Field::Topics);
}

#[test]
fn digits_choose_the_number_of_questions() {
    let mut script = at_topics();
    script.press("backtab").press("backtab").press("3");
    assert_eq!(form(&script).questions, 3);
    script.press("0");
    assert_eq!(form(&script).questions, 10);
    script.press("backtab").press("4");
    assert_eq!(form(&script).questions, 10, "the level has no numbers");
}

#[test]
fn the_language_is_part_of_the_request() {
    let mut script = at_topics();
    script.press("tab").types("de").quietly().press("enter");
    let effects = script.effects();
    let Some(Effect::Create(request)) = effects.last() else { panic!("{effects:?}") };
    assert_eq!(request.language, "de");
}

#[test]
fn a_path_in_place_of_the_advert_is_read_as_a_file() {
    let mut script = at_topics();
    script.press("tab").press("tab").quietly().press("ctrl-r");
    assert_eq!(script.effects(), []);
    assert!(form(&script).faults.contains_key(&Field::Advert));
    script.types("~/ad.txt").quietly().press("ctrl-r");
    assert_eq!(script.effects(), [Effect::ReadAdvert("~/ad.txt".into())]);
    let path = || "~/ad.txt".to_owned();
    let problem = Problem::new(ProblemKind::Local, "ad.txt cannot be read: no such file");
    script.reply(Reply::AdvertRead { path: path(), text: Err(problem) });
    assert_eq!(form(&script).faults[&Field::Advert], "ad.txt cannot be read: no such file");
    script.reply(Reply::AdvertRead { path: path(), text: Ok("We look for\nsomeone".into()) });
    assert_eq!(form(&script).advert.text(), "We look for\nsomeone");
    script.reply(Reply::AdvertRead { path: path(), text: Ok("late".into()) });
    assert_eq!(form(&script).advert.text(), "We look for\nsomeone", "the text stays");
}
