//! The checks, one for each target.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use prost::{Message as _, Name as _};
use ratatui::{buffer::Buffer, layout::Rect, text::Line, widgets::Widget as _};
use viva_connect::Received;
use viva_proto::{
    bounded,
    v1::{
        Evaluation, GradeAnswerRequest, GradeAnswersItem, GradeAnswersRequest, RubricMistake,
        RubricPoint,
    },
};
use viva_server::{
    auth::{access_token::AccessTokens, api_key, refresh_token},
    fuzzing,
};

use crate::{
    grpc_web::Encoding,
    local::grading::Grading,
    row::Row,
    seeds::{access_tokens, good_token, now},
    text::{neutral, neutral_line, sweep, typed},
};

/// The length to which a short input from the fuzzer is repeated, in bytes, because a short request
/// weighs little.
const LONG_REQUEST: usize = 256 * 1024;

/// A bank file is a valid topic, or every fault in it has a message.
pub(crate) fn bank_file(input: &[u8]) {
    let Ok(text) = str::from_utf8(input) else { return };
    match fuzzing::bank_file("fuzz.toml", text) {
        Ok(bank) => {
            assert_eq!(bank.topics[0].name, "fuzz", "the file's name is the topic's");
            for (_, question) in bank.questions() {
                assert!(!question.text.trim().is_empty() && !question.rubric.reference.is_empty());
                assert!(question.rubric.key_points.iter().all(|point| point.weight > 0.0));
            }
        }
        Err(faults) => {
            assert!(!faults.is_empty(), "a file was refused for no reason");
            assert!(faults.iter().all(|fault| !fault.problem.is_empty()));
        }
    }
}

/// A request in JSON becomes a message that the server can read, or is refused in a few words.
pub(crate) fn json_request(input: &[u8]) {
    let request = http::Request::post("/viva.v1.GradeService/GradeAnswers");
    let request = request.header("content-type", "application/connect+json").body(());
    let Ok((mut head, ())) = request.map(http::Request::into_parts) else {
        panic!("the head is well-formed")
    };
    let Received::Call(call) = Received::of(&mut head) else { panic!("the call is refused") };
    let length = u32::try_from(input.len()).unwrap_or(u32::MAX).to_be_bytes();
    match call.frame(&[&[0], length.as_slice(), input].concat()) {
        Ok(frame) => {
            assert!(frame.len() <= call.most_bytes(), "{} bytes", frame.len());
            let read = GradeAnswersRequest::decode(&frame[5..]);
            assert!(read.is_ok(), "{read:?}");
        }
        Err(refusal) => {
            let words = refusal.message();
            assert!((1..1000).contains(&words.len()), "{words}");
        }
    }
}

/// A request of permitted weight decodes to at most that weight, even if its parts repeat.
pub(crate) fn request(input: &[u8]) {
    let often = LONG_REQUEST / input.len().max(1);
    for bytes in [input, &input.repeat(often)] {
        if bounded::weigh(&GradeAnswersRequest::full_name(), bytes).is_err() {
            continue;
        }
        if let Ok(batch) = GradeAnswersRequest::decode(bytes) {
            let held = held(&batch);
            assert!(held <= bounded::MOST_WEIGHT, "{} bytes became {held}", bytes.len());
        }
    }
}

/// The bytes that a request's lists and texts take.
fn held(batch: &GradeAnswersRequest) -> usize {
    let texts =
        |texts: &Vec<String>| list(texts) + texts.iter().map(String::capacity).sum::<usize>();
    let point = |point: &RubricPoint| point.point.capacity() + texts(&point.phrasings);
    let mistake = |mistake: &RubricMistake| mistake.claim.capacity() + mistake.why_wrong.capacity();
    let answer = |answer: &GradeAnswerRequest| {
        let own = [&answer.question, &answer.reference, &answer.answer, &answer.language];
        let lists = list(&answer.key_points) + list(&answer.mistakes);
        let inner = answer.key_points.iter().map(point).sum::<usize>()
            + answer.mistakes.iter().map(mistake).sum::<usize>();
        own.map(String::capacity).iter().sum::<usize>() + lists + inner
    };
    let item =
        |item: &GradeAnswersItem| item.item_id.capacity() + item.request.as_ref().map_or(0, answer);
    list(&batch.items) + batch.items.iter().map(item).sum::<usize>()
}

fn list<T>(list: &Vec<T>) -> usize {
    list.capacity() * size_of::<T>()
}

/// A model's reply, and its content alone, is exactly one valid evaluation or none.
pub(crate) fn evaluation_reply(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    if let Some(content) = fuzzing::completion(&text) {
        assert!(!content.trim().is_empty(), "a reply without text has no content");
        one_evaluation_or_none(&content);
    }
    one_evaluation_or_none(&text);
}

fn one_evaluation_or_none(content: &str) {
    let Some(evaluation) = fuzzing::evaluation(content) else { return };
    let evaluation = evaluation.unwrap_or_else(|rule| panic!("{rule}"));
    let support: f64 = evaluation.key_points.iter().map(|p| p.weight * p.coverage).sum();
    let completeness = evaluation.scores.completeness.get();
    assert!(completeness <= 10.0 * support + 1e-6, "{completeness} with a support of {support}");
    let again = fuzzing::evaluation(content);
    assert_eq!(again, Some(Ok(evaluation)), "the same reply is the same evaluation");
    // A candidate who gets a second verdict into the reply must not be able to win by it.
    let twice = format!("{content}\n{content}");
    assert_eq!(fuzzing::evaluation(&twice), None, "there is exactly one verdict in a reply");
}

