//! Converts requests on the wire to values of the domain, reporting all violations together.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use viva_proto::v1;

use super::timing;
use crate::{
    domain::{
        account::{Email, Password, Registration, Username},
        answer::{AnswerDraft, AnswerText, parse_duration_ms},
        help::parse_hint_number,
        id::{InterviewId, QuestionId},
        interview::{
            InterviewPlan, Level, MOST_PARTS, MOST_TOPICS, Part, parse_job_description,
            parse_language, parse_question_count, parse_role, parse_topic,
        },
        text::{IdempotencyKey, line},
        violation::{InvalidValue, Violations},
    },
    export::Format,
    services::{ServiceError, ServiceResult},
};

/// A request for a page of interviews.
pub(super) struct PageRequest {
    /// The page size; 0: the default.
    pub(super) size: u32,
    /// Where the previous page ended.
    pub(super) older_than: Option<InterviewId>,
}

/// Parses a registration.
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

/// Parses the new password of an account.
pub(super) fn new_password(request: &v1::ChangePasswordRequest) -> ServiceResult<Password> {
    let mut violations = Violations::new();
    let password = violations.check("new_password", Password::parse(&request.new_password));
    password.ok_or(ServiceError::Validation(violations))
}

/// Parses a request for an interview, with its idempotency key.
pub(super) fn interview(
    request: &v1::CreateInterviewRequest,
) -> ServiceResult<(InterviewPlan, Option<IdempotencyKey>)> {
    let mut violations = Violations::new();
    let from_template = !request.template_id.is_empty();
    // Outer option: whether the field is valid. Inner: whether the request gives it.
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
    let too_many = "At most 10 topics can be chosen";
    let topics = violations
        .check_each("topics", &request.topics, (MOST_TOPICS, too_many), |raw| parse_topic(raw));
    let parts = parts(request, &mut violations);
    let job_description =
        violations.check("job_description", parse_job_description(&request.job_description));
    let language = violations.check("language", parse_language(&request.language));
    let template_id = violations.check("template_id", template_id(&request.template_id));
    let key = violations.check("idempotency_key", IdempotencyKey::parse(&request.idempotency_key));
    let conditions = timing::conditions(request, &mut violations);
    let texts = (job_description, language, template_id);
    match (role, questions, level, topics, parts, texts, key, conditions) {
        (
            Some(role),
            Some(questions),
            Some(level),
            Some(topics),
            Some(parts),
            (Some(job_description), Some(language), Some(template_id)),
            Some(key),
            Some(conditions),
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
                conditions,
            };
            Ok((plan, key))
        }
        _ => Err(ServiceError::Validation(violations)),
    }
}

/// Parses a level; `None` if it is not given.
pub(super) fn level(raw: i32) -> Result<Option<Level>, InvalidValue> {
    match v1::Level::try_from(raw) {
        Ok(v1::Level::Unspecified) => Ok(None),
        Ok(v1::Level::Junior) => Ok(Some(Level::Junior)),
        Ok(v1::Level::Mid) => Ok(Some(Level::Mid)),
        Ok(v1::Level::Senior) => Ok(Some(Level::Senior)),
        Ok(v1::Level::Staff) => Ok(Some(Level::Staff)),
        Err(_) => Err("Level must be junior, mid, senior or staff".into()),
    }
}

/// The most minutes that can be meant for a part of an interview.
const MOST_MINUTES: i32 = 480;

/// Parses the planned questions of an interview.
fn parts(request: &v1::CreateInterviewRequest, violations: &mut Violations) -> Option<Vec<Part>> {
    let is_alone = request.template_id.is_empty() && request.topics.is_empty();
    if !request.parts.is_empty() && !is_alone {
        let fault = "With parts, template_id and topics must be empty";
        return violations.check("parts", Err(fault.into()));
    }
    let too_many = "At most 10 parts can be given";
    violations.check_each("parts", &request.parts, (MOST_PARTS, too_many), part)
}

