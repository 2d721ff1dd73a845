//! Effects of practising: hints, shown answers, ended interviews, follow-ups, comparisons of
//! attempts, challenges.

use viva_proto::v1::{AssessPointRequest, ChallengePointRequest, CompareAttemptsRequest};

use super::Runner;
use crate::msg::Reply;

impl Runner {
    pub(super) fn hint(&self, question: i64, number: i32) {
        let client = self.client();
        self.load(async move {
            let reply = async { client.await?.hint(question, number).await }.await;
            Reply::Hint { question, number, reply }
        });
    }

    pub(super) fn show_answer(&self, question: i64) {
        let client = self.client();
        self.load(async move {
            let shown = async { client.await?.reveal_question(question).await }.await;
            Reply::AnswerShown(question, shown.map(Box::new))
        });
    }

    pub(super) fn end(&self, interview: i64) {
        let client = self.client();
        self.load(async move {
            let ended = async { client.await?.end_interview(interview).await }.await;
            Reply::Ended(ended.map(Box::new))
        });
    }

    pub(super) fn follow_up(&self, question: i64) {
        let client = self.client();
        self.load(async move {
            let added = async { client.await?.add_follow_up(question).await }.await;
            Reply::FollowUp(question, added.map(Box::new))
        });
    }

    pub(super) fn compare(&self, question: i64, attempt: i32) {
        let client = self.client();
        let request = CompareAttemptsRequest {
            question_id: question,
            earlier_attempt: 0,
            later_attempt: attempt,
        };
        self.load(async move {
            let compared = async { client.await?.compare_attempts(request).await }.await;
            Reply::Compared(question, compared.map(Box::new))
        });
    }

    pub(super) fn challenge(&self, request: ChallengePointRequest) {
        let client = self.client();
        self.load(async move {
            let reply = async { client.await?.challenge_point(request).await }.await;
            Reply::Challenged(reply.map(Box::new))
        });
    }

    pub(super) fn assess_point(&self, request: AssessPointRequest) {
        let client = self.client();
        self.load(async move {
            let answer = async { client.await?.assess_point(request).await }.await;
            Reply::Assessed(answer.map(Box::new))
        });
    }
}
