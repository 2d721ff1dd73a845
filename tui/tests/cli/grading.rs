//! `viva grade` and `viva eval`.

use std::io::{BufRead as _, BufReader, Write as _};

use serde_json::{Value, json};
use tokio::runtime::Runtime;
use tonic::Request;
use viva_proto::v1::{self, grade_service_client::GradeServiceClient};

use crate::support::{Server, Viva};

const QUESTION: &str = "What is a mutex for?";
const REFERENCE: &str = "A mutex lets one thread at a time enter a critical section, so that shared data is not \
                         changed by two threads at once.";

fn row(answer: &str) -> Value {
    json!({"question": QUESTION, "reference": REFERENCE, "answer": answer, "label": "ignored"})
}

fn rows(rows: &[Value]) -> String {
    let lines: Vec<_> = rows.iter().map(ToString::to_string).collect();
    lines.join("\n") + "\n"
}

#[test]
fn each_line_gives_an_evaluation_in_order_with_verbatim_evidence() {
    let answers = [
        "Only a single thread at a time can enter the critical section; the others wait.",
        "Bananas are yellow and taste good in the morning.",
        "It protects shared data: one thread changes it while the rest must wait — naïvely put.",
    ];
    let input = rows(&answers.map(row));
    let ran = Viva::new().run_with(&["grade"], &input);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let graded = ran.json_lines();
    assert_eq!(graded.len(), 3);
    for (evaluation, answer) in graded.iter().zip(answers) {
        assert_eq!(evaluation["status"], "EVALUATION_STATUS_COMPLETED");
        assert_eq!(evaluation["reference_answer"], REFERENCE);
        assert_eq!(evaluation.get("version"), None);
        for point in evaluation["key_points"].as_array().unwrap() {
            assert!(answer.contains(point["evidence"].as_str().unwrap()));
        }
    }
    let score = |at: usize| graded[at]["scores"]["correctness"].as_f64().unwrap();
    assert!(score(0) > score(1) + 2.0, "{} {}", score(0), score(1));
    let found = &graded[0]["key_points"][0];
    assert!(!found["evidence"].as_str().unwrap().is_empty(), "{found}");
}

/// A row as a request to the server.
fn request(row: &Value) -> v1::GradeAnswerRequest {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let point = |point: &Value| v1::RubricPoint {
        point: text(&point["point"]),
        weight: point["weight"].as_f64(),
        phrasings: list(&point["phrasings"]).iter().map(text).collect(),
        ..v1::RubricPoint::default()
    };
    let mistake = |mistake: &Value| v1::RubricMistake {
        claim: text(&mistake["claim"]),
        why_wrong: text(&mistake["why_wrong"]),
        ..v1::RubricMistake::default()
    };
    v1::GradeAnswerRequest {
        question: text(&row["question"]),
        reference: text(&row["reference"]),
        key_points: list(&row["key_points"]).iter().map(point).collect(),
        mistakes: list(&row["mistakes"]).iter().map(mistake).collect(),
        answer: text(&row["answer"]),
        ..v1::GradeAnswerRequest::default()
    }
}

/// The server's evaluation of a row, called with this key.
async fn graded(url: &str, key: &str, row: &Value) -> Result<v1::Evaluation, tonic::Status> {
    let mut request = Request::new(request(row));
    request.metadata_mut().insert("authorization", format!("Bearer {key}").parse().unwrap());
    let mut client = GradeServiceClient::connect(url.to_owned()).await.unwrap();
    Ok(client.grade_answer(request).await?.into_inner().evaluation.unwrap())
}

