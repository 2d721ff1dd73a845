//! Marks on questions: their requests as values of the domain, and those as messages of the wire.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use viva_proto::v1;

use super::convert;
use crate::{
    domain::{
        id::{MarkId, QuestionId},
        mark::{Mark, MarkChange, MarkTarget, MarkedQuestion, Wish, parse_note},
        violation::{Fault, Violations},
    },
    services::{ServiceError, ServiceResult},
};

/// What a list is to show.
pub(super) struct PageRequest {
    /// 0: the default's.
    pub(super) size: u32,
    /// Where the page before ended.
    pub(super) older_than: Option<MarkId>,
}

/// A change to a mark.
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
                let fault = Fault::from("Say what to change: note, starred or wish");
                violations.check::<()>("note", Err(fault));
                return Err(ServiceError::Validation(violations));
            }
            Ok((target, change))
        }
        _ => Err(ServiceError::Validation(violations)),
    }
}

fn target(request: &v1::SetQuestionMarkRequest) -> Result<MarkTarget, Fault> {
    match (request.question_id, request.mark_id) {
        (0, 0) => Err("Name a question, or with mark_id its mark".into()),
        (question, 0) => Ok(MarkTarget::Question(QuestionId::new(question))),
        (0, mark) => Ok(MarkTarget::Mark(MarkId::new(mark))),
        _ => Err("Name either a question or, with mark_id, its mark".into()),
    }
}

fn wish(raw: i32) -> Result<Wish, Fault> {
    match v1::QuestionWish::try_from(raw) {
        Ok(v1::QuestionWish::Unspecified) => Ok(Wish::None),
        Ok(v1::QuestionWish::NotAgain) => Ok(Wish::NotAgain),
        Ok(v1::QuestionWish::AgainSoon) => Ok(Wish::AgainSoon),
        Err(_) => Err("Wish must be none, not again or again soon".into()),
    }
}

/// A page of a list.
pub(super) fn page(request: &v1::ListQuestionMarksRequest) -> ServiceResult<PageRequest> {
    let mut violations = Violations::new();
    let size = u32::try_from(request.page_size)
        .map_err(|_| Fault::from("Page size must not be negative; 0 means the default"));
    let size = violations.check("page_size", size);
    let older_than = violations.check("page_token", from_page_token(&request.page_token));
    match (size, older_than) {
        (Some(size), Some(older_than)) => Ok(PageRequest { size, older_than }),
        _ => Err(ServiceError::Validation(violations)),
    }
}

/// The token for the page that begins after this mark.
pub(super) fn to_page_token(after: MarkId) -> String {
    URL_SAFE_NO_PAD.encode(format!("marks-older:{after}"))
}

fn from_page_token(token: &str) -> Result<Option<MarkId>, Fault> {
    if token.is_empty() {
        return Ok(None);
    }
    let read = || {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
        text.strip_prefix("marks-older:")?.parse().ok()
    };
    let fault = || Fault::from("Page token must be the next_page_token of the page before");
    read().map(|id| Some(MarkId::new(id))).ok_or_else(fault)
}

/// A mark.
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

/// A question with its mark.
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

    fn faults(request: &v1::SetQuestionMarkRequest) -> Vec<&'static str> {
        let Err(ServiceError::Validation(violations)) = change(request) else { return Vec::new() };
        violations.list().iter().map(|violation| violation.field).collect()
    }

    #[test]
    fn presence_says_what_changes() {
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
    fn everything_wrong_with_a_request_is_told_at_once() {
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
