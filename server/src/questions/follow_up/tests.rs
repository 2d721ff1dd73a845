use super::*;
use crate::{
    domain::{
        evaluation::{Assessment, FALSE_CLAIM, GraderKind, KeyPointResult},
        follow_up::AskedFollowUp,
        id::{InterviewId, QuestionId, UserId},
        interview::Level,
        sample,
        timing::Withheld,
    },
    questions::bank::BankQuestion,
};

const ID: &str = "concurrency-race-condition";

fn question(bank: &Bank) -> &BankQuestion {
    bank.questions().find(|(_, question)| question.id == ID).unwrap().1
}

/// The question after an answer with this coverage of each point; the whole answer is the evidence
/// for what is made.
fn followed(bank: &Bank, coverages: &[f64], wrong: Option<&str>) -> FollowedQuestion {
    let question = question(bank);
    let sum: f64 = question.rubric.key_points.iter().map(|point| point.weight).sum();
    let mut parts = sample::assessment_parts();
    let points = question.rubric.key_points.iter().zip(coverages.iter().chain(&[1.0; 9]));
    parts.key_points = points
        .map(|(point, coverage)| KeyPointResult {
            point: point.point.clone(),
            weight: point.weight / sum,
            coverage: *coverage,
            evidence: if *coverage > 0.0 { sample::ANSWER.into() } else { String::new() },
            confidence: None,
        })
        .collect();
    let correctness = &mut parts.explanations[0];
    correctness.evidence = wrong.map(|_| "The others wait.".into()).into_iter().collect();
    correctness.reason = wrong.unwrap_or("All of it is right.").into();
    FollowedQuestion {
        owner: UserId::new(1),
        interview_id: InterviewId::new(1),
        level: Level::Junior,
        language: "en".into(),
        id: QuestionId::new(1),
        text: question.text.clone(),
        bank_id: Some(ID.into()),
        rubric: question.rubric.clone(),
        answered: Some((sample::ANSWER.into(), Assessment::check(parts, sample::ANSWER).unwrap())),
        follow_ups: Vec::new(),
        withheld: Withheld::default(),
    }
}

fn ask(bank: &Bank, followed: &FollowedQuestion) -> Option<FollowUp> {
    bank.follow_up(followed, &followed.probes())
}

#[test]
fn the_heaviest_missing_point_is_asked_for_with_one_of_its_prompts() {
    let bank = Bank::built_in().unwrap();
    let followed = followed(&bank, &[1.0, 1.0, 0.0, 0.0, 0.0], None);
    let asked = ask(&bank, &followed).unwrap();
    let question = question(&bank);
    assert_eq!(asked.text, question.prompts[3].prompts[0]);
    assert_eq!(asked.rubric.key_points, [question.rubric.key_points[3].clone()]);
    assert_eq!(asked.rubric.mistakes, question.rubric.mistakes);
    assert_eq!(
        (asked.rubric.reference, asked.quote),
        (question.rubric.key_points[3].point.clone(), String::new())
    );
}

#[test]
fn a_partly_made_point_is_asked_for_with_the_words_that_touch_it() {
    let bank = Bank::built_in().unwrap();
    let asked = ask(&bank, &followed(&bank, &[0.5], None)).unwrap();
    assert_eq!(asked.quote, sample::ANSWER);
    let prompt = &question(&bank).prompts[0].prompts[0];
    assert_eq!(asked.text, format!("You said: “{}” {prompt}", sample::ANSWER));
}

#[test]
fn the_answers_mistakes_come_before_its_missing_points() {
    let bank = Bank::built_in().unwrap();
    let rubric = &question(&bank).rubric;
    let mistake = &rubric.mistakes[1];
    let reason = format!("{FALSE_CLAIM} {}", mistake.why_wrong);
    let asked = ask(&bank, &followed(&bank, &[0.0], Some(&reason))).unwrap();
    assert!(asked.text.starts_with("You said: “The others wait.” Is that so"), "{}", asked.text);
    assert_eq!(asked.rubric.key_points[0].point, mistake.why_wrong);
    let reason = format!("One statement contradicts a point: {}", rubric.key_points[4].point);
    let asked = ask(&bank, &followed(&bank, &[0.0], Some(&reason))).unwrap();
    assert_eq!(asked.rubric.key_points, [rubric.key_points[4].clone()]);
    assert_eq!(asked.quote, "The others wait.");
}

