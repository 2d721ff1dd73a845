//! Requests of the wire as drafts of the domain, every broken rule told at once.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use viva_proto::v1;

use crate::{
    domain::{
        account::{Email, Password, Registration, Username},
        answer::{AnswerDraft, AnswerText, parse_duration_ms},
        id::{InterviewId, QuestionId},
        interview::{
            InterviewPlan, Level, MOST_PARTS, Part, parse_job_description, parse_language,
            parse_question_count, parse_role, parse_topics,
        },
        text::{IdempotencyKey, line},
        violation::{Fault, Violations},
    },
    export::Format,
    services::{ServiceError, ServiceResult},
};

/// What a list is to show.
pub(super) struct PageRequest {
    /// 0: the default's.
    pub(super) size: u32,
    /// Where the page before ended.
    pub(super) older_than: Option<InterviewId>,
}

/// A registration.
pub(super) fn registration(request: &v1::RegisterRequest) -> ServiceResult<Registration> {
    let mut violations = Violations::new();
    let username = violations.check("username", Username::parse(&request.username));
    let email = violations.check("email", Email::parse(&request.email));
    let password = violations.check("password", Password::parse(&request.password));
    match (username, email, password) {
        (Some(username), Some(email), Some(password)) => {
            Ok(Registration { username, email, password })
        }
        _ => Err(ServiceError::Validation(violations)),
    }
}

/// The password that an account is to have.
pub(super) fn new_password(request: &v1::ChangePasswordRequest) -> ServiceResult<Password> {
    let mut violations = Violations::new();
    let password = violations.check("new_password", Password::parse(&request.new_password));
    password.ok_or(ServiceError::Validation(violations))
}

/// An interview that is to be made, and the key under which.
pub(super) fn interview(
    request: &v1::CreateInterviewRequest,
) -> ServiceResult<(InterviewPlan, Option<IdempotencyKey>)> {
    let mut violations = Violations::new();
    let from_template = !request.template_id.is_empty();
    // Outer: whether the field is right. Inner: whether the request gives it at all.
    let role = if request.role.is_empty() && from_template {
        Some(None)
    } else {
        violations.check("role", parse_role(&request.role)).map(Some)
    };
    let has_order = from_template || !request.parts.is_empty();
    let questions = match request.num_questions {
        0 if has_order => Ok(0),
        number => parse_question_count(number),
    };
    let questions = violations.check("num_questions", questions);
    let level = violations.check("level", level(request.level));
    let topics = violations.check("topics", parse_topics(&request.topics));
    let parts = violations.check("parts", parts(request));
    let job_description =
        violations.check("job_description", parse_job_description(&request.job_description));
    let language = violations.check("language", parse_language(&request.language));
    let template_id = violations.check("template_id", template_id(&request.template_id));
    let key = violations.check("idempotency_key", IdempotencyKey::parse(&request.idempotency_key));
    match (role, questions, level, topics, parts, job_description, language, template_id, key) {
        (
            Some(role),
            Some(questions),
            Some(level),
            Some(topics),
            Some(parts),
            Some(job_description),
            Some(language),
            Some(template_id),
            Some(key),
        ) => {
            let plan = InterviewPlan {
                role,
                questions,
                level,
                topics,
                job_description,
                language,
                template_id,
                parts,
            };
            Ok((plan, key))
        }
        _ => Err(ServiceError::Validation(violations)),
    }
}

/// A level; none where none is meant.
pub(super) fn level(raw: i32) -> Result<Option<Level>, Fault> {
    match v1::Level::try_from(raw) {
        Ok(v1::Level::Unspecified) => Ok(None),
        Ok(v1::Level::Junior) => Ok(Some(Level::Junior)),
        Ok(v1::Level::Mid) => Ok(Some(Level::Mid)),
        Ok(v1::Level::Senior) => Ok(Some(Level::Senior)),
        Ok(v1::Level::Staff) => Ok(Some(Level::Staff)),
        Err(_) => Err("Level must be junior, mid, senior or staff".into()),
    }
}

/// The longest that a part of an interview can be meant to take.
const MOST_MINUTES: i32 = 480;

/// The questions of an interview in their order.
fn parts(request: &v1::CreateInterviewRequest) -> Result<Vec<Part>, Fault> {
    if request.parts.is_empty() {
        return Ok(Vec::new());
    }
    if !request.template_id.is_empty() || !request.topics.is_empty() {
        return Err("Parts stand for themselves: leave template_id and topics out".into());
    }
    if request.parts.len() > MOST_PARTS {
        return Err(Fault(format!("At most {MOST_PARTS} parts can be given")));
    }
    request.parts.iter().map(part).collect()
}

