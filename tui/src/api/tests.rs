//! The deadlines of calls, as the server sees them.

use super::*;
use crate::session::tests::World;

#[tokio::test]
async fn a_new_interview_has_three_minutes_and_every_other_call_ten_seconds() {
    let world = World::start().await;
    let api = Api::new(world.channel(), Access::Remote(world.signed_in().await));
    // The server implements neither call; only their metadata counts here.
    let created = api.create_interview(v1::CreateInterviewRequest::default()).await;
    assert_eq!(created.unwrap_err().kind, ProblemKind::Unsupported);
    let listed = api.list_interviews(String::new()).await;
    assert_eq!(listed.unwrap_err().kind, ProblemKind::Unsupported);
    let deadlines = world.deadlines();
    let microseconds: Vec<_> = deadlines.iter().map(|deadline| micros(deadline)).collect();
    assert_eq!(microseconds, [180_000_000, 10_000_000], "{deadlines:?}");
}

/// A deadline as written by the protocol: at most eight digits and a unit.
fn micros(deadline: &str) -> u64 {
    let (number, unit) = deadline.split_at(deadline.len() - 1);
    let number: u64 = number.parse().unwrap();
    match unit {
        "u" => number,
        "m" => number * 1_000,
        "S" => number * 1_000_000,
        other => panic!("{other}"),
    }
}
