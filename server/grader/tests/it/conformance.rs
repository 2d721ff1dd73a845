//! The grader agrees with the reference implementation on every number of the conformance vectors.

use serde::Deserialize;
use serde_json::Value;
use viva_grader::{Dimension, Grade, Grader, KeyPoint, Mistake, ReferenceGuards, Rubric};

const TOLERANCE: f64 = 1e-3;

#[derive(Deserialize)]
struct Case {
    question: String,
    reference: String,
    answer: String,
    #[serde(default)]
    key_points: Vec<Value>,
    #[serde(default)]
    mistakes: Vec<Mistake>,
    #[serde(flatten)]
    expected: Value,
}

fn cases(of_rubrics: bool) -> Vec<Case> {
    let lines = include_str!("../vectors.jsonl").lines();
    let values = lines.map(|line| serde_json::from_str::<Value>(line).unwrap());
    let wanted = values.filter(|value| value.get("type").is_some() == of_rubrics);
    wanted.map(|value| serde_json::from_value(value).unwrap()).collect()
}

fn assert_near(actual: f64, expected: &Value, what: &str) {
    let expected = expected.as_f64().unwrap_or_else(|| panic!("{what}: {expected}"));
    assert!((actual - expected).abs() <= TOLERANCE, "{what}: {actual} instead of {expected}");
}

#[test]
fn marks_by_the_reference_agree_with_the_reference_implementation() {
    let cases = cases(false);
    assert_eq!(cases.len(), 24);
    for (n, case) in cases.iter().enumerate() {
        let points: Vec<_> =
            case.key_points.iter().map(|point| point[0].as_str().unwrap()).collect();
        let grade = Grader::builtin().grade_reference(
            &case.question,
            &case.reference,
            &case.answer,
            &points,
        );
        let expected = &case.expected;
        for (name, value) in expected["features"].as_object().unwrap() {
            assert_near(grade.features.get(name).unwrap(), value, &format!("{n} {name}"));
        }
        assert_near(grade.question_overlap, &expected["qjac"], &format!("{n} qjac"));
        assert_near(grade.plain, &expected["plain"], &format!("{n} plain"));
        assert_near(grade.guarded, &expected["guarded"], &format!("{n} guarded"));
        assert_near(grade.relevance, &expected["relevance"], &format!("{n} relevance"));
        assert_near(grade.score, &expected["score"], &format!("{n} score"));
        assert_guards(&grade.guards, &expected["guards"], n);
        for (p, value) in grade.points.iter().zip(expected["key_point_p"].as_array().unwrap()) {
            assert_near(*p, value, &format!("{n} key point"));
        }
    }
}

fn assert_guards(guards: &ReferenceGuards, expected: &Value, n: usize) {
    let actual = [
        ("empty", guards.empty),
        ("question_copied", guards.question_copied),
        ("keyword_list", guards.keyword_list),
        ("negated_copy", guards.negated_copy),
        ("off_topic_essay", guards.off_topic_essay),
    ];
    for (name, value) in actual {
        let one = Value::from(1.0);
        assert_near(value, expected.get(name).unwrap_or(&one), &format!("{n} {name}"));
    }
}

#[test]
fn grades_by_rubric_agree_with_the_reference_implementation() {
    let cases = cases(true);
    assert_eq!(cases.len(), 24);
    for (n, case) in cases.iter().enumerate() {
        let rubric = Rubric {
            question: case.question.clone(),
            reference: case.reference.clone(),
            key_points: case.key_points.iter().map(key_point).collect(),
            mistakes: case.mistakes.clone(),
        };
        let prepared = Grader::builtin().prepare(&rubric);
        let grade = Grader::builtin().grade(&prepared, &case.answer);
        let expected = &case.expected["result"];
        assert_near(grade.overall, &expected["overall"], &format!("{n} overall"));
        assert_near(grade.score, &expected["score"], &format!("{n} score"));
        assert_near(grade.coverage, &expected["coverage"], &format!("{n} coverage"));
        assert_points(&grade, &case.answer, expected, n);
        assert_mistakes(&grade, &case.answer, &expected["mistakes"], n);
        assert_dimensions(&grade, &expected["dimensions"], n);
        let guards = &expected["guards"];
        assert_near(grade.guards.relevance, &guards["relevance"], &format!("{n} relevance"));
        assert_near(grade.guards.prose, &guards["prose"], &format!("{n} prose"));
        assert_near(grade.guards.contradicted, &guards["contradicted"], &format!("{n} reversed"));
        for (name, value) in expected["features"]["answer"].as_object().unwrap() {
            assert_near(grade.signals.get(name).unwrap(), value, &format!("{n} {name}"));
        }
    }
}

