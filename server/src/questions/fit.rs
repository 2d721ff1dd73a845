//! Which topics fit a role, chosen topics and a job advert.

#[cfg(test)]
mod tests;

use std::collections::HashSet;

use super::{
    advert::Advert,
    bank::{Bank, Topic},
    role::{Role, RoleKind},
    words::words,
};
use crate::domain::interview::Level;

/// How well a topic fits the request, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// Chosen by name, or named in the role or the job advert.
    Named,
    /// Belongs to the role.
    Role,
    /// Shares several roles with a named topic.
    Related,
    /// Any other topic.
    Other,
}

/// How a request was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fits {
    /// The fit of each topic, in the bank's order.
    pub(super) topics: Vec<Fit>,
    /// Roles of the bank that the role means.
    roles: Vec<String>,
    /// Whether the bank has nothing for the role or the advert.
    pub(super) is_unknown: bool,
    /// Whether there is an advert and it names no topic of the bank.
    pub(super) is_advert_unknown: bool,
    /// What the bank has nothing on: chosen topics, and languages of the role and the advert.
    pub(super) missing: Vec<String>,
    /// Whether topics were chosen that the bank has; then only these count.
    pub(super) is_chosen: bool,
}

/// A topic that fits at least this many roles is general enough for a role without a subject.
const GENERAL_ROLES: usize = 6;

/// Topics with at least this many roles in common are related.
const RELATED_ROLES: usize = 3;

/// Topics that are one language or one platform. They are asked only if they are named.
pub(super) const LANGUAGES: [&str; 10] =
    ["android", "cpp", "csharp", "go", "ios", "java", "javascript", "python", "rust", "typescript"];

/// How well each topic of the bank fits.
pub(super) fn fits(bank: &Bank, role: &str, topics: &[String], advert: &str) -> Fits {
    let names = names(bank);
    let (mut is_chosen, mut missing) = (vec![false; bank.topics.len()], Vec::new());
    for topic in topics {
        let found = chosen(bank, topic, &names);
        if !found.contains(&true) {
            missing.push(topic.clone());
        }
        is_chosen = is_chosen.iter().zip(found).map(|(one, other)| *one || other).collect();
    }
    if is_chosen.contains(&true) {
        let fit = |is_chosen: &bool| if *is_chosen { Fit::Named } else { Fit::Other };
        return Fits {
            topics: is_chosen.iter().map(fit).collect(),
            roles: Vec::new(),
            is_unknown: false,
            is_advert_unknown: false,
            missing: distinct(missing),
            is_chosen: true,
        };
    }
    let role = Role::of(role, &names);
    let advert_names = Advert::of(advert, &names);
    let mut named = role.words.clone();
    named.extend(advert_names.words.iter().cloned());
    let (topics, roles) = of_words(bank, &role, &named);
    let has_named = topics.contains(&Fit::Named);
    let lacking = role.lacking.iter().chain(&advert_names.lacking).map(|name| (*name).to_owned());
    Fits {
        is_unknown: role.kind == RoleKind::Unknown && !has_named,
        is_advert_unknown: !advert.trim().is_empty() && !names_topic(bank, &advert_names),
        missing: distinct(missing.into_iter().chain(lacking).collect()),
        is_chosen: false,
        topics,
        roles,
    }
}

/// The level that a role in free text names, if it is about software.
pub(super) fn level(bank: &Bank, role: &str) -> Option<Level> {
    Role::of(role, &names(bank)).level
}

impl Fits {
    /// Only the topic with that name fits.
    pub(super) fn of_topic(bank: &Bank, name: &str) -> Self {
        let fit = |topic: &Topic| if topic.name == name { Fit::Named } else { Fit::Other };
        Self {
            topics: bank.topics.iter().map(fit).collect(),
            roles: Vec::new(),
            is_unknown: false,
            is_advert_unknown: false,
            missing: Vec::new(),
            is_chosen: true,
        }
    }

    /// The topics that fit, with how well they do: named ones first, then those closest to the role. A
    /// topic is closer if the role comes earlier in its list of roles, and then if that list is shorter.
    pub(super) fn in_order<'a>(&self, bank: &'a Bank) -> Vec<(&'a Topic, Fit)> {
        let topics = bank.topics.iter().zip(self.topics.iter().copied());
        let mut fitting: Vec<_> = topics.filter(|(_, fit)| *fit != Fit::Other).collect();
        fitting.sort_by_key(|(topic, fit)| {
            let at = topic.roles.iter().position(|role| self.roles.contains(role));
            (*fit, at.unwrap_or(usize::MAX), topic.roles.len())
        });
        fitting
    }
}

