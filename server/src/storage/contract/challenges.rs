//! Promises about challenges of points, and self-assessments.

use futures::FutureExt;

use super::{
    Promise,
    follow_ups::key_of,
    promise,
    world::{at, claimed, finish, queued},
};
use crate::{
    domain::{
        challenge::{Challenge, PointReading, SelfAssessment},
        evaluation::{Assessment, Completed},
        id::{AnswerId, UserId},
        sample,
        score::Score,
    },
    storage::{
        Store,
        calls::Checked,
        challenges::{ChallengeKept, ChallengedAnswer, NewChallenge},
        queue::Outcome,
    },
};

pub(super) fn promises() -> Vec<Promise> {
    vec![
        promise("a challenge keeps both readings, and changes scores only if upheld", |s| {
            kept(s).boxed()
        }),
        promise("a challenge decided on an older state is not kept", |s| outdated(s).boxed()),
        promise("what is said about a point is replaced and taken back", |s| said(s).boxed()),
    ]
}

async fn read(store: &dyn Store, user: UserId, id: AnswerId) -> ChallengedAnswer {
    match store.challenged_answer(key_of(user), id).await.unwrap() {
        Checked::Live(Some(found)) => found,
        other => panic!("{other:?}"),
    }
}

fn completed(found: &ChallengedAnswer) -> &Completed {
    found.owned.answer.evaluation.completed().unwrap()
}

/// An account with an evaluated answer.
async fn evaluated(store: &dyn Store) -> (UserId, AnswerId) {
    let (ada, _, id) = queued(store, "ada").await;
    let claim = claimed(store, 1).await;
    assert!(finish(store, claim, Outcome::Completed(Box::new(sample::assessment())), 1).await);
    (ada, id)
}

/// A challenge of the second point that finds this coverage.
fn challenge(second: f64) -> Challenge {
    let reading = |coverage: f64, evidence: &str| PointReading {
        coverage,
        evidence: evidence.to_owned(),
        grader: sample::assessment().grader.clone(),
    };
    Challenge {
        point: 1,
        words: "The others wait.".into(),
        challenged_at: at(5),
        first: reading(0.0, ""),
        second: reading(second, if second > 0.0 { "The others wait." } else { "" }),
        completeness: (5.6, if second > 0.0 { 8.1 } else { 5.6 }),
    }
}

/// The assessment after an upheld one.
fn raised() -> Assessment {
    let mut parts = sample::assessment_parts();
    parts.key_points[1].coverage = 1.0;
    parts.key_points[1].evidence = "The others wait.".into();
    parts.scores.completeness = Score::new(8.1).unwrap();
    parts.explanations[1].band = parts.scores.completeness.band();
    parts.range = None;
    parts.provenance.opinions.clear();
    parts.provenance.fingerprint = None;
    Assessment::check(parts, sample::ANSWER).unwrap()
}

fn new(ada: UserId, id: AnswerId, known: usize, upheld: Option<Assessment>) -> NewChallenge {
    let challenge = challenge(if upheld.is_some() { 1.0 } else { 0.0 });
    NewChallenge { answer_id: id, user_id: ada, known, challenge, upheld }
}

async fn kept(store: &dyn Store) {
    let (ada, interview, id) = queued(store, "ada").await;
    let too_early = store.keep_challenge(new(ada, id, 0, None)).await.unwrap();
    assert_eq!(too_early, ChallengeKept::Gone, "its evaluation is not completed");
    let claim = claimed(store, 1).await;
    assert!(finish(store, claim, Outcome::Completed(Box::new(sample::assessment())), 1).await);
    let before = read(store, ada, id).await;
    assert_eq!((before.question.as_str(), before.language.as_str()), ("Question 1?", "en"));
    assert_eq!(store.keep_challenge(new(ada, id, 0, None)).await.unwrap(), ChallengeKept::Kept);
    let first = read(store, ada, id).await;
    assert_eq!(completed(&first).assessment, completed(&before).assessment);
    assert_eq!(completed(&first).remarks.challenges, [challenge(0.0)]);
    let upheld = new(ada, id, 1, Some(raised()));
    assert_eq!(store.keep_challenge(upheld).await.unwrap(), ChallengeKept::Kept);
    let second = read(store, ada, id).await;
    assert_eq!(completed(&second).assessment, raised());
    assert_eq!(completed(&second).remarks.challenges, [challenge(0.0), challenge(1.0)]);
    assert_eq!(second.owned.answer.text, before.owned.answer.text, "an attempt never changes");
    // Everything that is computed from the scores follows.
    let kept = store.interview(interview.id).await.unwrap().unwrap();
    assert_eq!(kept.progress.overall_score, Some(raised().scores.mean()));
    assert_eq!(store.graded_answers(ada).await.unwrap()[0].scores, raised().scores);
    let fingerprint = sample::assessment().provenance.fingerprint.unwrap();
    assert_eq!(store.known_evaluation(fingerprint, ada).await.unwrap(), None, "nobody inherits it");
    let exported = store.kept_interview_after(ada, None).await.unwrap().unwrap();
    assert_eq!(exported.questions[0].answers[0], second.owned.answer);
    assert!(store.delete_interview(interview.id).await.unwrap());
    let gone = store.keep_challenge(new(ada, id, 2, None)).await.unwrap();
    assert_eq!(gone, ChallengeKept::Gone);
}

async fn outdated(store: &dyn Store) {
    let (ada, id) = evaluated(store).await;
    assert_eq!(store.keep_challenge(new(ada, id, 0, None)).await.unwrap(), ChallengeKept::Kept);
    let late = new(ada, id, 0, Some(raised()));
    assert_eq!(store.keep_challenge(late).await.unwrap(), ChallengeKept::Outdated);
    let found = read(store, ada, id).await;
    assert_eq!(completed(&found).assessment, sample::assessment());
    assert_eq!(completed(&found).remarks.challenges.len(), 1);
}

async fn said(store: &dyn Store) {
    let (ada, id) = evaluated(store).await;
    for said in [Some(SelfAssessment::No), Some(SelfAssessment::Partly), None] {
        for point in [0, 1] {
            assert!(store.keep_self_assessment(id, point, said, at(3)).await.unwrap());
        }
        let found = read(store, ada, id).await;
        let kept = &completed(&found).remarks;
        assert_eq!((kept.said_of(0), kept.said_of(1)), (said, said));
        assert_eq!(completed(&found).assessment, sample::assessment(), "no score includes it");
    }
    let nowhere = AnswerId::new(4711);
    let said = Some(SelfAssessment::Yes);
    assert!(!store.keep_self_assessment(nowhere, 0, said, at(3)).await.unwrap());
}
