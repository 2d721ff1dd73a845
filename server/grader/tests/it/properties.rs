//! Any text at all can be graded.

use crate::corpora::{assess, interviews, prepare};
use proptest::prelude::*;
use std::ops::Range;
use std::sync::OnceLock;
use viva_grader::{Dimensions, KeyPoint, Mistake, Prepared, Rubric};

fn prepared() -> &'static Prepared {
    static PREPARED: OnceLock<Prepared> = OnceLock::new();
    PREPARED.get_or_init(|| prepare(&interviews()[0].rubric))
}

/// Arbitrary characters, characters that have caused trouble somewhere, pieces of a real answer,
/// and long runs of one of them.
fn text() -> impl Strategy<Value = String> {
    let odd = prop::sample::select(vec![
        "\0",
        "\u{7}",
        "\u{1b}[2J",
        "\u{202e}",
        "\u{2066}",
        "\u{200b}",
        "\u{fe0f}",
        "\u{301}",
        "\r\n",
        "\u{2028}",
        "👩‍👩‍👧‍👦",
        "🇩🇪",
        "ﬃ",
        "ß",
        "İ",
        "\u{212a}",
        "ſ",
        "日本語",
        "Ａ",
        "𝔘",
        "½",
        "…",
        "’",
        "'",
        "\n- ",
        " 1) ",
        "(",
        ")",
        ", ",
        "; ",
        ". ",
        "__",
        "::",
        "`",
        "#",
        "++",
        "don't",
        "not",
    ]);
    let words: Vec<_> = interviews()[0].answer("excellent").split(' ').collect();
    let word = prop::sample::select(words);
    let piece = prop_oneof![
        3 => any::<char>().prop_map(String::from),
        3 => odd.prop_map(str::to_owned),
        4 => word.prop_map(|word| format!("{word} ")),
    ];
    let run = (piece.clone(), 1..300_usize).prop_map(|(piece, times)| piece.repeat(times));
    let pieces = prop_oneof![9 => piece, 1 => run];
    prop::collection::vec(pieces, 0..60).prop_map(|pieces| pieces.concat())
}

fn rubric() -> impl Strategy<Value = Rubric> {
    let point = (text(), -1.0..4.0_f64, prop::collection::vec(text(), 0..3))
        .prop_map(|(point, weight, phrasings)| KeyPoint { point, weight, phrasings });
    let mistake = (text(), text()).prop_map(|(claim, why_wrong)| Mistake { claim, why_wrong });
    let points = prop::collection::vec(point, 0..4);
    let mistakes = prop::collection::vec(mistake, 0..3);
    (text(), text(), points, mistakes).prop_map(|(question, reference, key_points, mistakes)| {
        Rubric { question, reference, key_points, mistakes }
    })
}

fn marks(dimensions: &Dimensions) -> [f64; 4] {
    let Dimensions { correctness, completeness, quality, communication } = *dimensions;
    [correctness, completeness, quality, communication]
}

fn is_part_of(answer: &str, evidence: Option<&Range<usize>>) -> bool {
    evidence.is_none_or(|range| answer.get(range.clone()).is_some_and(|part| !part.is_empty()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn every_score_of_any_answer_is_a_number_from_nought_to_ten(answer in text()) {
        let assessment = assess(prepared(), &answer);
        for mark in marks(&assessment.dimensions) {
            prop_assert!((0.0..=10.0).contains(&mark), "{mark}");
        }
        for share in [assessment.overall, assessment.range.start, assessment.range.end] {
            prop_assert!((0.0..=1.0).contains(&share), "{share}");
        }
        for point in &assessment.points {
            prop_assert!((0.0..=1.0).contains(&point.p), "{}", point.p);
            prop_assert_eq!(point.evidence.is_some(), point.is_counted());
            prop_assert!(!(point.is_counted() && point.contradicted.is_some()));
        }
    }

    #[test]
    fn evidence_is_a_part_of_the_answer_and_never_empty(answer in text()) {
        let assessment = assess(prepared(), &answer);
        for point in &assessment.points {
            prop_assert!(is_part_of(&answer, point.evidence.as_ref()), "{point:?}");
            prop_assert!(is_part_of(&answer, point.contradicted.as_ref()), "{point:?}");
        }
        for mistake in &assessment.mistakes {
            prop_assert!(is_part_of(&answer, mistake.evidence.as_ref()), "{mistake:?}");
        }
    }

    #[test]
    fn grading_the_same_answer_again_gives_the_same_result(answer in text()) {
        prop_assert_eq!(assess(prepared(), &answer), assess(prepared(), &answer));
        let afresh = prepare(&interviews()[0].rubric);
        prop_assert_eq!(assess(prepared(), &answer), assess(&afresh, &answer));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10))]

    #[test]
    fn an_answer_can_be_graded_against_any_rubric(rubric in rubric(), answer in text()) {
        let prepared = prepare(&rubric);
        let assessment = assess(&prepared, &answer);
        prop_assert_eq!(assessment.points.len(), prepared.points().len());
        prop_assert_eq!(assessment.mistakes.len(), rubric.mistakes.len());
        for mark in marks(&assessment.dimensions) {
            prop_assert!((0.0..=10.0).contains(&mark), "{mark}");
        }
    }
}

/// Different words, as short as possible, of `chars` characters in all.
fn different_words(first: u32, chars: usize) -> String {
    let digit = |n: u32| char::from_digit(n % 36, 36).unwrap();
    let words = (first..).map(|n| format!("{}{}{} ", digit(n / 1296), digit(n / 36), digit(n)));
    words.take(chars / 4).collect()
}

#[test]
fn an_answer_and_a_rubric_of_nothing_but_different_words_are_graded() {
    let phrasings = |n: u32| (0..10).map(|m| different_words(40 * n + 4 * m, 20)).collect();
    let points = (0..50).map(|n| KeyPoint {
        point: different_words(40 * n, 40),
        weight: 1.0,
        phrasings: phrasings(n),
    });
    let mistakes = (0..50).map(|n| Mistake {
        claim: different_words(60 * n, 80),
        why_wrong: different_words(60 * n + 20, 80),
    });
    let rubric = Rubric {
        question: different_words(0, 4000),
        reference: different_words(1000, 20_000),
        key_points: points.collect(),
        mistakes: mistakes.collect(),
    };
    let prepared = prepare(&rubric);
    for answer in [different_words(3000, 20_000), different_words(3000, 20_000).replace('7', ". ")]
    {
        let assessment = assess(&prepared, &answer);
        assert_eq!(assessment.points.len(), 50);
        for mark in marks(&assessment.dimensions) {
            assert!((0.0..=10.0).contains(&mark), "{mark}");
        }
    }
}
