use std::{collections::HashSet, sync::Arc};

use proptest::prelude::*;

use super::*;

fn bank() -> Arc<Bank> {
    Bank::built_in().unwrap()
}

fn request<'a>(role: &'a str, topics: &'a [String], count: usize) -> QuestionRequest<'a> {
    QuestionRequest {
        role,
        level: Level::Mid,
        count,
        topics,
        job_description: "",
        language: "en",
        asked: &[],
        not_again: &[],
        again_soon: &[],
        seed: 1,
    }
}

fn ids(set: &QuestionSet) -> Vec<String> {
    set.questions.iter().map(|q| q.bank_id.clone().unwrap()).collect()
}

/// Interviews of five for a role, one after the other, until the first that has a notice.
fn until_a_notice(role: &str, level: Level) -> Vec<QuestionSet> {
    let bank = bank();
    let mut asked: Vec<(String, Timestamp)> = Vec::new();
    let mut sets = Vec::new();
    for round in 0_i64.. {
        let request = QuestionRequest {
            asked: &asked,
            level,
            seed: round.cast_unsigned(),
            ..request(role, &[], 5)
        };
        let set = bank.choose(&request);
        asked.extend(ids(&set).into_iter().map(|id| (id, Timestamp::from_micros(round))));
        if !set.notice.is_empty() {
            break;
        }
        sets.push(set);
    }
    sets
}

#[test]
fn no_question_repeats_without_a_notice_and_six_interviews_need_none() {
    for role in ["Backend engineer", "Data engineer", "Frontend engineer", "SRE", "Rust developer"]
    {
        let sets = until_a_notice(role, Level::Mid);
        assert!(sets.len() >= 6, "{role}: {}", sets.len());
        let all: Vec<_> = sets.iter().flat_map(ids).collect();
        let distinct: HashSet<_> = all.iter().collect();
        assert_eq!(all.len(), distinct.len(), "{role}");
    }
}

#[test]
fn once_all_were_asked_the_oldest_repeat_and_the_notice_says_so() {
    let bank = bank();
    let topics = ["rust".to_owned()];
    let all = bank.topics.iter().find(|t| t.name == "rust").unwrap();
    let asked: Vec<_> = all
        .questions
        .iter()
        .zip(0..)
        .map(|(q, at)| (q.id.clone(), Timestamp::from_micros(at)))
        .collect();
    let set = bank.choose(&QuestionRequest { asked: &asked, ..request("x", &topics, 2) });
    let again: HashSet<_> = ids(&set).into_iter().collect();
    assert_eq!(again, asked[..2].iter().map(|(id, _)| id.clone()).collect());
    assert!(set.notice.contains("come again"), "{}", set.notice);
}

#[test]
fn only_chosen_topics_are_asked_and_the_notice_says_when_they_run_out() {
    let bank = bank();
    let topics = ["rust".to_owned()];
    let set = bank.choose(&request("Frontend engineer", &topics, 3));
    assert!(set.questions.iter().all(|q| q.topic == "rust"));
    let set = bank.choose(&request("Frontend engineer", &topics, 16));
    assert_eq!(set.questions.len(), 16);
    assert!(set.notice.contains("come from others"), "{}", set.notice);
}

#[test]
fn a_role_that_names_a_topic_gets_questions_on_it_among_others() {
    for seed in 0..20 {
        let set =
            bank().choose(&QuestionRequest { seed, ..request("Rust backend engineer", &[], 5) });
        let topics: HashSet<_> = set.questions.iter().map(|q| q.topic.as_str()).collect();
        assert!(topics.contains("rust") && topics.len() >= 3, "{topics:?}");
    }
}

#[test]
fn a_role_that_the_bank_cannot_serve_gets_general_questions_and_a_notice() {
    let set = bank().choose(&request("registered nurse", &[], 5));
    assert_eq!(set.questions.len(), 5);
    assert!(set.notice.contains("nothing for the role registered nurse"), "{}", set.notice);
    assert_eq!(bank().choose(&request("Software engineer", &[], 5)).notice, "");
}

#[test]
fn with_an_unknown_topic_the_role_decides() {
    let topics = ["basket weaving".to_owned()];
    let set = bank().choose(&request("Rust engineer", &topics, 5));
    assert!(set.notice.contains("nothing on basket weaving"), "{}", set.notice);
    assert!(set.questions.iter().any(|q| q.topic == "rust"));
}

#[test]
fn questions_outside_the_role_come_last_and_with_a_notice() {
    let bank = bank();
    let mut asked: Vec<(String, Timestamp)> = Vec::new();
    for round in 0..6 {
        let request = QuestionRequest { asked: &asked, ..request("Network engineer", &[], 5) };
        let set = bank.choose(&request);
        assert_eq!(set.notice, "", "round {round}");
        let strays = ["frontend", "mobile", "machine-learning", "javascript", "python"];
        assert!(set.questions.iter().all(|q| !strays.contains(&q.topic.as_str())));
        asked.extend(ids(&set).into_iter().map(|id| (id, Timestamp::from_micros(round))));
    }
}

#[test]
fn an_unknown_topic_and_another_language_are_in_the_notice() {
    let topics = ["basket weaving".to_owned()];
    let set = bank().choose(&QuestionRequest { language: "de", ..request("x", &topics, 3) });
    assert_eq!(set.questions.len(), 3);
    assert!(set.notice.contains("nothing on basket weaving"), "{}", set.notice);
    assert!(set.notice.contains("in English"), "{}", set.notice);
}

