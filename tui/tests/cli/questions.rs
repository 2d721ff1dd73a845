//! Marking questions by script, on the embedded server.

use serde_json::json;

use crate::support::{ANSWER, Viva};

#[test]
fn a_question_is_starred_noted_and_wished_for_by_script() {
    let viva = Viva::new();
    let none = viva.run(&["question", "list"]);
    assert!(none.out.is_empty() && none.err.starts_with("Nothing is starred"), "{none:?}");
    let interview = viva.interview(2)["interview"].clone();
    let id = interview["questions"][0]["id"].to_string();
    let starred = viva.json(&["question", "star", &id]);
    assert_eq!((&starred["version"], &starred["mark"]["starred"]), (&json!(1), &json!(true)));
    assert_eq!(
        viva.run(&["question", "star", &id]).out,
        "★ starred\n",
        "a second time changes nothing"
    );
    let noted = viva.run(&["question", "note", &id, "Say what it costs."]).out;
    assert_eq!(noted, "★ starred · note: Say what it costs.\n");
    assert!(viva.run(&["question", "again", &id]).out.starts_with("★ starred · again soon"));
    assert!(viva.run(&["question", "skip", &id]).out.starts_with("★ starred · not again"));
    let shown = viva.run(&["interview", "show", "1"]).out;
    assert!(shown.contains(&format!("★ starred · not again, question {id}")), "{shown}");
    assert!(shown.contains("note  Say what it costs."), "{shown}");
    let listed = viva.run(&["question", "list"]).out;
    assert!(
        listed.starts_with(&format!("{id}  ")) && listed.contains("note: Say what"),
        "{listed}"
    );

    // The mark outlives the interview and then has its own id.
    viva.json(&["interview", "delete", "1", "--yes"]);
    let questions = viva.json(&["question", "list"])["questions"].clone();
    assert_eq!((questions.as_array().unwrap().len(), &questions[0]["question_id"]), (1, &json!(0)));
    assert_eq!(questions[0]["mark"]["wish"], "QUESTION_WISH_NOT_AGAIN");
    let mark = format!("mark:{}", questions[0]["mark"]["id"]);
    assert!(viva.run(&["question", "list"]).out.starts_with(&format!("{mark}  ")));
    viva.run(&["question", "skip", &mark, "--off"]);
    viva.run(&["question", "star", &mark, "--off"]);
    assert_eq!(viva.run(&["question", "note", &mark, ""]).out, "It has no mark.\n");
    assert_eq!(viva.json(&["question", "list"])["questions"], json!([]));
}

#[test]
fn a_note_comes_from_an_argument_a_file_or_standard_input() {
    let viva = Viva::new();
    let interview = viva.interview(1)["interview"].clone();
    let id = interview["questions"][0]["id"].to_string();
    let file = viva.file("note.txt", "From a file,\nof two lines.\n");
    let ran = viva.json(&["question", "note", &id, "--file", file.to_str().unwrap()]);
    assert_eq!(ran["mark"]["note"], "From a file,\nof two lines.");
    let piped = viva.run_with(&["question", "note", &id, "-", "--json"], "From a pipe.\n");
    assert_eq!(piped.json()["mark"]["note"], "From a pipe.");
    let long = viva.run(&["question", "note", &id, &"x".repeat(4_001)]);
    assert!(long.code == 2 && long.err.contains("at most 4,000 characters"), "{long:?}");
    assert_eq!(viva.json(&["question", "list"])["questions"][0]["mark"]["note"], "From a pipe.");
}

#[test]
fn a_note_from_standard_input_that_was_not_stored_is_saved_as_a_file() {
    let viva = Viva::new();
    let saved = |name: &str| std::fs::read_to_string(viva.home.path().join(name)).unwrap();
    for (at, arguments) in [&["999", "-"][..], &["999", "--file", "-"]].into_iter().enumerate() {
        let text = format!("My only copy of note {at}.\n");
        let ran = viva.run_with(&[&["question", "note"], arguments].concat(), &text);
        assert_eq!(ran.code, 3, "{ran:?}");
        assert!(ran.err.contains("Standard input is saved in "), "{ran:?}");
        let name = ["viva-note.txt", "viva-note-2.txt"][at];
        assert_eq!(saved(name), text);
    }
    let interview = viva.interview(1)["interview"].clone();
    let id = interview["questions"][0]["id"].to_string();
    assert_eq!(viva.run_with(&["question", "note", &id, "-"], "Stored.\r\n").code, 0);
    assert_eq!(viva.json(&["question", "list"])["questions"][0]["mark"]["note"], "Stored.");
    assert!(!viva.home.path().join("viva-note-3.txt").exists());
}

#[test]
fn a_missing_question_and_a_wrong_question_id_are_reported() {
    let viva = Viva::new();
    for (which, said) in [("4711", "There is no question 4711."), ("mark:3", "There is no mark 3.")]
    {
        let ran = viva.run(&["question", "star", which]);
        assert!(ran.code == 3 && ran.err.contains(said), "{ran:?}");
    }
    for wrong in [&["question", "star", "latest"][..], &["question", "note", "1"]] {
        assert_eq!(viva.run(wrong).code, 2);
    }
}