#[test]
fn a_server_gives_the_same_evaluations_and_refuses_the_same_rows() {
    let server = Server::start();
    let viva = Viva::on(&server.url);
    viva.sign_up("ana");
    let key = viva.run(&["api-key", "create", "grades", "--scope", "grade"]).out;
    let points = json!([
        {"point": "Only one thread at a time may hold the mutex.", "weight": 3,
         "phrasings": ["It gives exclusive access to shared data."]},
        {"point": "A thread that finds it taken waits until it is free."},
    ]);
    let mistakes = json!([{"claim": "A mutex makes the program run faster.",
                           "why_wrong": "A mutex costs time; it buys correctness."}]);
    let said =
        "Only one thread at a time may hold the mutex. A mutex makes the program run faster.";
    let rows = [
        row("Only a single thread at a time can enter the critical section; the others wait."),
        row(""),
        row("a\u{0}b \u{1b}[2J"),
        json!({"question": QUESTION, "key_points": points, "mistakes": mistakes, "answer": said}),
        json!({"question": QUESTION, "reference": REFERENCE, "key_points": points, "answer": said}),
        json!({"question": " ", "reference": REFERENCE, "answer": said}),
        json!({"question": QUESTION, "answer": said}),
        json!({"question": QUESTION, "reference": " ", "answer": said}),
        json!({"question": QUESTION, "key_points": [{"point": " "}], "answer": said}),
        json!({"question": QUESTION, "key_points": [{"point": "p", "weight": 0}], "answer": said}),
        json!({"question": QUESTION, "reference": "r", "mistakes": [{"claim": "c"}], "answer": said}),
    ];
    let here = viva.run_with(&["grade"], &self::rows(&rows)).json_lines();
    let runtime = Runtime::new().unwrap();
    for (row, here) in rows.iter().zip(here) {
        let there = runtime.block_on(graded(&server.url, key.trim(), row));
        let Ok(there) = there else {
            assert!(here["error"].is_object(), "{row} is refused by the server only: {there:?}");
            continue;
        };
        let scores = there.scores.map_or(Value::Null, |scores| {
            json!({"correctness": scores.correctness, "completeness": scores.completeness,
                   "quality": scores.quality, "communication": scores.communication})
        });
        assert_eq!(here.get("scores").unwrap_or(&Value::Null), &scores, "{row}");
        assert_eq!(here["feedback"], there.feedback);
        assert_eq!(here["suggestions"], json!(there.suggestions));
        assert_eq!(here["reference_answer"], there.reference_answer);
        let points: Vec<_> = there
            .key_points
            .iter()
            .map(|found| {
                let mut json = json!({"id": found.id, "point": found.point, "weight": found.weight,
                    "coverage": found.coverage, "evidence": found.evidence, "challenges": [],
                    "self_assessment": "SELF_ASSESSMENT_UNSPECIFIED"});
                if let Some(confidence) = found.confidence {
                    json["confidence"] = json!(confidence);
                }
                json
            })
            .collect();
        assert_eq!(here["key_points"], json!(points));
    }
}

#[test]
fn key_points_need_no_reference_and_mistakes_are_reported() {
    let row = json!({
        "question": QUESTION,
        "key_points": [
            {"point": "Only one thread at a time may hold the mutex.", "weight": 3,
             "phrasings": ["It gives exclusive access to shared data."]},
            {"point": "A thread that finds it taken waits until it is free."},
        ],
        "mistakes": [{"claim": "A mutex makes the program run faster.",
                      "why_wrong": "A mutex costs time; it buys correctness."}],
        "answer": "Only one thread at a time may hold the mutex. A mutex makes the program run faster.",
    });
    let graded = Viva::new().run_with(&["grade"], &rows(&[row])).json_lines();
    let points = graded[0]["key_points"].as_array().unwrap();
    assert_eq!(points.len(), 2);
    assert_eq!(points[0]["weight"], 0.75);
    assert_eq!(points[0]["coverage"], 1.0);
    assert_eq!(
        graded[0]["reference_answer"],
        "Only one thread at a time may hold the mutex. A thread that finds it taken waits until it \
         is free."
    );
    let feedback = graded[0]["feedback"].as_str().unwrap();
    assert!(feedback.contains("A mutex costs time"), "{feedback}");
}

#[test]
fn a_bad_line_has_its_error_in_its_place_and_the_exit_code_is_1() {
    let good = row("One thread at a time may hold it.");
    let input = format!("{good}\nno json\n\n{{\"question\":7}}\n{good}\n");
    let ran = Viva::new().run_with(&["grade"], &input);
    assert_eq!(ran.code, 1);
    let lines = ran.json_lines();
    assert_eq!(lines.len(), 4);
    assert_eq!(lines[1]["error"]["line"], 2);
    assert_eq!(
        lines[2],
        json!({"error": {"line": 4, "message": "question must be a text, not 7"}})
    );
    assert_eq!(lines[3], lines[0], "the same answer always scores the same");
    assert!(ran.err.starts_with("viva: 2 lines could not be graded"), "{ran:?}");
}