#[test]
fn a_false_claim_that_only_a_model_found_is_asked_about_with_the_models_words() {
    let bank = Bank::built_in().unwrap();
    let mut followed = followed(&bank, &[], Some(&format!("{FALSE_CLAIM} Locks are not free.")));
    assert_eq!(ask(&bank, &followed), None, "the built-in grader names only what it is given");
    let (answer, assessment) = followed.answered.clone().unwrap();
    let mut parts = assessment.into_parts();
    parts.grader.kind = GraderKind::Model;
    parts.provenance.opinions.clear();
    followed.answered = Some((answer.clone(), Assessment::check(parts, &answer).unwrap()));
    let asked = ask(&bank, &followed).unwrap();
    assert_eq!(asked.rubric.key_points[0].point, "Locks are not free.");
}

#[test]
fn each_follow_up_asks_about_something_else_until_nothing_is_left() {
    let bank = Bank::built_in().unwrap();
    let mut followed = followed(&bank, &[0.0, 0.5, 1.0, 0.0, 0.0], None);
    let mut points = Vec::new();
    while let Some(asked) = ask(&bank, &followed) {
        points.push(asked.rubric.key_points[0].point.clone());
        let FollowUp { text, rubric, .. } = asked;
        followed.follow_ups.push(AskedFollowUp { text, rubric, is_answered: true });
    }
    let rubric = &question(&bank).rubric;
    let expected = [0, 3, 1, 4].map(|at| rubric.key_points[at].point.clone());
    assert_eq!(points, expected);
}

#[test]
fn an_answer_invites_a_follow_up_if_it_says_something_but_lacks_a_point_that_matters() {
    let bank = Bank::built_in().unwrap();
    let invites = |coverages: &[f64]| followed(&bank, coverages, None).invites();
    assert!(invites(&[1.0, 1.0, 0.0, 0.0, 0.0]));
    assert!(!invites(&[0.0; 5]), "a candidate who does not know is not pressed");
    assert!(!invites(&[]), "everything is said");
    let rubric = &question(&bank).rubric;
    let lightest = rubric.key_points.iter().map(|point| point.weight).enumerate();
    let (lightest, weight) = lightest.min_by(|a, b| a.1.total_cmp(&b.1)).unwrap();
    let sum: f64 = rubric.key_points.iter().map(|point| point.weight).sum();
    let mut coverages = [1.0; 5];
    coverages[lightest] = 0.5;
    assert!(weight / sum < 0.2, "it matters less than the others");
    assert!(!invites(&coverages), "a light point that is touched on is left alone");
    let mistake = &rubric.mistakes[0].why_wrong;
    let reason = format!("{FALSE_CLAIM} {mistake}");
    let wrong = followed(&bank, &[0.0; 5], Some(&reason));
    assert!(wrong.invites(), "what is wrong is asked about");
}

#[test]
fn the_interviewer_asks_again_only_after_an_answered_follow_up_and_at_most_twice() {
    let bank = Bank::built_in().unwrap();
    let mut followed = followed(&bank, &[1.0, 0.0, 0.0, 0.0, 0.0], None);
    for is_answered in [true, true] {
        assert!(followed.invites());
        let FollowUp { text, rubric, .. } = ask(&bank, &followed).unwrap();
        followed.follow_ups.push(AskedFollowUp { text, rubric, is_answered: false });
        assert!(!followed.invites(), "it waits for the answer");
        followed.follow_ups.last_mut().unwrap().is_answered = is_answered;
    }
    assert!(!followed.invites());
    assert!(!followed.probes().is_empty(), "more could be asked");
}

#[test]
fn an_answer_that_makes_every_point_or_is_not_evaluated_leaves_nothing_to_ask() {
    let bank = Bank::built_in().unwrap();
    let mut followed = followed(&bank, &[], None);
    assert_eq!(ask(&bank, &followed), None);
    followed.answered = None;
    assert_eq!(ask(&bank, &followed), None);
}

#[test]
fn without_prompts_the_question_is_open_and_graded_by_everything_that_is_missing() {
    let mut bank = Bank::clone(&Bank::built_in().unwrap());
    for topic in &mut bank.topics {
        for question in &mut topic.questions {
            question.prompts.iter_mut().for_each(|known| known.prompts.clear());
        }
    }
    let mut followed = followed(&bank, &[0.0, 0.0, 1.0, 1.0, 0.0], None);
    let asked = ask(&bank, &followed).unwrap();
    assert_eq!(asked.text, question(&bank).follow_ups.as_ref().unwrap().weak);
    assert_eq!(asked.rubric.key_points.len(), 3);
    // A question that is not of the bank has no follow-ups of its own.
    followed.bank_id = None;
    assert!(ask(&bank, &followed).unwrap().text.starts_with("Your answer leaves out something"));
}

#[test]
fn a_long_quote_is_cut_between_two_words() {
    let long = "word ".repeat(100);
    let lead = lead(&long);
    assert!(lead.ends_with("word…” ") && lead.chars().count() < 220, "{lead}");
}
