//! Interviews with an order of their own: a question for each part, of its topic and level.

use std::collections::HashSet;

use super::{Bank, Fits, QuestionCandidate, QuestionRequest, QuestionSet, candidates, fits};
use crate::{
    domain::interview::Part,
    questions::notice::{come_again, nothing_on, of_language, some, unwanted},
};

/// The question for a part, and how its topic was understood.
struct Chosen<'a> {
    candidate: QuestionCandidate<'a>,
    fits: Fits,
    is_of_level: bool,
}

impl Bank {
    /// Chooses a question for each part, in order. If there are more questions than parts, the parts
    /// repeat from the first; if there are fewer, the last parts are left out.
    pub fn choose_parts(&self, request: &QuestionRequest, parts: &[Part]) -> QuestionSet {
        let mut taken: HashSet<&str> = HashSet::new();
        let mut chosen: Vec<Chosen> = Vec::new();
        for (part, at) in parts.iter().cycle().take(request.count).zip(0_u64..) {
            let next = self.choose_part(request, part, at, &taken);
            taken.extend(next.as_ref().map(|next| next.candidate.question.id.as_str()));
            chosen.extend(next);
        }
        let notice = notice(request, &chosen);
        let asked = |one: &Chosen| one.candidate.question.to_new_question(one.candidate.topic);
        QuestionSet { questions: chosen.iter().map(asked).collect(), notice }
    }

    /// The best question for a part that is not taken; `None` once the bank has no more.
    fn choose_part<'a>(
        &'a self,
        request: &QuestionRequest,
        part: &Part,
        at: u64,
        taken: &HashSet<&str>,
    ) -> Option<Chosen<'a>> {
        let topics = std::slice::from_ref(&part.topic);
        let level = part.level.unwrap_or(request.level);
        // Equal parts get different seeds.
        let seed = request.seed.wrapping_add(at);
        let request = QuestionRequest { level, topics, seed, ..request.clone() };
        let fits = self.fits_of_part(&request, &part.topic);
        let candidate = candidates(self, &request, &fits)
            .into_iter()
            .filter(|candidate| !taken.contains(candidate.question.id.as_str()))
            .min_by(|a, b| a.order(a.cost, b, b.cost))?;
        let is_of_level = candidate.question.level == level;
        Some(Chosen { candidate, fits, is_of_level })
    }

    /// A topic's exact name means that topic; anything else is understood like the topics of a
    /// request.
    fn fits_of_part(&self, request: &QuestionRequest, topic: &str) -> Fits {
        if !self.topics.iter().any(|known| known.name == topic) {
            return fits(self, request.role, request.topics, request.job_description);
        }
        Fits::of_topic(self, topic)
    }
}