#[test]
fn rows_may_be_indented_in_a_list_in_utf_16_or_after_a_byte_order_mark() {
    let viva = Viva::new();
    let rows: Vec<Value> = ["One thread at a time.", "The others wait."].map(row).into();
    let plain = viva.run_with(&["grade"], &self::rows(&rows)).json_lines();
    let spread = format!("\u{feff}{:#}\n{:#}\n", rows[0], rows[1]);
    assert_eq!(viva.run_with(&["grade"], &spread).json_lines(), plain);
    let list = format!("{:#}", Value::Array(rows));
    assert_eq!(viva.run_with(&["grade"], &list).json_lines(), plain);
    let wide: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(list.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    assert_eq!(viva.run_with(&["grade"], &wide).json_lines(), plain);
}

#[test]
fn one_broken_object_is_one_error_and_input_that_is_not_text_is_named() {
    let viva = Viva::new();
    let good = format!("{:#}\n", row("One thread at a time may hold it."));
    let broken = good.replace("One thread", "l\u{f6}ck").replace("at a time", "\u{f6}");
    let latin: Vec<u8> = broken.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let ran = viva.run_with(&["grade"], &[&latin[..], good.as_bytes()].concat());
    assert_eq!((ran.code, ran.json_lines().len()), (1, 2), "{ran:?}");
    let told = ran.json_lines()[0]["error"]["message"].as_str().unwrap().to_owned();
    assert!(told.contains("is not UTF-8 text (it has the byte 0xf6)"), "{told}");
    for (bytes, told) in [
        (&b"PK\x03\x04..."[..], "Standard input is a Word document or another archive"),
        (b"{\0\n\0", "Standard input is UTF-16 without a byte order mark"),
    ] {
        let ran = viva.run_with(&["grade"], bytes);
        assert!(ran.code == 1 && ran.err.contains(told), "{ran:?}");
    }
}

#[test]
fn files_for_measuring_may_be_indented_and_in_utf_16_too() {
    let viva = Viva::new();
    let rows = scored(None, 1.0, 0.0);
    let lines = self::rows(&rows);
    let list = format!("{:#}", Value::Array(rows.into()));
    let wide: Vec<u8> =
        [0xfe, 0xff].into_iter().chain(list.encode_utf16().flat_map(u16::to_be_bytes)).collect();
    let measured = |bytes: &[u8]| {
        let file = viva.file("rows.jsonl", "");
        std::fs::write(&file, bytes).unwrap();
        viva.json(&["eval", "rows.jsonl"])
    };
    let plain = measured(lines.as_bytes());
    assert_eq!(plain["datasets"][0]["n"], 4);
    assert_eq!(measured(list.as_bytes()), plain);
    assert_eq!(measured(format!("\u{feff}{list}").as_bytes()), plain);
    assert_eq!(measured(&wide), plain);
}

#[test]
fn a_line_comes_out_while_the_input_is_still_open() {
    let viva = Viva::new();
    let mut child = viva.command(&["grade"]).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    for _ in 0..2 {
        writeln!(input, "{}", row("One thread at a time may hold it.")).unwrap();
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        assert!(line.ends_with("}\n"), "{line}");
    }
    drop(input);
    assert!(child.wait().unwrap().success());
}

/// Rows whose figures do not depend on the grader's exact scores: the reference scores higher than
/// an empty answer.
fn scored(dataset: Option<&str>, of_reference: f64, of_nothing: f64) -> [Value; 4] {
    let scored = |answer: &str, score: f64| {
        let mut row = row(answer);
        row["score01"] = json!(score);
        if let Some(dataset) = dataset {
            row["dataset"] = json!(dataset);
        }
        row
    };
    let (full, none) = (scored(REFERENCE, of_reference), scored("", of_nothing));
    [full.clone(), none.clone(), full, none]
}

#[test]
fn the_figures_of_a_small_file_are_as_computed_by_hand() {
    let viva = Viva::new();
    let right = viva.file("right.jsonl", &rows(&scored(None, 1.0, 0.0)));
    let mixed = [scored(Some("upside-down"), 0.0, 1.0), scored(Some("same"), 0.5, 0.5)].concat();
    let mixed = viva.file("mixed.jsonl", &rows(&mixed));
    let files = [right.to_str().unwrap(), mixed.to_str().unwrap()];
    let document = viva.json(&["eval", files[0], files[1]]);
    let sets = document["datasets"].as_array().unwrap();
    let names: Vec<_> = sets.iter().map(|set| set["dataset"].as_str().unwrap()).collect();
    assert_eq!(names, ["right", "upside-down", "same", "all"]);
    let figure = |at: usize, name: &str| sets[at][name].as_f64().unwrap();
    assert!((figure(0, "r") - 1.0).abs() < 1e-9);
    assert!(figure(0, "qwk") > 0.8);
    assert!(figure(0, "rmse") < 0.25);
    assert!((figure(1, "r") + 1.0).abs() < 1e-9);
    assert!(figure(1, "qwk") < -0.5);
    assert_eq!(sets[2]["r"], Value::Null, "equal scores have no correlation");
    assert_eq!((&sets[2]["n"], &sets[3]["n"]), (&json!(4), &json!(12)));

    let table = viva.run(&["eval", files[0]]).out;
    let lines: Vec<_> = table.lines().collect();
    assert_eq!(lines.len(), 6, "one data set needs no line for all: {table}");
    assert!(lines[1].starts_with("right    4  1.000  0."), "{table}");
    assert!(lines[4].starts_with("right    0.00-0.15  2  0.00"), "{table}");
    assert!(lines[5].starts_with("right    0.85-1.00  2  1.00"), "{table}");
}

#[test]
fn nothing_is_measured_on_a_file_with_a_bad_row() {
    let viva = Viva::new();
    let mut bad = scored(None, 1.0, 0.0);
    bad[1]["score01"] = json!(7);
    bad[3]["score01"] = Value::Null;
    let file = viva.file("bad.jsonl", &rows(&bad));
    let ran = viva.run(&["eval", file.to_str().unwrap()]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert!(ran.err.contains("bad.jsonl:2: score01 must be a number from 0 to 1, not 7"));
    assert!(ran.err.contains("bad.jsonl:4: score01 is missing"), "{ran:?}");
    let gone = viva.run(&["eval", "gone.jsonl"]);
    assert_eq!(gone.code, 1);
    assert!(gone.err.contains("gone.jsonl cannot be read"), "{gone:?}");
}
