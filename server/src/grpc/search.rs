//! Searches: parses requests, and converts hits to messages.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use viva_proto::v1;

use super::convert;
use crate::{
    domain::{
        id::{InterviewId, QuestionId},
        search::{Hit, Ranges, SearchCursor, SearchQuery},
        violation::{InvalidValue, Violations},
    },
    services::{ServiceError, ServiceResult},
};

/// A request for a page of hits.
pub(super) struct SearchRequest {
    pub(super) query: SearchQuery,
    /// The page size; 0: the default.
    pub(super) size: u32,
    /// Where the previous page ended.
    pub(super) after: Option<SearchCursor>,
}

/// Parses a request for a page of hits.
pub(super) fn request(request: &v1::SearchAnswersRequest) -> ServiceResult<SearchRequest> {
    let mut violations = Violations::new();
    let query = violations.check("query", SearchQuery::parse(&request.query));
    let size = u32::try_from(request.page_size)
        .map_err(|_| InvalidValue::from("Page size must not be negative; 0 means the default"));
    let size = violations.check("page_size", size);
    let after = violations.check("page_token", from_page_token(&request.page_token));
    match (query, size, after) {
        (Some(query), Some(size), Some(after)) => Ok(SearchRequest { query, size, after }),
        _ => Err(ServiceError::Validation(violations)),
    }
}

/// Returns the token of the page that begins after a cursor.
pub(super) fn to_page_token(after: SearchCursor) -> String {
    URL_SAFE_NO_PAD.encode(format!("hits-after:{}:{}", after.interview, after.question))
}

fn from_page_token(token: &str) -> Result<Option<SearchCursor>, InvalidValue> {
    if token.is_empty() {
        return Ok(None);
    }
    let read = || {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
        let (interview, question) = text.strip_prefix("hits-after:")?.split_once(':')?;
        Some(SearchCursor {
            interview: InterviewId::new(interview.parse().ok()?),
            question: QuestionId::new(question.parse().ok()?),
        })
    };
    let fault =
        || InvalidValue::from("Page token must be the next_page_token of the previous page");
    read().map(Some).ok_or_else(fault)
}

/// Converts a hit.
pub(super) fn hit(hit: Hit) -> v1::SearchHit {
    let found = hit.candidate;
    let message = v1::SearchHit {
        interview_id: found.interview_id.get(),
        role: found.role,
        created_at: Some(convert::time(found.created_at)),
        question_id: found.question_id.get(),
        question_text: found.question_text,
        order: found.order,
        topic: found.topic,
        question_matches: ranges(&hit.in_question),
        ..v1::SearchHit::default()
    };
    let Some(answer) = found.answer else { return message };
    let (grader, scores) = answer.graded.unzip();
    v1::SearchHit {
        answer_id: answer.id.get(),
        attempt: answer.attempt,
        submitted_at: Some(convert::time(answer.submitted_at)),
        snippet: answer.text,
        snippet_matches: ranges(&hit.in_snippet),
        score: scores.map(|scores| scores.mean()),
        grader: grader.map(convert::grader),
        ..message
    }
}

fn ranges(found: &Ranges) -> Vec<v1::TextRange> {
    let number = |at: usize| i32::try_from(at).unwrap_or(i32::MAX);
    let range = |start, end| v1::TextRange { start: number(start), end: number(end) };
    found.iter().map(|found| range(found.start, found.end)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_token_says_where_the_next_page_begins() {
        let cursor = SearchCursor { interview: InterviewId::new(42), question: QuestionId::new(7) };
        assert_eq!(from_page_token(&to_page_token(cursor)).unwrap(), Some(cursor));
        assert_eq!(from_page_token("").unwrap(), None);
        for bad in ["42:7", "aGl0cy1hZnRlcjo0Mg", "!!"] {
            assert!(from_page_token(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn everything_wrong_with_a_search_is_reported_together() {
        let bad = v1::SearchAnswersRequest {
            query: "\0".into(),
            page_size: -1,
            page_token: "rubbish".into(),
        };
        let Err(ServiceError::Validation(violations)) = request(&bad) else { panic!() };
        let fields: Vec<_> = violations.list().iter().map(|each| each.field.as_str()).collect();
        assert_eq!(fields, ["query", "page_size", "page_token"]);
    }
}
