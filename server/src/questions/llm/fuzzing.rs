//! What `fuzz/` uses of this module.

use super::{check::check, reply::Reply};
use crate::{
    domain::{interview::Level, question::NewQuestion},
    llm::only_object,
    questions::QuestionRequest,
};

/// A reply's content as a set of one question for a backend engineer; `None` if it is rejected.
pub fn questions(content: &str) -> Option<Vec<NewQuestion>> {
    let request = QuestionRequest {
        role: "Backend engineer",
        level: Level::Mid,
        count: 1,
        topics: &[],
        job_description: "",
        language: "en",
        asked: &[],
        not_again: &[],
        again_soon: &[],
        seed: 0,
    };
    let reply: Reply = only_object(content, "questions").ok()?;
    check(&reply, &request, &[]).ok()
}