/// The distinct names, in the same order.
fn distinct(names: Vec<String>) -> Vec<String> {
    let mut seen = HashSet::new();
    names.into_iter().filter(|name| seen.insert(name.to_lowercase())).collect()
}

fn names_topic(bank: &Bank, advert: &Advert) -> bool {
    bank.topics.iter().any(|topic| is_named(topic, &advert.words))
}

fn of_words(bank: &Bank, role: &Role, named: &HashSet<String>) -> (Vec<Fit>, Vec<String>) {
    let roles: Vec<String> = bank
        .roles()
        .into_iter()
        .filter(|known| role_words(known).iter().any(|word| role.words.contains(word)))
        .map(ToOwned::to_owned)
        .collect();
    // A role may be known although nothing in this bank has its name.
    let names_nothing = !bank.topics.iter().any(|topic| is_named(topic, named));
    let says_nothing = roles.is_empty() && (role.kind != RoleKind::Known || names_nothing);
    let first = |topic: &Topic| {
        let is_named = is_named(topic, named);
        // Naming Rust does not ask for Python, and naming no language asks for none.
        let is_foreign = LANGUAGES.contains(&topic.name.as_str()) && !is_named;
        let of_role = topic.roles.iter().any(|role| roles.contains(role));
        let is_general = says_nothing && topic.roles.len() >= GENERAL_ROLES;
        match () {
            () if is_named => Fit::Named,
            () if !is_foreign && (of_role || is_general) => Fit::Role,
            () => Fit::Other,
        }
    };
    let fits: Vec<Fit> = bank.topics.iter().map(first).collect();
    let named: Vec<&Topic> = bank
        .topics
        .iter()
        .zip(&fits)
        .filter(|(_, fit)| **fit == Fit::Named)
        .map(|(t, _)| t)
        .collect();
    let related = |topic: &Topic| {
        let shared =
            |other: &&Topic| other.roles.iter().filter(|role| topic.roles.contains(role)).count();
        let is_language = LANGUAGES.contains(&topic.name.as_str());
        !is_language && named.iter().any(|other| shared(other) >= RELATED_ROLES)
    };
    let second = |(topic, fit): (&Topic, Fit)| {
        if fit == Fit::Other && related(topic) { Fit::Related } else { fit }
    };
    (bank.topics.iter().zip(fits).map(second).collect(), roles)
}

/// Which topics of the bank a chosen one means: those with its name or title or, if there are none, those
/// that its words mean.
fn chosen(bank: &Bank, chosen: &str, names: &HashSet<String>) -> Vec<bool> {
    let said = words(chosen);
    let has_name = |topic: &Topic| said == words(&topic.name) || said == words(&topic.title);
    let by_name: Vec<bool> = bank.topics.iter().map(has_name).collect();
    if by_name.contains(&true) {
        return by_name;
    }
    let understood = Role::of(chosen, names);
    let is_meant =
        |topic: &Topic| understood.kind == RoleKind::Known && is_named(topic, &understood.words);
    bank.topics.iter().map(is_meant).collect()
}

/// Whether every word of the topic's name is among the words: "distributed" alone does not mean
/// distributed systems to a person who builds control systems.
fn is_named(topic: &Topic, said: &HashSet<String>) -> bool {
    name_words(&topic.name).iter().all(|word| said.contains(*word))
}

/// The words in the names of topics and roles.
fn names(bank: &Bank) -> HashSet<String> {
    let topics = bank.topics.iter().flat_map(|topic| name_words(&topic.name));
    let topics = topics.map(ToOwned::to_owned);
    topics.chain(bank.roles().into_iter().flat_map(role_words)).collect()
}

/// The words of a topic's name, one by one.
fn name_words(name: &str) -> Vec<&str> {
    name.split('-').collect()
}

/// The words of a role's name, without the profession.
fn role_words(role: &str) -> Vec<String> {
    let words = role.to_lowercase();
    let words = words.split([' ', '-']).filter(|word| !["engineer", "engineering"].contains(word));
    words.map(ToOwned::to_owned).collect()
}