fn part(raw: &v1::TemplatePart) -> Result<Part, Fault> {
    let topic = line(&raw.topic, 1, 50, "The topic of each part must be 1 to 50 characters")?;
    let minutes = u32::try_from(raw.minutes).ok().filter(|_| raw.minutes <= MOST_MINUTES);
    let minutes = minutes
        .ok_or_else(|| Fault(format!("The minutes of a part must be from 0 to {MOST_MINUTES}")))?;
    Ok(Part { topic, level: level(raw.level)?, minutes })
}

fn template_id(raw: &str) -> Result<Option<String>, Fault> {
    if raw.is_empty() {
        return Ok(None);
    }
    line(raw, 1, 100, "Template must be at most 100 characters").map(Some)
}

/// The kind of file that a report is to be; Markdown where none is named.
pub(super) fn export_format(request: &v1::ExportReportRequest) -> ServiceResult<Format> {
    let mut violations = Violations::new();
    let format = match v1::ReportFormat::try_from(request.format) {
        Ok(v1::ReportFormat::Unspecified | v1::ReportFormat::Markdown) => Ok(Format::Markdown),
        Ok(v1::ReportFormat::Json) => Ok(Format::Json),
        Ok(v1::ReportFormat::Pdf) => Ok(Format::Pdf),
        Err(_) => Err("Format must be Markdown, PDF or JSON".into()),
    };
    violations.check("format", format).ok_or(ServiceError::Validation(violations))
}

/// An answer that is to be kept.
pub(super) fn answer(request: &v1::SubmitAnswerRequest) -> ServiceResult<AnswerDraft> {
    let mut violations = Violations::new();
    let text = violations.check("answer_text", AnswerText::parse(&request.answer_text));
    let key = violations.check("idempotency_key", IdempotencyKey::parse(&request.idempotency_key));
    let duration_ms = violations.check("duration_ms", parse_duration_ms(request.duration_ms));
    match (text, key, duration_ms) {
        (Some(text), Some(idempotency_key), Some(duration_ms)) => Ok(AnswerDraft {
            interview_id: InterviewId::new(request.interview_id),
            question_id: QuestionId::new(request.question_id),
            text,
            idempotency_key,
            duration_ms,
        }),
        _ => Err(ServiceError::Validation(violations)),
    }
}

/// A page of a list.
pub(super) fn page(request: &v1::ListInterviewsRequest) -> ServiceResult<PageRequest> {
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

/// How many interviews a history is to have; none: all.
pub(super) fn most_interviews(request: v1::GetProgressRequest) -> ServiceResult<Option<usize>> {
    let mut violations = Violations::new();
    let most = usize::try_from(request.max_interviews)
        .map_err(|_| Fault::from("Number of interviews must not be negative; 0 means all"));
    let most = violations.check("max_interviews", most);
    most.map(|most| (most > 0).then_some(most)).ok_or(ServiceError::Validation(violations))
}

/// The token for the page that begins after this interview.
pub(super) fn to_page_token(after: InterviewId) -> String {
    URL_SAFE_NO_PAD.encode(format!("older:{after}"))
}

fn from_page_token(token: &str) -> Result<Option<InterviewId>, Fault> {
    if token.is_empty() {
        return Ok(None);
    }
    let read = || {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
        text.strip_prefix("older:")?.parse().ok()
    };
    let fault = || Fault::from("Page token must be the next_page_token of the page before");
    read().map(|id| Some(InterviewId::new(id))).ok_or_else(fault)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_token_says_where_the_next_page_begins() {
        let token = to_page_token(InterviewId::new(42));
        assert_eq!(from_page_token(&token).unwrap(), Some(InterviewId::new(42)));
        assert_eq!(from_page_token("").unwrap(), None);
        for bad in ["42", "b2xkZXI6", "!!", "bmV3ZXI6NDI"] {
            assert!(from_page_token(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn everything_wrong_with_a_request_is_told_at_once() {
        let request = v1::CreateInterviewRequest {
            role: String::new(),
            num_questions: 99,
            level: 77,
            topics: vec![String::new()],
            job_description: "\0".into(),
            language: "??".into(),
            template_id: String::new(),
            idempotency_key: "k".repeat(65),
            parts: vec![v1::TemplatePart::default()],
        };
        let Err(ServiceError::Validation(violations)) = interview(&request) else { panic!() };
        let fields: Vec<_> = violations.list().iter().map(|violation| violation.field).collect();
        assert_eq!(
            fields,
            [
                "role",
                "num_questions",
                "level",
                "topics",
                "parts",
                "job_description",
                "language",
                "idempotency_key"
            ]
        );
    }
}
