//! Searching your own questions and answers.

use crate::support::Viva;

#[test]
fn your_own_words_are_found_with_their_interview_and_printed_as_lines_or_json() {
    let viva = Viva::new();
    viva.interview(1);
    let text = "A DEADLOCK: each of two threads waits for the other's lock.";
    let answer = ["interview", "answer", "latest", "--question", "1", "--text", text];
    assert_eq!(viva.run(&answer).code, 0);
    let found = viva.run(&["search", "deadlock", "wait"]);
    assert_eq!(found.code, 0, "{found:?}");
    assert!(found.out.starts_with("interview 1, question 1: "), "{found:?}");
    assert!(found.out.contains("A DEADLOCK: each of two threads"), "{found:?}");
    let hits = viva.json(&["search", "Deadlock", "--limit", "1"])["hits"].clone();
    assert_eq!(hits[0]["snippet"], text);
    assert_eq!(hits[0]["snippet_matches"][0]["start"], 2);
    let none = viva.run(&["search", "nowhere"]);
    assert_eq!((none.code, none.out.as_str()), (0, ""));
    assert!(none.err.contains("Nothing contains all of these words"), "{none:?}");
    let nine = viva.run(&["search", "a b c d e f g h i"]);
    assert!(nine.code == 2 && nine.err.contains("1 to 8 words"), "{nine:?}");
}
