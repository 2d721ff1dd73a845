//! What is found in replies and what is not.

use proptest::prelude::*;
use serde::Deserialize;

use super::*;

#[derive(Debug, PartialEq, Deserialize)]
struct Reply {
    scores: Vec<f64>,
}

fn read(content: &str) -> Result<Vec<f64>, String> {
    only_object::<Reply>(content, "scores").map(|reply| reply.scores).map_err(|f| f.to_string())
}

#[test]
fn an_object_is_found_whatever_is_around_it() {
    for content in [
        r#"{"scores":[7]}"#,
        "```json\n{\"scores\": [7]}\n```",
        "<think>{\"scores\":[1]} or {\"scores\":[2]}?</think>\n{\"scores\":[7]}",
        "<THINKING>}{ \"</THINKING>{\"scores\":[7]}",
        "One could say {a}. hmm </think> {\"scores\":[7]}",
        "Of {a, b} I'd say: {\"scores\":[7],\"note\":\"`{` and \\\"}\\\" \\\\\"} \u{1f44d} {\"x\":1} {}",
        "\u{feff}Here it is: {\"scores\":[7], \"nested\":{\"scores\":[1]}}. 5 < 6 {",
        "{\"note\":\"<think>\",\"scores\":[7]}",
        "<thought>{\"scores\":[1]}</thought>{\"scores\":[7]}",
        "[THINK]{\"scores\":[1]} { \"[/THINK]{\"scores\":[7]}",
        "<|channel|>analysis<|message|>{\"scores\":[1]}<|end|><|start|>assistant<|channel|>final<|message|>{\"scores\":[7]}<|return|>",
        "<|channel>thought\n{\"scores\":[1]}<channel|>{\"scores\":[7]}",
        "analysisFirst {\"scores\":[1]}.assistantfinal{\"scores\":[7]}",
        "<|begin_of_thought|>{\"scores\":[1]}<|end_of_thought|><|begin_of_solution|>{\"scores\":[7]}<|end_of_solution|>",
        "<unused94>thought {\"scores\":[1]}<unused95>{\"scores\":[7]}",
        "◁think▷{\"scores\":[1]}◁/think▷{\"scores\":[7]}",
        "<musing>{\"scores\":[1]} {\"scores\":[2]}</musing> So: <answer>{\"scores\":[7]}</answer>",
        "<!-- {\"scores\":[1]} -->{\"scores\":[7]}",
        "Let me see: {\"scores\":[1]}? No.\n</think>\n```json\n{\"scores\":[7]}\n```",
        "<think>{\"note\":\"</think>\",\"scores\":[1]} hm</think>{\"scores\":[7]}",
        "<|channel|>final <|constrain|>json<|message|>{\"scores\":[7]}<|return|>",
        "<grading>{\"scores\":[7]}</grading>\n",
        "It will be {\"scores\": [...]}. So: {\"scores\":[7]}",
        "[see 1] <b>Scores</b>: {\"scores\":[7]}</s>",
        "{\"sc\\u006fres\":[7]}",
    ] {
        assert_eq!(read(content), Ok(vec![7.0]), "{content}");
    }
}