/// A model's reply with a question is a question that can be asked and graded, or nothing.
pub(crate) fn question_reply(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let Some(questions) = fuzzing::questions(&text) else { return };
    assert_eq!(questions.len(), 1, "one was asked for");
    for question in questions {
        let rubric = &question.rubric;
        let points = rubric.key_points.iter();
        assert!(points.clone().all(|point| point.weight.is_finite() && point.weight > 0.0));
        let texts = points.map(|point| &point.point).chain([&question.text, &rubric.reference]);
        for text in texts {
            assert!(!text.trim().is_empty() && !text.contains('\0'), "{text:?}");
        }
    }
}

/// A gateway client's text decodes to what was encoded, and never to more than its length.
pub(crate) fn gateway_text(input: &[u8]) {
    let input = Bytes::copy_from_slice(input);
    let read = |text: Bytes| Encoding::Text.decode(text);
    let written = STANDARD.encode(&input);
    assert_eq!(read(written.into()).as_ref(), Some(&input), "the decoded text differs");
    // Clients encode it in pieces, each with its own padding.
    let half = input.len() / 2;
    let pieces = [input.slice(..half), input.slice(half..)].map(|part| STANDARD.encode(part));
    assert_eq!(
        read(pieces.concat().into()).as_ref(),
        Some(&input),
        "the text decoded from pieces differs"
    );
    if let Some(bytes) = read(input.clone()) {
        assert!(bytes.len() <= input.len() / 4 * 3, "the decoded text is longer than its encoding");
    }
}

/// A row is graded, the same way each time and with only the answer's own words as evidence, or
/// gets a message that says what is wrong with it.
pub(crate) fn grade_row(input: &[u8]) {
    let Ok(value) = serde_json::from_slice(input) else { return };
    let row = match Row::of(&value) {
        Ok(row) => row,
        Err(fault) => return assert!(!fault.is_empty()),
    };
    let grade = || Grading::default().grade(&row.question, &row.rubric, &row.answer);
    let Some(graded) = grade() else { panic!("the grader broke one of its own rules") };
    let Evaluation { scores, key_points, failure_code, .. } = &graded.evaluation;
    let Some(scores) = scores else {
        assert_ne!(*failure_code, 0, "the row has neither scores nor a failure code");
        return assert_eq!(grade(), Some(graded), "a declined row is declined again");
    };
    for score in [scores.correctness, scores.completeness, scores.quality, scores.communication] {
        assert!(score.is_some_and(|score| (0.0..=10.0).contains(&score)), "{score:?}");
    }
    assert!((0.0..=1.0).contains(&graded.overall), "{}", graded.overall);
    let asked_for = row.rubric.key_points.len();
    assert!(asked_for == 0 || key_points.len() == asked_for, "each point is graded once");
    for point in key_points {
        assert!(row.answer.contains(&point.evidence), "{:?} is not in the answer", point.evidence);
    }
    assert_eq!(grade(), Some(graded), "the same answer scores the same");
}

/// The wait that an endpoint asks for is what its digits say, and the endpoint's error text is
/// harmless in the log.
pub(crate) fn retry_after(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let wait = fuzzing::retry_after(&text);
    if let Ok(seconds) = text.trim().parse::<u64>()
        && !text.trim().starts_with('+')
    {
        assert_eq!(wait, Some(Duration::from_secs(seconds)), "{text:?}");
    }
    assert!(wait.is_none() || !text.trim().is_empty(), "an empty text asks for no wait");
    let logged = fuzzing::logged(&text);
    assert!(logged.chars().count() <= 300, "a line of the log is bounded");
    assert!(!logged.chars().any(|c| c.is_control() || turns(c)), "{logged:?}");
}

/// Text for a terminal controls nothing, and neutralising it twice changes nothing more.
pub(crate) fn terminal_text(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let shown = neutral(&text);
    let is_control = |c: char| c.is_control() && c != '\n';
    assert!(!shown.chars().any(|c| is_control(c) || turns(c)), "{shown:?}");
    assert_eq!(neutral(&shown), shown, "neutral text stays as it is");
    let line = neutral_line(&text);
    assert!(!line.chars().any(char::is_control), "{line:?}");
    assert_eq!(neutral_line(&line), line);
    // Even if the text was not neutralised before.
    let mut drawn = Buffer::empty(Rect::new(0, 0, 80, 3));
    Line::raw(text.as_ref()).render(drawn.area, &mut drawn);
    sweep(&mut drawn);
    let mut cells = drawn.content.iter().flat_map(|cell| cell.symbol().chars());
    assert!(!cells.any(|c| c.is_control() || turns(c)), "a cell holds a control character");
    let typed = typed(&text);
    assert!(!typed.chars().any(|c| c.is_control() && c != '\n' && c != '\t'), "{typed:?}");
}

/// Whether a character changes the direction of the text after it. It is repeated here so that a
/// slip in the code is not a slip in the check.
fn turns(c: char) -> bool {
    matches!(u32::from(c), 0x200e | 0x200f | 0x202a..=0x202e | 0x2066..=0x2069)
}

/// Only a credential that was issued is accepted.
pub(crate) fn token(input: &[u8]) {
    let Ok(text) = str::from_utf8(input) else { return };
    let tokens: &AccessTokens = access_tokens();
    if tokens.verify(text, now()).is_ok() {
        assert_eq!(text, good_token(), "a token was accepted that was not issued");
    }
    if let Some(key) = api_key::parse(text) {
        assert!(text.len() == 64 && text.starts_with(key.prefix), "{text}");
        let kept = refresh_token::hash(text);
        assert!(key.is(&kept), "a key matches its stored hash");
        // A key has a checksum, so a changed last letter makes it invalid.
        let last = if text.ends_with('1') { '2' } else { '1' };
        let other = format!("{}{last}", &text[..63]);
        assert!(api_key::parse(&other).is_none(), "a mistyped key passed");
    }
}
