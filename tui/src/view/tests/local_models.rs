//! Screens about language models on this machine.

use insta::assert_snapshot;

use crate::{
    discovery::tests::found,
    local::llm::Tried,
    model::local_models::Search,
    msg::Reply,
    testing::{Script, data, hostile},
};

const NAMES: [&str; 4] = ["qwen2.5:14b", "llama3.1:8b", "mistral:latest", "llama3.2:1b"];
const DETAIL: &str = "qwen2.5:14b answers; it supports JSON by schema; a trial evaluation took 6.2 s \
                      and 1104 + 392 tokens, and gave 7.4 of 10";

/// The dashboard with an offer of these models.
fn offered(names: &[&str]) -> Script {
    let mut script = Script::at_dashboard(data::history());
    script.model.local_models.search = Search::Begun;
    let models = names.iter().map(|name| found(name)).collect();
    script.reply(Reply::ModelsFound { all: false, models });
    script
}

fn tried(tried: Tried) -> Script {
    let mut script = offered(&NAMES);
    script.press("m").press("enter").reply(Reply::ModelTried(found(NAMES[0]), tried));
    script
}

#[test]
fn the_list_offers_one_model() {
    assert_snapshot!(offered(&NAMES[..1]).screen(80, 24));
}

#[test]
fn the_list_offers_several_models_on_a_small_screen() {
    assert_snapshot!(offered(&NAMES).screen(60, 16));
}

#[test]
fn choosing_a_model() {
    assert_snapshot!(offered(&NAMES).press("m").press("down").screen(80, 24));
}

#[test]
fn choosing_a_model_of_many_on_a_small_screen() {
    let names: Vec<String> = (0..40).map(|n| format!("model-{n}:8b")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut script = offered(&names);
    assert_snapshot!(script.press("m").press("down").press("down").screen(60, 16));
}

#[test]
fn choosing_a_model_in_ascii() {
    let mut script = offered(&NAMES);
    script.model.look.ascii = true;
    assert_snapshot!(script.press("m").screen(80, 24));
}

#[test]
fn a_model_being_tried() {
    assert_snapshot!(offered(&NAMES).press("m").press("enter").wait(12_000).screen(80, 24));
}

#[test]
fn a_model_that_works() {
    assert_snapshot!(tried(Tried::Works(DETAIL.to_owned())).screen(80, 24));
}

#[test]
fn a_model_that_works_on_a_small_screen() {
    assert_snapshot!(tried(Tried::Works(DETAIL.to_owned())).screen(60, 16));
}

#[test]
fn a_model_with_an_unusable_evaluation() {
    let detail = "qwen2.5:14b answers; it supports plain text; a trial evaluation took 2.1 s and \
                  tokens unknown. It replied, but none of its quotes stands in the answer. A larger \
                  model may do better.";
    assert_snapshot!(tried(Tried::Unusable(detail.to_owned())).screen(80, 24));
}

#[test]
fn a_model_that_does_not_answer() {
    let detail = "qwen2.5:14b: The language model (LLM_API_URL) gave no reply within 60 s.";
    assert_snapshot!(tried(Tried::Silent(detail.to_owned())).screen(80, 24));
}

#[test]
fn a_models_name_cannot_steer_the_terminal() {
    for text in hostile::TEXTS {
        for (columns, rows) in [(80, 24), (60, 16), (40, 10)] {
            let mut script = offered(&[text, text]);
            let look = |script: &mut Script| {
                for cell in &script.buffer(columns, rows).content {
                    assert!(!cell.symbol().contains(char::is_control), "{:?}", cell.symbol());
                    assert!(!cell.symbol().contains(['\u{202e}', '\u{2066}', '\u{200b}']));
                }
            };
            look(&mut script);
            look(script.press("m"));
            look(script.press("enter"));
            script.reply(Reply::ModelTried(found(text), Tried::Works((*text).to_owned())));
            look(&mut script);
            script.press("y").reply(Reply::ModelAdopted(found(text), Ok("/home".into())));
            look(&mut script);
        }
    }
}