proptest! {
    #[test]
    fn as_many_distinct_questions_come_as_requested(
        role in ".{0,40}", topic in proptest::option::of("[a-z]{1,12}"),
        count in 1usize..=10, level in 0usize..4, seed: u64,
    ) {
        let topics: Vec<String> = topic.into_iter().collect();
        let level = Level::ALL[level];
        let set = bank().choose(&QuestionRequest { level, seed, ..request(&role, &topics, count) });
        let distinct: HashSet<_> = ids(&set).into_iter().collect();
        prop_assert_eq!(distinct.len(), count);
    }
}

proptest! {
    // Each case is up to thirty interviews.
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// What is nearer to the request comes first, and what is outside only with a notice.
    #[test]
    fn nearer_questions_come_before_farther_ones(
        role in proptest::sample::select(ODD_ROLES.to_vec()), level in 0usize..4, seed: u64,
        count in 1usize..=10, rounds in 0usize..30,
    ) {
        let bank = bank();
        let level = Level::ALL[level];
        let mut asked: Vec<(String, Timestamp)> = Vec::new();
        let fits = fits(&bank, role, &[], "");
        for round in 0..=rounds {
            let at = Timestamp::from_micros(i64::try_from(round).unwrap());
            let request = QuestionRequest { asked: &asked, level, seed, ..request(role, &[], count) };
            let set = bank.choose(&request);
            let chosen: HashSet<String> = ids(&set).into_iter().collect();
            let had = |id: &str| asked.iter().any(|(one, _)| one == id);
            let all: Vec<_> = bank
                .topics
                .iter()
                .zip(&fits.topics)
                .flat_map(|(topic, fit)| topic.questions.iter().map(move |q| (topic, *fit, q)))
                .collect();
            let left: Vec<_> =
                all.iter().filter(|(_, _, q)| !chosen.contains(&q.id) && !had(&q.id)).collect();
            let apart = |q: &BankQuestion| levels_apart(q.level, level);
            for (topic, fit, q) in all.iter().filter(|(_, _, q)| chosen.contains(&q.id)) {
                // Within a topic, the level comes first, and its neighbours next.
                let nearer = |(other, _, one): &&&(&Topic, Fit, &BankQuestion)| {
                    other.name == topic.name && apart(one) < apart(q)
                };
                let is_new = !had(&q.id);
                prop_assert!(!is_new || !left.iter().any(|one| nearer(&one)), "{} {}", role, q.id);
                let of_role = |most: u8| {
                    left.iter().any(|(_, fit, one)| *fit <= Fit::Role && apart(one) <= most)
                };
                match fit {
                    Fit::Named | Fit::Role => {
                        let neighbour = is_new && *fit == Fit::Role && apart(q) == 1;
                        prop_assert!(!neighbour || !of_role(0), "{} {}", role, q.id);
                    }
                    Fit::Related => prop_assert!(!is_new || !of_role(1), "{} {}", role, q.id),
                    Fit::Other => {
                        let left = left.iter().any(|(_, fit, _)| *fit != Fit::Other);
                        prop_assert!(!left && !set.notice.is_empty(), "{} {}", role, q.id);
                    }
                }
                let is_silent = is_new && apart(q) <= 1 && *fit != Fit::Other;
                prop_assert!(is_silent || !set.notice.is_empty(), "{} {}", role, q.id);
            }
            asked.extend(chosen.into_iter().map(|id| (id, at)));
        }
    }
}

proptest! {
    #[test]
    fn any_advert_is_read(advert in "(.|[<>/!\\-\\[\\](&#;=a]|script|\\[url=|-->|Rust|Go ){0,40}") {
        let request = QuestionRequest { job_description: &advert, ..request("Engineer", &[], 1) };
        prop_assert_eq!(bank().choose(&request).questions.len(), 1);
    }
}

/// Roles that name a topic, a role of the bank, both or neither.
const ODD_ROLES: [&str; 10] = [
    "SQL developer",
    "iOS developer",
    "Embedded engineer",
    "QA automation engineer",
    "TypeScript developer",
    "Network engineer",
    "Elixir developer",
    "Software engineer",
    "Engineering manager",
    "registered nurse",
];

#[test]
fn a_preview_counts_the_questions_that_interviews_get_before_any_notice() {
    for (role, topics) in [
        ("SQL developer", vec![]),
        ("Network engineer", vec![]),
        ("Frontend developer", vec!["embedded".to_owned(), "c++".to_owned()]),
    ] {
        for level in Level::ALL {
            let bank = bank();
            let mut asked: Vec<(String, Timestamp)> = Vec::new();
            let all =
                bank.preview(&QuestionRequest { level, ..request(role, &topics, 1) }, &[]).fitting;
            while asked.len() < all {
                let count = (all - asked.len()).min(10);
                let request =
                    QuestionRequest { asked: &asked, level, ..request(role, &topics, count) };
                let preview = bank.preview(&request, &[]);
                assert_eq!((preview.fitting, preview.unasked), (all, all - asked.len()), "{role}");
                assert_eq!(preview.notice, "");
                let set = bank.choose(&request);
                assert_eq!(set.notice, "");
                let at = Timestamp::from_micros(i64::try_from(asked.len()).unwrap());
                asked.extend(ids(&set).into_iter().map(|id| (id, at)));
            }
            let request = QuestionRequest { asked: &asked, level, ..request(role, &topics, 1) };
            let notice = bank.preview(&request, &[]).notice;
            assert!(!notice.is_empty(), "{role}");
            assert_eq!(bank.choose(&QuestionRequest { seed: 7, ..request }).notice, notice);
        }
    }
}

#[test]
fn questions_two_levels_away_are_mentioned_in_the_notice() {
    let topics = ["sql".to_owned()];
    let set = bank().choose(&QuestionRequest { level: Level::Junior, ..request("x", &topics, 10) });
    assert!(
        set.notice.contains("no more near the level junior, so 3 of 10 are for the level senior"),
        "{}",
        set.notice
    );
}
