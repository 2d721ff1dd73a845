//! A set of questions from the stock, adapted to the request.

use serde_json::{Value, json};

use super::stock::{Entry, STOCK};
use crate::message::Message;

/// How many questions to give at most, whatever the request.
const MOST: u64 = 50;

/// How far the start of one set is from the start of the next. It has no common factor with the
/// size of the stock, so that every entry gets its turn as the start.
const STRIDE: usize = 7;

/// The levels, from the least to the most experienced.
const LEVELS: [&str; 4] = ["junior", "mid", "senior", "staff"];

/// What the request asks for.
struct Wish<'a> {
    role: String,
    level: &'a str,
    label: String,
    /// What must not be asked, including the set so far, as returned by [`folded`].
    taken: Vec<String>,
}

/// The content of the reply. Each `turn` starts elsewhere in the stock.
pub(crate) fn questions(message: &Message, turn: usize) -> String {
    let mut wish = Wish {
        role: one_line(message.text("role")),
        level: message.text("level"),
        label: message.label(),
        taken: message.texts("already_asked").into_iter().map(folded).collect(),
    };
    let topics: Vec<_> = message.texts("topics").into_iter().map(one_line).collect();
    let count = message.material["count"].as_u64().unwrap_or(1).min(MOST);
    let mut set = Vec::new();
    for place in 0..usize::try_from(count).unwrap_or_default() {
        let topic = match topics.len() {
            0 => None,
            many => topics.get((turn + place) % many).map(String::as_str),
        };
        let entry = wish.choose(topic, turn * STRIDE);
        let text = wish.word(entry, topic);
        set.push(question(entry, &text, topic.unwrap_or(entry.topic)));
        wish.taken.push(folded(&text));
    }
    json!({ "questions": set }).to_string()
}

impl Wish<'_> {
    /// The entry that was asked least, then fits the topic best, then is closest to the level; on a
    /// tie, the first from `start` on.
    fn choose(&self, topic: Option<&str>, start: usize) -> &'static Entry {
        let (before, after) = STOCK.split_at(start % STOCK.len());
        let misfit = |entry: &&&'static Entry| {
            let own = folded(entry.question);
            let asked = self.taken.iter().filter(|taken| taken.contains(&own)).count();
            (asked, self.distance(entry, topic), self.is_far(entry))
        };
        after.iter().chain(before).min_by_key(misfit).unwrap_or(&STOCK[0])
    }

    /// 0 for an entry on the topic (or, without a topic, on the role's subject), 1 for one that any
    /// engineer can be asked, 2 for the rest.
    fn distance(&self, entry: &Entry, topic: Option<&str>) -> u8 {
        let subject = folded(topic.unwrap_or(&self.role));
        match entry {
            entry if entry.is_about(&subject) => 0,
            entry if entry.general => 1,
            _ => 2,
        }
    }

    fn is_far(&self, entry: &Entry) -> bool {
        let place = |level: &str| LEVELS.iter().position(|known| *known == level);
        match (place(entry.level), place(self.level)) {
            (Some(own), Some(wanted)) => own.abs_diff(wanted) > 1,
            _ => false,
        }
    }

    /// The entry's question in words that are not taken: its own words if it is on the topic,
    /// otherwise in the context of the topic, then of the role, and finally numbered.
    fn word(&self, entry: &Entry, topic: Option<&str>) -> String {
        let Self { role, label, .. } = self;
        let own = entry.question;
        let on_topic = topic.is_none_or(|topic| entry.is_about(&folded(topic)));
        let plain = on_topic.then(|| own.to_owned());
        let in_topic = topic.map(|topic| format!("In the context of {topic}: {own}"));
        let in_role = (!role.is_empty()).then(|| format!("In the daily work of a {role}: {own}"));
        let numbered = (2..).map(|number| format!("Another case, number {number}: {own}"));
        let mut words = plain.into_iter().chain(in_topic).chain(in_role).chain(numbered);
        let fresh = words.find(|text| !self.taken.contains(&folded(&format!("{label}{text}"))));
        format!("{label}{}", fresh.as_deref().unwrap_or(own))
    }
}

fn question(entry: &Entry, text: &str, topic: &str) -> Value {
    let points = entry.points.iter();
    let points = points.map(|(weight, point)| json!({"point": point, "weight": weight}));
    json!({
        "question": text,
        "topic": topic,
        "reference": entry.reference,
        "key_points": points.collect::<Vec<_>>(),
    })
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Lower case with single spaces, for comparison.
fn folded(text: &str) -> String {
    one_line(text).to_lowercase()
}
