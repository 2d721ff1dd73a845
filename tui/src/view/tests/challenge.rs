//! Challenging a finding.

use insta::assert_snapshot;
use viva_proto::v1::{Grader, PointChallenge, PointReading, SelfAssessment};

use crate::testing::{Script, data};

fn challenged() -> Script {
    let mut report = data::finished();
    let answer = report.questions[2].answer.as_mut().unwrap();
    let points = &mut answer.evaluation.as_mut().unwrap().key_points;
    let reading = |coverage| {
        let grader = Grader { name: "viva-grader".into(), ..Grader::default() };
        let coverage = Some(coverage);
        Some(PointReading { coverage, grader: Some(grader), ..PointReading::default() })
    };
    points[3].challenges = vec![PointChallenge {
        words: "hold it shorter".into(),
        first: reading(0.0),
        second: reading(0.0),
        ..PointChallenge::default()
    }];
    points[2].confidence = Some(0.6);
    points[2].self_assessment = SelfAssessment::Yes.into();
    Script::in_report(report, 3)
}

#[test]
fn a_report_with_a_challenge_and_what_was_said() {
    assert_snapshot!(challenged().screen(80, 40));
}

#[test]
fn the_points_to_challenge() {
    assert_snapshot!(challenged().press("c").screen(80, 24));
}

#[test]
fn sentences_being_marked_on_a_small_screen() {
    let mut script = challenged();
    script.press("c").press("enter").press("space").press("down");
    assert_snapshot!(script.screen(60, 16));
}
