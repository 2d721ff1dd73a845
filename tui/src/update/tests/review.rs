//! Reviewing the points that are due.

use viva_proto::v1::{
    GetMemoryResponse, ListReviewsResponse, MemoryCounts, Review, ReviewMode, ReviewRating,
    SubmitReviewResponse,
};

use crate::{
    drafts::{DraftId, Kept, Ownership},
    effect::Effect,
    keys::Context,
    model::Screen,
    msg::Reply,
    problem::Problem,
    testing::{Script, data},
};

fn counts(left_today: i32) -> MemoryCounts {
    MemoryCounts {
        points: 9,
        due: left_today,
        left_today,
        daily_limit: 20,
        ..MemoryCounts::default()
    }
}

fn point(point_id: i64) -> Review {
    Review {
        point_id,
        prompt: "What does `?` do with an error?".into(),
        prompt_number: 2,
        topic: "rust".into(),
        topic_title: "Rust".into(),
        ..Review::default()
    }
}

/// Two due points, with the review screen open.
fn reviewing() -> Script {
    let mut script = Script::at_dashboard(data::history());
    let counts = Some(counts(2));
    script.reply(Reply::Memory(Ok(GetMemoryResponse {
        counts: counts.clone(),
        ..GetMemoryResponse::default()
    })));
    script.quietly().press("d");
    let effects = script.effects();
    assert_eq!(effects, [Effect::LoadReviews(ReviewMode::Due)]);
    script.reply(Reply::Reviews(Ok(ListReviewsResponse {
        reviews: vec![point(1), point(2)],
        counts,
    })));
    script
}

fn graded(rating: ReviewRating) -> Reply {
    Reply::Reviewed(Ok(Box::new(SubmitReviewResponse {
        rating: rating.into(),
        point: "On an `Err`, ? returns early to the caller.".into(),
        evidence: "it returns".into(),
        due_in_days: 3,
        counts: Some(counts(1)),
        ..SubmitReviewResponse::default()
    })))
}

#[test]
fn points_are_answered_one_after_the_other_until_nothing_is_left() {
    let mut script = reviewing();
    script.types("it returns").press("ctrl-d");
    let effects = script.effects();
    let [Effect::SubmitReview(request)] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!((request.point_id, request.prompt_number), (1, 2));
    assert_eq!(request.answer_text, "it returns");
    script.reply(graded(ReviewRating::Good));
    assert_eq!(script.effects(), [Effect::RemoveDraft(DraftId::review(1))]);
    assert_eq!(script.model.context(), Context::Reviewed);
    script.press("enter");
    assert_eq!(script.model.context(), Context::Review);
    script.press("ctrl-t");
    let effects = script.effects();
    let [Effect::SubmitReview(request)] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!((request.point_id, request.answer_text.as_str()), (2, ""));
    script.reply(graded(ReviewRating::Again)).press("enter");
    let seen = script.screen(80, 24);
    assert!(seen.contains("2 points reviewed"), "{seen}");
    script.press("enter");
    assert_eq!(script.model.screen, Screen::Dashboard);
}

#[test]
fn an_answer_is_kept_if_the_server_fails_and_sent_again_with_the_same_key() {
    let mut script = reviewing();
    script.types("it returns").press("ctrl-d");
    let first = script.effects();
    script.reply(Reply::Reviewed(Err(Problem::timeout()))).press("esc").press("ctrl-d");
    assert_eq!(script.effects(), first);
    script.reply(graded(ReviewRating::Hard)).press("enter");
    script.types("half").press("esc").quietly().press("d");
    assert_eq!(script.effects(), []);
    assert_eq!(script.model.reviews.answer.text(), "half", "the answer is continued");
}

#[test]
fn what_is_written_is_on_disk_until_it_is_graded_and_comes_back_after_a_restart() {
    let mut script = reviewing();
    script.types("it returns").wait(600);
    let effects = script.effects();
    let [Effect::SaveDraft(draft)] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!((draft.id, draft.text.as_str()), (DraftId::review(1), "it returns"));
    let kept = Kept { draft: draft.clone(), name: "0-1.json".into(), ownership: Ownership::Beside };
    script.press("ctrl-d").reply(graded(ReviewRating::Good));
    assert!(script.effects().contains(&Effect::RemoveDraft(DraftId::review(1))));
    script.press("enter");
    assert_eq!(script.model.reviews.answer.text(), "", "the next point is another");

    let mut script = reviewing();
    script.reply(Reply::Drafts(Ok(vec![kept])));
    assert_eq!(script.model.reviews.answer.text(), "it returns");
}

#[test]
fn without_an_answer_nothing_is_sent() {
    let mut script = reviewing();
    script.press("ctrl-d");
    assert_eq!(script.effects(), []);
    assert_eq!(script.model.context(), Context::Review);
}

#[test]
fn with_nothing_due_there_are_ten_minutes_of_weak_points() {
    let mut script = Script::at_dashboard(data::history());
    script.press("d");
    let effects = script.effects();
    assert_eq!(effects, [Effect::LoadReviews(ReviewMode::Drill)]);
    script.reply(Reply::Reviews(Ok(ListReviewsResponse::default())));
    assert!(script.screen(80, 24).contains("points come from your evaluated answers"));
}

#[test]
fn the_screens_of_a_review() {
    let mut script = reviewing();
    let asking = script.types("it returns").screen(80, 24);
    script.press("ctrl-d").reply(graded(ReviewRating::Hard));
    let found = [(80, 24), (60, 16), (120, 40)].map(|(columns, rows)| script.screen(columns, rows));
    let list = script.press("esc").screen(80, 24);
    insta::assert_snapshot!(format!("{asking}\n{}\n{list}", found.join("\n")));
}