#[test]
fn a_script_can_request_a_follow_up_once_an_answer_is_evaluated() {
    let viva = Viva::new();
    let id = viva.interview(2)["interview"]["questions"][0]["id"].to_string();
    let early = viva.run(&["question", "follow-up", &id]);
    assert!(early.code == 1 && early.err.contains("has been evaluated"), "{early:?}");
    let answer = ["interview", "answer", "1", "--question", "1", "--text", ANSWER, "--wait"];
    assert_eq!(viva.run(&answer).code, 0);
    let said = viva.run(&["question", "follow-up", &id]).out;
    assert!(said.contains("It is question 2 of the interview; its number is 3."), "{said}");
    let shown = viva.json(&["interview", "show", "1"])["interview"].clone();
    assert_eq!(shown["questions"][1]["source"], "QUESTION_SOURCE_FOLLOW_UP");
    assert_eq!(shown["questions"][1]["parent_question_id"].to_string(), id);
    let added = viva.json(&["question", "follow-up", &id]);
    assert_eq!((&added["version"], &added["question"]["order"]), (&json!(1), &json!(3)));
    let gone = viva.run(&["question", "follow-up", "4711"]);
    assert!(gone.code == 3 && gone.err.contains("There is no question 4711."), "{gone:?}");
}

#[test]
fn a_script_can_get_hints_the_answer_and_a_comparison() {
    let viva = Viva::new();
    let questions = viva.interview(2)["interview"]["questions"].clone();
    let (first, second) = (questions[0]["id"].to_string(), questions[1]["id"].to_string());
    let hint = viva.run(&["question", "hint", &first]).out;
    assert!(hint.starts_with("Hint 1 of "), "{hint}");
    assert_eq!(viva.run(&["question", "hint", &first, "--number", "1"]).out, hint);
    let revealed = viva.json(&["question", "reveal", &first]);
    assert_eq!(revealed["question"]["mark"]["wish"], "QUESTION_WISH_AGAIN_SOON");
    assert!(viva.run(&["question", "reveal", &first]).out.starts_with("A good answer says:"));
    let shown = viva.run(&["interview", "show", "1"]).out;
    assert!(shown.contains("1 hint, answer shown"), "{shown}");
    let report = viva.run(&["report", "1"]).out;
    assert!(report.contains("No score: the answer was shown."), "{report}");

    let early = viva.run(&["question", "compare", &second]);
    assert!(early.code == 1 && early.err.contains("two evaluated attempts"), "{early:?}");
    let weak = ["interview", "answer", "1", "--question", "2", "--text", ANSWER, "--wait"];
    let answered = viva.json(&weak);
    let reference = answered["answer"]["evaluation"]["reference_answer"].as_str().unwrap();
    let strong = ["interview", "answer", "1", "--question", "2", "--text", reference, "--wait"];
    assert_eq!(viva.run(&strong).code, 0);
    let compared = viva.run(&["question", "compare", &second]).out;
    assert!(compared.contains("Gained: ") && compared.contains("Attempt 1: "), "{compared}");
    let compared = viva.json(&["question", "compare", &second, "--earlier", "2", "--later", "1"]);
    assert_eq!(compared["verdict"], "ATTEMPT_VERDICT_WORSE");
    let none = viva.run(&["question", "compare", &second, "--later", "9"]);
    assert!(none.code == 3 && none.err.contains("no such attempt"), "{none:?}");
}

#[test]
fn a_finding_is_challenged_by_script_and_both_readings_are_shown() {
    let viva = Viva::new();
    let interview = viva.interview(1)["interview"].clone();
    let id = interview["questions"][0]["id"].to_string();
    let early = viva.run(&["question", "challenge", &id]);
    assert!(early.code == 1 && !early.err.is_empty(), "{early:?}");
    let answer = ["interview", "answer", "1", "--question", "1", "--text", ANSWER, "--wait"];
    assert_eq!(viva.run(&answer).code, 0);
    let listed = viva.run(&["question", "challenge", &id]).out;
    let missing = listed.lines().find(|line| line.contains(". missing: ")).unwrap();
    let number = missing.split('.').next().unwrap();
    let words = "guessing costs more than it saves";
    let challenge = ["question", "challenge", &id, "--point", number, "--words", words];
    let told = viva.run(&challenge);
    assert!(told.code == 0 && told.out.starts_with("The second reading"), "{told:?}");
    assert_eq!(viva.json(&challenge)["challenge"]["words"], words);
    let quote = format!("You challenged this with “{words}”.");
    assert!(viva.run(&["question", "challenge", &id]).out.contains(&quote));
    let report = viva.run(&["report", "1", "--plain"]).out;
    assert!(report.contains(&quote), "{report}");
    let sure = viva.run(&["question", "say", &id, "--point", number, "yes"]);
    assert!(sure.code == 1 && sure.err.contains("sure about this point"), "{sure:?}");
    let back = viva.run(&["question", "say", &id, "--point", number, "nothing"]);
    assert_eq!(back.code, 0, "{back:?}");

    let elsewhere = [&challenge[..6], &["never said"]].concat();
    let elsewhere = viva.run(&elsewhere);
    assert!(
        elsewhere.code == 2 && elsewhere.err.contains("must be in the answer"),
        "{elsewhere:?}"
    );
    assert_eq!(viva.run(&["question", "challenge", &id, "--point", "1"]).code, 2);
    assert_eq!(viva.run(&["question", "challenge", "4711"]).code, 3);
}
