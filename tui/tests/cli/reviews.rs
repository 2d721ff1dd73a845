//! Reviewing by script and line by line, on the embedded server.

use serde_json::json;

use crate::support::{ANSWER, Viva};

/// A home with an evaluated answer, so that its points are in the memory.
fn with_points() -> Viva {
    let viva = Viva::new();
    viva.interview(1);
    let answer = ["interview", "answer", "1", "--question", "1", "--text", ANSWER, "--wait"];
    assert_eq!(viva.run(&answer).code, 0);
    viva
}

/// The points in a drill.
fn drill(viva: &Viva) -> Vec<serde_json::Value> {
    viva.json(&["review", "list", "--drill"])["reviews"].as_array().unwrap().clone()
}

#[test]
fn an_empty_review_says_why() {
    let viva = Viva::new();
    let none = viva.run(&["review"]);
    assert!(none.out.is_empty() && none.err.starts_with("Nothing to review yet"), "{none:?}");
    let viva = with_points();
    let later = viva.run(&["review"]);
    assert!(later.out.is_empty() && later.err.starts_with("Nothing is due today."), "{later:?}");
    let listed = viva.json(&["review"]);
    assert_eq!((&listed["version"], &listed["reviews"]), (&json!(1), &json!([])));
    assert_eq!(listed["counts"]["daily_limit"], 20);
}

#[test]
fn a_drill_is_answered_line_by_line() {
    let viva = with_points();
    let count = drill(&viva).len();
    let said = viva.run_with(&["review", "--drill"], &"\n".repeat(count));
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.out.starts_with(&format!("1 of {count}, ")), "{said:?}");
    assert_eq!(said.out.matches("The point: ").count(), count, "{said:?}");
    assert!(said.out.ends_with(&format!("Reviewed today: {count} points. Due: 0.\n")), "{said:?}");
    // Leaving half-way keeps the answers given so far.
    let left = viva.run_with(&["review", "--drill"], "I do not know.\n");
    assert_eq!(left.code, 0);
    assert!(left.out.contains("2 of ") && left.out.contains("Missed."), "{left:?}");
}

#[test]
fn a_point_is_answered_postponed_and_forgotten_by_script() {
    let viva = with_points();
    let points = drill(&viva);
    let id = points[0]["point_id"].to_string();
    let listed = viva.run(&["review", "list", "--drill"]).out;
    assert!(listed.starts_with(&format!("{id}  ")) && listed.contains("recalled at"), "{listed}");
    let missed = viva.json(&["review", "answer", &id, "--text", ""]);
    assert_eq!(missed["rating"], "REVIEW_RATING_AGAIN");
    let point = missed["point"].as_str().unwrap();
    let made = viva.run_with(&["review", "answer", &id, "-"], point);
    assert!(made.out.starts_with("Right.\n  You said: “"), "{made:?}");
    let keyed = ["review", "answer", &id, "--text", point, "--idempotency-key", "k"];
    assert_eq!(viva.json(&keyed), viva.json(&keyed));
    let status = viva.run(&["review", "status"]).out;
    assert!(status.contains("1 reviewed.") && status.contains("Topics, weakest first"), "{status}");
    let put_off = viva.run(&["review", "postpone", &id, "--days", "30"]).out;
    assert!(put_off.starts_with("It comes back on 2"), "{put_off}");
    assert!(viva.run(&["review", "forget", &id]).out.contains("not be asked"));
    assert!(drill(&viva).iter().all(|one| one["point_id"].as_i64() != id.parse().ok()));
    assert!(viva.run(&["review", "forget", &id, "--off"]).out.contains("asked for it again"));

    let gone = viva.run(&["review", "forget", "4711"]);
    assert!(gone.code == 3 && gone.err.contains("Point 4711 was not found."), "{gone:?}");
    let wrong = [&["review", "answer", "1"][..], &["review", "postpone", "1", "--days", "0"]];
    for wrong in wrong {
        assert_eq!(viva.run(wrong).code, 2);
    }
    assert_eq!(viva.run(&["review", "--drill", "--more"]).code, 2);
}

#[test]
fn an_answer_from_standard_input_that_was_not_stored_is_saved_as_a_file() {
    let viva = Viva::new();
    let ran = viva.run_with(&["review", "answer", "4711", "-"], "My only copy.\n");
    assert!(ran.code == 3 && ran.err.contains("Standard input is saved in "), "{ran:?}");
    let saved = std::fs::read_to_string(viva.home.path().join("viva-review.txt")).unwrap();
    assert_eq!(saved, "My only copy.\n");
}

#[test]
fn missed_points_are_exported_for_anki_and_no_file_is_overwritten_unasked() {
    let viva = Viva::new();
    let file = viva.home.path().join("missed.csv");
    let export = ["review", "export", "--anki", file.to_str().unwrap()];
    let none = viva.run(&export);
    assert!(none.code == 1 && none.err.contains("nothing to export"), "{none:?}");
    assert!(!file.exists());
    let viva = with_points();
    let file = viva.home.path().join("missed.csv");
    let export = ["review", "export", "--anki", file.to_str().unwrap()];
    let saved = viva.run(&export);
    assert!(saved.code == 0 && saved.out.contains(" saved in "), "{saved:?}");
    let text = std::fs::read_to_string(&file).unwrap();
    let head = "#separator:Comma\n#html:false\n#columns:GUID,Front,Back,Tags\n#guid column:1\n";
    assert!(text.starts_with(head), "{text}");
    let missed =
        viva.json(&["report", "1"])["report"]["questions"][0]["answer"]["evaluation"]["key_points"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|point| point["coverage"].as_f64().unwrap() < 0.75)
            .count();
    assert_eq!(text.lines().filter(|line| line.starts_with("\"viva-")).count(), missed);

    std::fs::write(&file, "mine").unwrap();
    let kept = viva.run(&export);
    assert!(kept.code == 1 && kept.err.contains("--force"), "{kept:?}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "mine");
    let again = viva.json(&[&export[..], &["--force"]].concat());
    assert_eq!(again["cards"], json!(missed));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
}