fn key_point(value: &Value) -> KeyPoint {
    let phrasings = value[2].as_array().unwrap().iter();
    KeyPoint {
        point: value[0].as_str().unwrap().to_owned(),
        weight: value[1].as_f64().unwrap(),
        phrasings: phrasings.map(|phrasing| phrasing.as_str().unwrap().to_owned()).collect(),
    }
}

fn assert_points(grade: &Grade, answer: &str, expected: &Value, n: usize) {
    let points = expected["points"].as_array().unwrap();
    assert_eq!(grade.points.len(), points.len(), "{n}");
    for (i, (actual, expected)) in grade.points.iter().zip(points).enumerate() {
        assert_near(actual.p, &expected["p"], &format!("{n} point {i}"));
        assert_eq!(actual.state.as_str(), expected["state"], "{n} point {i}");
        let evidence = actual.evidence.clone().map_or("", |range| &answer[range]);
        assert_eq!(evidence, expected["evidence"], "{n} point {i}");
        let contradicted = actual.contradicted.map(viva_grader::Contradiction::as_str);
        assert_eq!(contradicted, expected["contradicted"].as_str(), "{n} point {i}");
    }
    let features = expected["features"]["points"].as_array().unwrap();
    for (i, (actual, expected)) in grade.points.iter().zip(features).enumerate() {
        for (name, value) in expected.as_object().unwrap() {
            let actual = actual.features.get(name).unwrap();
            assert_near(actual, value, &format!("{n} point {i} {name}"));
        }
    }
}

fn assert_mistakes(grade: &Grade, answer: &str, expected: &Value, n: usize) {
    let expected = expected.as_array().unwrap();
    assert_eq!(grade.mistakes.len(), expected.len(), "{n}");
    for (i, (actual, expected)) in grade.mistakes.iter().zip(expected).enumerate() {
        assert_near(actual.p, &expected["p"], &format!("{n} mistake {i}"));
        assert_near(actual.margin, &expected["margin"], &format!("{n} margin {i}"));
        assert_eq!(actual.made, expected["made"], "{n} mistake {i}");
        let evidence = actual.evidence.clone().map_or("", |range| &answer[range]);
        assert_eq!(evidence, expected["evidence"], "{n} mistake {i}");
    }
}

fn assert_dimensions(grade: &Grade, expected: &Value, n: usize) {
    let marks = &grade.dimensions;
    let correctness = &marks.correctness.basis;
    assert_dimension(
        &marks.correctness,
        &expected["correctness"],
        n,
        &[
            ("overall", correctness.overall),
            ("best_point", correctness.best_point),
            ("mistake", correctness.mistake),
            ("contradicted", correctness.contradicted),
        ],
    );
    let completeness = &marks.completeness.basis;
    assert_dimension(
        &marks.completeness,
        &expected["completeness"],
        n,
        &[("coverage", completeness.coverage), ("relevance", completeness.relevance)],
    );
    let quality = &marks.quality.basis;
    assert_dimension(
        &marks.quality,
        &expected["quality"],
        n,
        &[
            ("overall", quality.overall),
            ("specifics", quality.specifics),
            ("reasoning", quality.reasoning),
        ],
    );
    let communication = &marks.communication.basis;
    assert_dimension(
        &marks.communication,
        &expected["communication"],
        n,
        &[
            ("sentence_words", communication.sentence_words),
            ("prose", communication.prose),
            ("length", communication.length),
            ("filler", communication.filler),
            ("reasoning", communication.reasoning),
        ],
    );
}

fn assert_dimension<B>(mark: &Dimension<B>, expected: &Value, n: usize, basis: &[(&str, f64)]) {
    assert_near(mark.value, &expected["value"], &format!("{n} {expected}"));
    assert_eq!(mark.band.as_str(), expected["band"], "{n}");
    let why = expected["why"].as_object().unwrap();
    assert_eq!(why.len(), basis.len(), "{n}");
    for (name, value) in basis {
        assert_near(*value, &why[*name], &format!("{n} {name}"));
    }
}