fn part(raw: &v1::TemplatePart) -> Result<Part, Violations> {
    let mut violations = Violations::new();
    let topic = line(&raw.topic, 1, 50, "The topic of each part must be 1 to 50 characters");
    let topic = violations.check("topic", topic);
    let level = violations.check("level", level(raw.level));
    let minutes = u32::try_from(raw.minutes).ok().filter(|_| raw.minutes <= MOST_MINUTES);
    let minutes = minutes.ok_or_else(|| {
        InvalidValue(format!("The minutes of a part must be from 0 to {MOST_MINUTES}"))
    });
    match (topic, level, violations.check("minutes", minutes)) {
        (Some(topic), Some(level), Some(minutes)) => Ok(Part { topic, level, minutes }),
        _ => Err(violations),
    }
}

fn template_id(raw: &str) -> Result<Option<String>, InvalidValue> {
    if raw.is_empty() {
        return Ok(None);
    }
    line(raw, 1, 100, "Template must be at most 100 characters").map(Some)
}

/// Parses the format of an exported report; Markdown by default.
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

/// Parses an answer to store.
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

/// Parses a request for a page.
pub(super) fn page(request: &v1::ListInterviewsRequest) -> ServiceResult<PageRequest> {
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

/// Parses the number of an attempt; 0 (`None`): not given.
pub(super) fn attempt_number(raw: i32) -> Result<Option<i32>, InvalidValue> {
    match raw {
        0 => Ok(None),
        1.. => Ok(Some(raw)),
        _ => Err("Attempt must be 1 or more; 0 lets the server choose".into()),
    }
}

/// Parses which hint is wanted; `None`: the next one.
pub(super) fn hint_number(raw: i32) -> ServiceResult<Option<i32>> {
    let mut violations = Violations::new();
    let number = violations.check("number", parse_hint_number(raw));
    number.ok_or(ServiceError::Validation(violations))
}

/// Returns the token of the page that begins after an interview.
pub(super) fn to_page_token(after: InterviewId) -> String {
    URL_SAFE_NO_PAD.encode(format!("older:{after}"))
}

fn from_page_token(token: &str) -> Result<Option<InterviewId>, InvalidValue> {
    if token.is_empty() {
        return Ok(None);
    }
    let read = || {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
        text.strip_prefix("older:")?.parse().ok()
    };
    let fault =
        || InvalidValue::from("Page token must be the next_page_token of the previous page");
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
    fn everything_wrong_with_a_request_is_reported_together() {
        let request = v1::CreateInterviewRequest {
            role: String::new(),
            num_questions: 99,
            level: 77,
            topics: vec!["sql".into(), String::new()],
            job_description: "\0".into(),
            language: "??".into(),
            template_id: String::new(),
            idempotency_key: "k".repeat(65),
            parts: vec![v1::TemplatePart::default()],
            mode: 77,
            minutes: -1,
            question_minutes: 121,
        };
        let Err(ServiceError::Validation(violations)) = interview(&request) else { panic!() };
        let fields: Vec<_> = violations.list().iter().map(|each| each.field.as_str()).collect();
        assert_eq!(
            fields,
            [
                "role",
                "num_questions",
                "level",
                "topics[1]",
                "parts",
                "job_description",
                "language",
                "idempotency_key",
                "mode",
                "minutes",
                "question_minutes"
            ]
        );
    }

    #[test]
    fn a_violation_in_a_part_is_reported_by_its_number_and_field() {
        let part =
            |topic: &str, level, minutes| v1::TemplatePart { topic: topic.into(), level, minutes };
        let request = v1::CreateInterviewRequest {
            role: "Backend engineer".into(),
            parts: vec![part("sql", 1, 10), part("", 77, -1)],
            ..v1::CreateInterviewRequest::default()
        };
        let Err(ServiceError::Validation(violations)) = interview(&request) else { panic!() };
        let fields: Vec<_> = violations.list().iter().map(|each| each.field.as_str()).collect();
        assert_eq!(fields, ["parts[1].topic", "parts[1].level", "parts[1].minutes"]);
    }
}
