//! Guards of the mark by the reference: factors that hold down what only looks like an answer.

use super::features::ReferenceFeatures;
use super::reply::Reply;
use super::target::Target;

/// The factors on the mark by the reference; 1 where a guard has nothing to object to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReferenceGuards {
    /// Nothing, or next to nothing, is said.
    pub empty: f64,
    /// The question is repeated.
    pub question_copied: f64,
    /// The right words stand in a list.
    pub keyword_list: f64,
    /// The reference is repeated and denied.
    pub negated_copy: f64,
    /// A long text is about something else.
    pub off_topic_essay: f64,
}

impl ReferenceGuards {
    pub(super) fn new(
        features: &ReferenceFeatures,
        reply: &Reply<'_>,
        reference: &Target,
        question_overlap: f64,
    ) -> Self {
        let f = features;
        let (ours, theirs) = (reply.profile.content_len, reference.profile.content_len.max(1));
        let is_brief = ours <= 2 && (ours as f64) < 0.2 * theirs as f64;
        // The reference implementation takes the length back from the logarithms. Where it is
        // exactly six, rounding decides, and the two have to round alike.
        let theirs = f.log_len.exp() / f.len_ratio.exp() - 1.0;
        let is_list = f.stuff > 0.4 && f.lex_prec > 0.55 && f.lex_rec_full > 0.5 && f.bigram < 0.5;
        let is_essay = theirs >= 6.0 && f.len_ratio > 1.2;
        let is_foreign = f.lex_prec < 0.2 && f.lex_rec_full < 0.6;
        Self {
            empty: match ours {
                0 => 0.0,
                _ => factor(is_brief && f.soft_rec_full < 0.25, 0.3),
            },
            question_copied: factor(question_overlap >= 0.6 && f.lex_rec < 0.3, 0.1),
            keyword_list: factor(is_list, 0.4),
            negated_copy: 1.0 - 0.8 * f.negcopy,
            off_topic_essay: factor(is_essay && is_foreign, 0.3),
        }
    }

    /// All of them together.
    pub(super) fn product(&self) -> f64 {
        self.empty
            * self.question_copied
            * self.keyword_list
            * self.negated_copy
            * self.off_topic_essay
    }
}

fn factor(objects: bool, factor: f64) -> f64 {
    if objects { factor } else { 1.0 }
}