/// The notice about what could not be exactly as in the parts.
fn notice(request: &QuestionRequest, chosen: &[Chosen]) -> String {
    let all = chosen.len();
    let mut sentences = Vec::new();
    let mut missing: Vec<&str> = Vec::new();
    for topic in chosen.iter().flat_map(|one| &one.fits.missing) {
        if !missing.contains(&topic.as_str()) {
            missing.push(topic);
        }
    }
    if !missing.is_empty() {
        sentences.push(nothing_on(&missing.join(", ")));
    }
    let is_stray = |one: &&Chosen| one.candidate.rank.is_outside && one.fits.missing.is_empty();
    let strays = chosen.iter().filter(is_stray).count();
    if strays > 0 {
        let come = some(strays, all, "comes", "come");
        sentences
            .push(format!("It has too few questions on the chosen topics, so {come} from others."));
    }
    let inside = || chosen.iter().map(|one| &one.candidate).filter(|one| !one.rank.is_outside);
    sentences.extend(unwanted(inside().filter(|one| one.is_unwanted()).count(), all));
    sentences.extend(come_again(inside().filter(|one| one.is_repeat()).count(), all));
    let off_level = chosen.iter().filter(|one| !one.is_of_level).count();
    if off_level > 0 {
        let are = some(off_level, all, "is", "are");
        sentences.push(format!("You have had all others of the level, so {are} harder or easier."));
    }
    sentences.extend(of_language(request));
    sentences.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{clock::Timestamp, interview::Level};

    fn part(topic: &str, level: Level) -> Part {
        Part { topic: topic.into(), level: Some(level), minutes: 5 }
    }

    fn request(count: usize, asked: &[(String, Timestamp)]) -> QuestionRequest<'_> {
        QuestionRequest {
            role: "Backend engineer",
            level: Level::Mid,
            count,
            topics: &[],
            job_description: "",
            language: "en",
            asked,
            not_again: &[],
            again_soon: &[],
            seed: 7,
        }
    }

    fn topics(set: &QuestionSet) -> Vec<&str> {
        set.questions.iter().map(|question| question.topic.as_str()).collect()
    }

    #[test]
    fn questions_come_in_the_order_of_the_parts_and_of_their_levels() {
        let bank = Bank::built_in().unwrap();
        let parts =
            [part("sql", Level::Staff), part("rust", Level::Junior), part("sql", Level::Mid)];
        let set = bank.choose_parts(&request(3, &[]), &parts);
        assert_eq!(topics(&set), ["sql", "rust", "sql"]);
        let level = |id: &Option<String>| {
            bank.questions().find(|(_, q)| Some(&q.id) == id.as_ref()).unwrap().1.level
        };
        let levels: Vec<_> = set.questions.iter().map(|q| level(&q.bank_id)).collect();
        assert_eq!(levels, [Level::Staff, Level::Junior, Level::Mid]);
        assert_eq!(set.notice, "");
    }

    #[test]
    fn fewer_questions_leave_the_last_parts_out_and_more_begin_again() {
        let bank = Bank::built_in().unwrap();
        let parts = [part("sql", Level::Mid), part("rust", Level::Mid)];
        assert_eq!(topics(&bank.choose_parts(&request(1, &[]), &parts)), ["sql"]);
        let set = bank.choose_parts(&request(5, &[]), &parts);
        assert_eq!(topics(&set), ["sql", "rust", "sql", "rust", "sql"]);
        let distinct: HashSet<_> = set.questions.iter().map(|q| q.bank_id.clone()).collect();
        assert_eq!(distinct.len(), 5);
    }

    #[test]
    fn what_a_part_cannot_have_is_in_the_notice() {
        let bank = Bank::built_in().unwrap();
        let set = bank.choose_parts(&request(1, &[]), &[part("basket weaving", Level::Mid)]);
        assert_eq!(set.questions.len(), 1);
        assert_eq!(set.notice, "The question bank has nothing on basket weaving.");
        let sql = bank.topics.iter().find(|topic| topic.name == "sql").unwrap();
        let asked = |of: &dyn Fn(Level) -> bool| -> Vec<(String, Timestamp)> {
            let ids = sql.questions.iter().filter(|q| of(q.level)).map(|q| q.id.clone());
            ids.zip(0..).map(|(id, at)| (id, Timestamp::from_micros(at))).collect()
        };
        let staff = asked(&|level| level == Level::Staff);
        let set = bank.choose_parts(&request(1, &staff), &[part("sql", Level::Staff)]);
        assert_eq!(topics(&set), ["sql"]);
        assert!(set.notice.contains("1 of 1 is harder or easier"), "{}", set.notice);
        let all = asked(&|_| true);
        let set = bank.choose_parts(&request(1, &all), &[part("sql", Level::Staff)]);
        assert!(set.notice.contains("1 of 1 comes again"), "{}", set.notice);
    }

    #[test]
    fn the_same_question_never_comes_twice_in_an_interview() {
        let bank = Bank::built_in().unwrap();
        let parts = vec![part("sql", Level::Staff); 10];
        let set = bank.choose_parts(&request(10, &[]), &parts);
        let distinct: HashSet<_> = set.questions.iter().map(|q| q.bank_id.clone()).collect();
        assert_eq!(distinct.len(), 10);
        assert!(set.notice.contains("7 of 10 are harder or easier"), "{}", set.notice);
    }
}
