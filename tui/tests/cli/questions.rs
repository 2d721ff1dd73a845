//! Marking questions by script, on the embedded server.

use serde_json::json;

use crate::support::Viva;

#[test]
fn a_question_is_starred_noted_and_wished_for_by_script() {
    let viva = Viva::new();
    let none = viva.run(&["question", "list"]);
    assert!(none.out.is_empty() && none.err.starts_with("Nothing is starred"), "{none:?}");
    let interview = viva.interview(2)["interview"].clone();
    let id = interview["questions"][0]["id"].to_string();
    let starred = viva.json(&["question", "star", &id]);
    assert_eq!((&starred["version"], &starred["mark"]["starred"]), (&json!(1), &json!(true)));
    assert_eq!(viva.run(&["question", "star", &id]).out, "★ starred\n", "again is the same");
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

    // The mark outlives the interview, and is named by itself then.
    viva.json(&["interview", "delete", "1", "--yes"]);
    let questions = viva.json(&["question", "list"])["questions"].clone();
    assert_eq!((questions.as_array().unwrap().len(), &questions[0]["question_id"]), (1, &json!(0)));
    assert_eq!(questions[0]["mark"]["wish"], "QUESTION_WISH_NOT_AGAIN");
    let mark = format!("mark:{}", questions[0]["mark"]["id"]);
    assert!(viva.run(&["question", "list"]).out.starts_with(&format!("{mark}  ")));
    viva.run(&["question", "skip", &mark, "--off"]);
    viva.run(&["question", "star", &mark, "--off"]);
    assert_eq!(viva.run(&["question", "note", &mark, ""]).out, "Nothing is noted of it.\n");
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
fn what_is_not_there_and_what_is_no_question_is_said() {
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
