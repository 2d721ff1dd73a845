//! What the memory promises, without a store.

use super::*;

fn candidate(topic: &str, is_due: bool, strength: f32) -> ReviewCandidate<'_> {
    ReviewCandidate { topic, is_due, strength }
}

fn point(due_on: i32, reviewed_on: Option<i32>) -> MemoryPoint {
    MemoryPoint {
        id: PointId::new(1),
        key: PointKey { bank_id: "locks".into(), point_id: "wait".into() },
        state: PointState {
            trace: Trace { stability: 2.0, difficulty: 5.0 },
            rated_on: Day::new(0),
            due_on: Day::new(due_on),
            reviewed_on: reviewed_on.map(Day::new),
            prompt: 0,
            ratings: 1,
            question_id: None,
        },
        is_forgotten: false,
    }
}

#[test]
fn a_rating_follows_what_the_answer_shows_of_the_point() {
    for (coverage, at_first_sight, rating) in [
        (0.0, true, Rating::Again),
        (0.5, true, Rating::Hard),
        (1.0, false, Rating::Good),
        (1.0, true, Rating::Easy),
    ] {
        assert_eq!(Rating::of(coverage, at_first_sight), rating);
        assert_eq!(Rating::from_word(rating.word()), Some(rating));
    }
    assert_eq!(Rating::from_word("perfect"), None);
}

#[test]
fn due_points_come_weakest_topic_first_and_in_it_weakest_point_first() {
    let candidates = [
        candidate("rust", true, 0.8),
        candidate("tls", true, 0.7),
        candidate("rust", true, 0.5),
        candidate("rust", false, 0.2),
        candidate("tls", true, 0.6),
    ];
    assert_eq!(due(&candidates), [2, 0, 4, 1]);
}

#[test]
fn a_drill_has_two_due_points_two_weak_ones_and_a_strong_one() {
    let candidates = [
        candidate("rust", false, 0.9),
        candidate("rust", true, 0.3),
        candidate("rust", true, 0.4),
        candidate("rust", true, 0.5),
        candidate("rust", false, 0.7),
        candidate("rust", false, 0.6),
        candidate("rust", false, 0.8),
    ];
    let [due, weak, strong] = [Reason::Due, Reason::Weak, Reason::Strong];
    assert_eq!(drill(&candidates), [(1, due), (2, due), (5, weak), (4, weak), (0, strong)]);
    // Nothing is due: weak points replace due ones.
    let rested = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95].map(|strength| candidate("a", false, strength));
    assert_eq!(drill(&rested), [(0, weak), (1, weak), (2, weak), (3, weak), (5, strong)]);
    // Everything is due.
    let late = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95].map(|strength| candidate("a", true, strength));
    assert_eq!(drill(&late), [0, 1, 2, 3, 4].map(|place| (place, due)));
    assert_eq!(drill(&late[..1]), [(0, due)]);
    assert_eq!(drill(&rested[..1]), [(0, strong)]);
    assert_eq!(drill(&[]), []);
}

#[test]
fn points_reviewed_today_count_towards_the_daily_limit() {
    let today = Day::new(10);
    let mut points: Vec<_> = (0..15).map(|_| point(10, None)).collect();
    points.extend((0..8).map(|_| point(14, Some(10))));
    points.push(point(12, Some(9)));
    let counts = Counts::of(points.iter(), today);
    assert_eq!((counts.points, counts.due, counts.done_today), (24, 15, 8));
    assert_eq!((counts.left_today, counts.next_due), (12, Some(Day::new(12))));
    let tomorrow = Counts::of(points.iter(), today.after(1));
    assert_eq!((tomorrow.left_today, tomorrow.done_today), (15, 0));
    let none = std::iter::empty::<&MemoryPoint>();
    assert_eq!(Counts::of(none, today), Counts::default());
}

#[test]
fn faults_of_a_review_are_reported() {
    assert_eq!(parse_answer(" \n").unwrap(), " \n");
    assert!(parse_answer(&"x".repeat(AnswerText::MAX_CHARS + 1)).is_err());
    assert!(parse_answer("a\0").is_err());
    assert_eq!(parse_postponement(0), Ok(1));
    assert!(parse_postponement(-1).is_err() && parse_postponement(366).is_err());
    assert_eq!((parse_prompt_number(0), parse_prompt_number(2)), (Ok(None), Ok(Some(2))));
    assert!(parse_prompt_number(-1).is_err());
}