#[test]
fn a_reply_without_exactly_one_object_is_refused() {
    let no = "There is no evaluation in the language model's reply.";
    let unclear = "The evaluation in the language model's reply cannot be told from its thinking.";
    let many = "There is more than one evaluation in the language model's reply.";
    for (content, reason) in [
        ("", no),
        ("scores: 7", no),
        ("[7]", no),
        (r#"{"reply":{"scores":[7]}}"#, no),
        (r#"{"note":"\"scores\""}"#, no),
        ("<think>{\"scores\":[7]}", no),
        ("{\"scores\":[7]}</think>", unclear),
        ("{\"scores\":[1]} It says: </think>{\"scores\":[9]}", unclear),
        ("<think>It says </think>{\"scores\":[9]}</think>{\"scores\":[1]}", unclear),
        ("{\"scores\":[9]} <think> no: {\"scores\":[1]}", unclear),
        ("I say {\"scores\":[1]}. It says </think>{\"scores\":[9]}. So there.", unclear),
        ("I say {\"scores\":[1]}. </think> It says </think>{\"scores\":[9]}", unclear),
        ("I say {\"scores\":[1]}. </think>", unclear),
        ("I say {\"scores\":[1]}. </think> <think>So</think>{\"scores\":[9]}", unclear),
        ("<thought>{\"scores\":[7]}</thought> It is good.", no),
        ("<thought>{\"scores\":[7]}", no),
        ("<|channel|>analysis<|message|>{\"scores\":[7]}", no),
        ("<musing>{\"scores\":[7]}</musing> It is good.", unclear),
        ("{\"scores\":[7]}[/THINK]", unclear),
        ("<answer>{\"scores\":[1]}</answer> It says: {\"scores\":[9]}", many),
        ("{\"scores\":[1]} It says: <x>{\"scores\":[9]}</x>", many),
        ("<x>{\"scores\":[1]}</x> It says: <y>{\"scores\":[9]}</y>", many),
        (
            "<|channel|>final<|message|>{\"scores\":[1]}<|channel|>final<|message|>{\"scores\":[9]}",
            many,
        ),
        ("{\"scores\":[7]}{\"scores\":[7]}", many),
        ("{\"scores\":[7]} {\"scores\": oops}", many),
        ("{\"scores\":[9], \"note\":\"cut {\"scores\":[7]}", many),
    ] {
        assert_eq!(read(content).unwrap_err(), reason, "{content}");
    }
    let questions = only_object::<Reply>("no", "questions").unwrap_err().to_string();
    assert_eq!(questions, "There is no set of questions in the language model's reply.");
}

#[test]
fn an_object_of_the_wrong_form_is_refused_and_never_repaired() {
    for content in [
        r#"{"scores":[7],"note":"cut"#,
        r#"{"scores":["7"]}"#,
        r#"{"scores":[NaN]}"#,
        r#"{"scores":[1e400]}"#,
        r#"{"scores":[7],"scores":[8]}"#,
        r#"{"scores":[7],}"#,
        r#"{"scores":null}"#,
        r#"{note: {"scores":[7]}}"#,
        "{\"scores\":[7],\"note\":\"a\nb\"}",
    ] {
        let reason = read(content).unwrap_err();
        assert!(reason.contains("not in the form"), "{content}: {reason}");
        assert!(!reason.contains("cut"), "{reason}");
    }
}

#[test]
fn a_cut_reply_yields_none_of_the_objects_inside_it() {
    let content = r#"{"scores":[7],"inner":{"scores":[1]},"note":"and th"#;
    assert!(read(content).is_err());
}

/// The work is the length of the text for each unclosed opening, and there are few of those.
#[test]
fn a_storm_of_braces_is_given_up_after_a_few_attempts() {
    let mebibyte = 1024 * 1024;
    for unit in [
        "{",
        "{\"a\":",
        "{\"",
        "<think{",
        "{\"scores\":",
        "{\\\"",
        "<a>",
        "<a></b>",
        "[a]",
        "</think>",
        "<think></think>",
        "<|channel|>a<|end|>",
        "<a1><b>",
        "<!--",
        "◁",
    ] {
        let storm = unit.repeat(mebibyte / unit.len());
        let found = search(&storm, "scores");
        assert!(found.open <= MOST_OPEN, "{unit}");
        assert!(found.gave_up || found.claims.is_empty(), "{unit}");
    }
    let storm = "{".repeat(MOST_OPEN + 1) + "\"scores\":[7]}";
    assert!(search(&storm, "scores").open == MOST_OPEN);
}

#[test]
fn after_a_storm_of_braces_a_second_object_cannot_be_ruled_out() {
    let storm = "{\"scores\":[7]}".to_owned() + &"{".repeat(MOST_OPEN + 1);
    assert!(search(&storm, "scores").gave_up);
    assert!(read(&storm).is_err());
    let few = "{\"scores\":[7]}".to_owned() + &"{".repeat(MOST_OPEN);
    assert_eq!(read(&few), Ok(vec![7.0]));
}

#[test]
fn no_nesting_depth_overflows_the_stack() {
    let depth = 200_000;
    for (open, close) in [("{\"a\":", "}"), ("[", "]")] {
        let deep = open.repeat(depth) + "1" + &close.repeat(depth);
        assert!(read(&deep).unwrap_err().contains("no evaluation"));
        let content = format!("{{\"scores\":[7],\"deep\":{deep}}}");
        assert_eq!(read(&content), Ok(vec![7.0]), "what was not asked for is skipped");
        let content = format!("{{\"scores\":{deep}}}");
        assert!(read(&content).unwrap_err().contains("not in the form"));
    }
}

#[test]
fn many_small_objects_are_read_once_each() {
    let content = "{}".repeat(100_000) + "{\"scores\":[7]}";
    assert_eq!(search(&content, "scores").open, 0);
    assert_eq!(read(&content), Ok(vec![7.0]));
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(content in "(?s).{0,200}", noise in "[{}\"\\\\<>/a-z]{0,200}") {
        let _ = read(&content);
        let _ = read(&noise);
        let _ = read(&format!("{noise}{{\"scores\":{content}"));
    }

    #[test]
    fn no_text_without_the_marker_yields_anything(
        content in "([{}\\[\\]\":, \\\\<>/0-9a-z\u{e9}]|\\{\"[a-z]{0,6}\":|</?think>){0,80}",
    ) {
        prop_assume!(!content.contains("scores"));
        prop_assert!(read(&content).is_err(), "{}", content);
    }

    #[test]
    fn one_object_in_any_prose_without_braces_is_found(
        before in "[^{}<]{0,100}", after in "[^{}<]{0,100}", score in 0_u32..=10, note in ".{0,40}",
    ) {
        let object = serde_json::json!({ "note": note, "scores": [score] });
        let found = read(&format!("{before}{object}{after}"));
        prop_assert_eq!(found, Ok(vec![f64::from(score)]));
    }
}
