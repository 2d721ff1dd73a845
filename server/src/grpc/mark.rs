//! Marks on questions: parses requests, and converts marks to messages.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use viva_proto::v1;

use super::convert;
use crate::{
    domain::{
        id::{MarkId, QuestionId},
        mark::{Mark, MarkChange, MarkTarget, MarkedQuestion, Wish, parse_note},
        violation::{InvalidValue, Violations},
    },
    services::{ServiceError, ServiceResult},
};

/// A request for a page of marks.
pub(super) struct PageRequest {
    /// The page size; 0: the default.
    pub(super) size: u32,
    /// Where the previous page ended.
    pub(super) older_than: Option<MarkId>,
}

/// Parses a change to a mark.
pub(super) fn change(
    request: &v1::SetQuestionMarkRequest,
) -> ServiceResult<(MarkTarget, MarkChange)> {
    let mut violations = Violations::new();
    let target = violations.check("question_id", target(request));
    let note = request.note.as_deref().map(parse_note).transpose();
    let note = violations.check("note", note);
    let wish = violations.check("wish", request.wish.map(wish).transpose());
    match (target, note, wish) {
        (Some(target), Some(note), Some(wish)) => {
            let change = MarkChange { note, starred: request.starred, wish };
            if change.is_empty() {
                let fault = InvalidValue::from("Say what to change: note, starred or wish");
                violations.check::<()>("note", Err(fault));
                return Err(ServiceError::Validation(violations));
            }
            Ok((target, change))
        }
        _ => Err(ServiceError::Validation(violations)),
    }
}

fn target(request: &v1::SetQuestionMarkRequest) -> Result<MarkTarget, InvalidValue> {
    match (request.question_id, request.mark_id) {
        (0, 0) => Err("Give question_id, or mark_id for the mark itself".into()),
        (question, 0) => Ok(MarkTarget::Question(QuestionId::new(question))),
        (0, mark) => Ok(MarkTarget::Mark(MarkId::new(mark))),
        _ => Err("Give either question_id or mark_id, not both".into()),
    }
}

fn wish(raw: i32) -> Result<Wish, InvalidValue> {
    match v1::QuestionWish::try_from(raw) {
        Ok(v1::QuestionWish::Unspecified) => Ok(Wish::None),
        Ok(v1::QuestionWish::NotAgain) => Ok(Wish::NotAgain),
        Ok(v1::QuestionWish::AgainSoon) => Ok(Wish::AgainSoon),
        Err(_) => Err("Wish must be none, not again or again soon".into()),
    }
}

/// Parses a request for a page.
pub(super) fn page(request: &v1::ListQuestionMarksRequest) -> ServiceResult<PageRequest> {
    let mut violations = Violations::new();
    let size = u32::try_from(request.page_size)
        .map_err(|_| InvalidValue::from("Page size must not be negative; 0 means the default"));
    let size = violations.check("page_size", size);
    let older_than = violations.check("page_token", from_page_token(&request.page_token));
    match (size, older_than) {
        (Some(size), Some(older_than)) => Ok(PageRequest { size, older_than }),
        _ => Err(ServiceError::Validation(violations)),
    }
}

/// Returns the token of the page that begins after a mark.
pub(super) fn to_page_token(after: MarkId) -> String {
    URL_SAFE_NO_PAD.encode(format!("marks-older:{after}"))
}

fn from_page_token(token: &str) -> Result<Option<MarkId>, InvalidValue> {
    if token.is_empty() {
        return Ok(None);
    }
    let read = || {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
        text.strip_prefix("marks-older:")?.parse().ok()
    };
    let fault =
        || InvalidValue::from("Page token must be the next_page_token of the previous page");
    read().map(|id| Some(MarkId::new(id))).ok_or_else(fault)
}

/// Converts a mark.
pub(super) fn mark(mark: Mark) -> v1::QuestionMark {
    let wish = match mark.wish {
        Wish::None => v1::QuestionWish::Unspecified,
        Wish::NotAgain => v1::QuestionWish::NotAgain,
        Wish::AgainSoon => v1::QuestionWish::AgainSoon,
    };
    v1::QuestionMark {
        id: mark.id.get(),
        note: mark.note,
        starred: mark.starred,
        wish: wish.into(),
        changed_at: Some(convert::time(mark.changed_at)),
    }
}

/// Converts a question with its mark.
pub(super) fn marked(question: MarkedQuestion) -> v1::MarkedQuestion {
    let (interview_id, question_id) =
        question.asked_as.map_or((0, 0), |(interview, question)| (interview.get(), question.get()));
    v1::MarkedQuestion {
        mark: Some(mark(question.mark)),
        interview_id,
        question_id,
        text: question.text,
        topic: question.topic,
        level: convert::level(question.level).into(),
        source: convert::source(question.origin).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(request: &v1::SetQuestionMarkRequest) -> Vec<String> {
        let Err(ServiceError::Validation(violations)) = change(request) else { return Vec::new() };
        violations.list().iter().map(|violation| violation.field.clone()).collect()
    }

    #[test]
    fn only_fields_that_are_present_change() {
        let nothing = v1::SetQuestionMarkRequest { question_id: 7, ..Default::default() };
        assert_eq!(faults(&nothing), ["note"]);
        let emptied = v1::SetQuestionMarkRequest {
            note: Some(String::new()),
            starred: Some(false),
            wish: Some(0),
            ..nothing
        };
        let (target, change) = change(&emptied).unwrap();
        assert_eq!(target, MarkTarget::Question(QuestionId::new(7)));
        let all = (Some(String::new()), Some(false), Some(Wish::None));
        assert_eq!((change.note, change.starred, change.wish), all);
    }

    #[test]
    fn everything_wrong_with_a_change_is_reported_together() {
        let request = v1::SetQuestionMarkRequest {
            question_id: 1,
            mark_id: 1,
            note: Some("x".repeat(4001)),
            starred: Some(true),
            wish: Some(77),
        };
        assert_eq!(faults(&request), ["question_id", "note", "wish"]);
        let nameless = v1::SetQuestionMarkRequest { starred: Some(true), ..Default::default() };
        assert_eq!(faults(&nameless), ["question_id"]);
    }

    #[test]
    fn a_page_token_says_where_the_next_page_begins() {
        let token = to_page_token(MarkId::new(42));
        assert_eq!(from_page_token(&token).unwrap(), Some(MarkId::new(42)));
        assert_eq!(from_page_token("").unwrap(), None);
        for bad in ["42", "!!", "b2xkZXI6NDI"] {
            assert!(from_page_token(bad).is_err(), "{bad}");
        }
    }
}
