//! Which grader gave an evaluation, what it cost, and which opinions it is based on.

use viva_proto::v1::{Evaluation, Grader, GraderKind, Opinion, Provenance};

use crate::{text, words};

/// The warning about a score that the grader says is uncertain.
pub(crate) const UNSURE: &str = "The grader is unsure of this score: judge it yourself.";

/// The grader of the answer and the cost; empty if unknown.
pub(crate) fn sentence(evaluation: &Evaluation) -> String {
    let Some(grader) = &evaluation.grader else {
        return String::new();
    };
    let name = text::neutral_line(&grader.name);
    let version = text::neutral_line(&grader.version);
    match grader.kind() {
        GraderKind::Model => by_a_model(evaluation, &name, &version),
        kind => {
            let who = match kind {
                GraderKind::Offline => "Offline estimate by",
                _ => "Evaluated by",
            };
            let attempts = match evaluation.attempts {
                0 | 1 => String::new(),
                n => format!(", attempt {n}"),
            };
            format!("{who} {name} {version}{attempts}")
        }
    }
}

/// Why there was more than one opinion, and the score of each; `None` if there was only one.
pub(crate) fn opinions(evaluation: &Evaluation) -> Option<(String, String)> {
    let provenance = evaluation.provenance.as_ref()?;
    if provenance.opinions.is_empty() {
        return None;
    }
    let all: Vec<_> = provenance.opinions.iter().map(opinion).collect();
    let note = match provenance.note.trim() {
        "" => "There was more than one opinion.".to_owned(),
        note => text::sentence(note),
    };
    Some((note, all.join(" · ")))
}

fn by_a_model(evaluation: &Evaluation, name: &str, version: &str) -> String {
    let prompt = match version {
        "" => String::new(),
        version => format!(", prompt {version}"),
    };
    let provenance = evaluation.provenance.clone().unwrap_or_default();
    let duration = match provenance.duration_ms {
        ..=0 => String::new(),
        milliseconds => format!(" in {}", words::duration(milliseconds)),
    };
    let mut parts = vec![format!("Evaluated by {name} (language model{prompt}){duration}")];
    parts.extend(count(evaluation.attempts, "attempt"));
    parts.extend(count(provenance.model_calls, "call"));
    parts.extend(tokens(&provenance));
    format!("{}.", parts.join(", "))
}

fn count(n: i32, noun: &str) -> Option<String> {
    let n = usize::try_from(n).ok().filter(|n| *n > 0)?;
    Some(words::count(n, noun))
}

/// Tokens sent and received, as far as the model's endpoint counted.
fn tokens(provenance: &Provenance) -> Option<String> {
    let counted = [provenance.prompt_tokens, provenance.completion_tokens];
    let counted: Vec<_> =
        counted.into_iter().filter(|n| *n > 0).map(|n| words::thousands(n.into())).collect();
    (!counted.is_empty()).then(|| format!("{} tokens", counted.join(" + ")))
}

fn opinion(opinion: &Opinion) -> String {
    let name = opinion.grader.as_ref().map_or_else(|| "somebody".to_owned(), name);
    let score = match &opinion.scores {
        Some(scores) => words::score(words::mean(scores)),
        None => "no score".to_owned(),
    };
    let stands = if opinion.stands { " (stands)" } else { "" };
    format!("{name} {score}{stands}")
}

fn name(grader: &Grader) -> String {
    text::neutral_line(&grader.name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::data;

    fn model(provenance: Provenance) -> Evaluation {
        let mut evaluation = data::by_model(0, 7.4).evaluation.unwrap();
        evaluation.provenance = Some(provenance);
        evaluation
    }

    #[test]
    fn a_models_evaluation_is_described_with_its_cost() {
        let all = Provenance {
            duration_ms: 3_249,
            model_calls: 2,
            prompt_tokens: 1_204,
            completion_tokens: 310,
            ..Provenance::default()
        };
        assert_eq!(
            sentence(&model(all)),
            "Evaluated by qwen2.5-32b (language model, prompt viva-evaluation-1) in 3.2\u{a0}s, 1 \
             attempt, 2 calls, 1,204 + 310 tokens."
        );
    }

    #[test]
    fn numbers_that_were_not_counted_are_left_out() {
        assert_eq!(
            sentence(&model(Provenance { prompt_tokens: 12, ..Provenance::default() })),
            "Evaluated by qwen2.5-32b (language model, prompt viva-evaluation-1), 1 attempt, 12 \
             tokens."
        );
        let grader =
            Grader { kind: GraderKind::Model.into(), name: "m".into(), ..Grader::default() };
        let bare = Evaluation { grader: Some(grader), ..Evaluation::default() };
        assert_eq!(sentence(&bare), "Evaluated by m (language model).");
        assert_eq!(sentence(&Evaluation::default()), "");
    }

    #[test]
    fn every_opinion_is_listed_and_the_final_one_marked() {
        let evaluation = data::disputed(0).evaluation.unwrap();
        let (note, all) = opinions(&evaluation).unwrap();
        assert!(note.ends_with('.'), "{note}");
        assert_eq!(all, "qwen2.5-32b 8.0 · qwen2.5-32b 6.2 (stands) · viva-offline 2.5");
        assert_eq!(opinions(&data::by_model(0, 7.4).evaluation.unwrap()), None);
    }
}
