//! Reviewing line by line: a prompt, an answer on one line, the result.

use viva_proto::v1::{
    ListReviewsResponse, Review, ReviewRating, SubmitReviewRequest, SubmitReviewResponse,
};

use super::{
    Context, Failure, fresh_key,
    input::{self, Piped},
    paper, said,
};
use crate::{cli::on_a_thread, text::neutral_line, words};

/// Asks for every point of the list, until it ends or you leave.
pub(super) async fn run(listed: &ListReviewsResponse, context: &Context) -> Result<(), Failure> {
    let count = listed.reviews.len();
    if count == 0 {
        paper::note(&said::nothing(listed));
        return Ok(());
    }
    let mut last = None;
    for (review, number) in listed.reviews.iter().zip(1..) {
        let topic = neutral_line(&review.topic_title);
        paper::out(&format!("{number} of {count}, {topic}. {}\n", neutral_line(&review.prompt)))?;
        let Some(reply) = ask(review, context).await? else { break };
        paper::out(&format!("{}\n", said::reply(&reply)))?;
        last = reply.counts;
    }
    let Some(counts) = last else { return Ok(()) };
    let done = words::count(usize::try_from(counts.done_today).unwrap_or(0), "point");
    paper::out(&format!("Reviewed today: {done}. Due: {}.\n", counts.due))
}

/// Asks for an answer to a point until the grader judges one; `None` at the end of the input.
async fn ask(review: &Review, context: &Context) -> Result<Option<SubmitReviewResponse>, Failure> {
    loop {
        let Some(answer_text) = on_a_thread(input::line).await? else { return Ok(None) };
        let typed = Piped::typed(&answer_text, "viva-review.txt", context);
        let request = SubmitReviewRequest {
            point_id: review.point_id,
            prompt_number: review.prompt_number,
            answer_text,
            idempotency_key: fresh_key(),
            ..SubmitReviewRequest::default()
        };
        let reply = context.api().await?.submit_review(request).await?;
        typed.stored();
        if reply.rating() != ReviewRating::Unspecified {
            return Ok(Some(reply));
        }
        paper::out(&said::reply(&reply))?;
    }
}
