//! What people do, and how often.

use std::{fmt, str::FromStr};

use rand::RngExt;

/// One call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Operation {
    /// Signs in by name and password.
    Login,
    /// Reads the caller's account.
    Me,
    /// Lists the caller's interviews.
    List,
    /// Reads the report of an interview.
    Report,
    /// Reads the state of an answer's evaluation.
    Status,
    /// Submits an answer.
    Submit,
}

const NAMES: [(Operation, &str); 6] = [
    (Operation::Login, "login"),
    (Operation::Me, "me"),
    (Operation::List, "list"),
    (Operation::Report, "report"),
    (Operation::Status, "status"),
    (Operation::Submit, "submit"),
];

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = NAMES.iter().find(|(operation, _)| operation == self).map(|(_, name)| name);
        f.write_str(name.unwrap_or(&""))
    }
}

impl FromStr for Operation {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let known = NAMES.iter().find(|(_, name)| *name == word).map(|(operation, _)| *operation);
        known.ok_or_else(|| format!("{word} is not an operation"))
    }
}

/// Operations, weighted by shares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mix(Vec<(Operation, u32)>);

/// What people usually do with Viva.
const USUAL: &str = "login=2,list=20,report=30,status=28,submit=20";
const WITHOUT_LOGIN: &str = "list=20,report=30,status=28,submit=20";

impl FromStr for Mix {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = match text {
            "mix" => USUAL,
            "mix-without-login" => WITHOUT_LOGIN,
            other => other,
        };
        let shares = text.split(',').map(|share| {
            let (operation, count) = share.split_once('=').unwrap_or((share, "1"));
            let count = count.parse().map_err(|_| format!("{count} is not a share"))?;
            Ok((operation.parse()?, count))
        });
        let shares: Vec<(Operation, u32)> = shares.collect::<Result<_, String>>()?;
        if shares.iter().all(|(_, count)| *count == 0) {
            return Err(format!("{text} has no shares"));
        }
        Ok(Self(shares))
    }
}

impl Mix {
    /// A random operation, according to the shares.
    pub(crate) fn choose(&self) -> Operation {
        let all: u32 = self.0.iter().map(|(_, count)| count).sum();
        let mut at = rand::rng().random_range(0..all.max(1));
        for (operation, count) in &self.0 {
            if at < *count {
                return *operation;
            }
            at -= count;
        }
        Operation::Me
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_come_in_their_shares() {
        let mix: Mix = "list=3,submit=1".parse().unwrap();
        let lists = (0..4000).filter(|_| mix.choose() == Operation::List).count();
        assert!((2700..3300).contains(&lists), "{lists}");
        let only: Mix = "report".parse().unwrap();
        assert!((0..50).all(|_| only.choose() == Operation::Report));
    }

    #[test]
    fn an_invalid_mix_is_refused_with_a_message() {
        for (text, fault) in [
            ("fly", "fly is not an operation"),
            ("list=many", "many is not a share"),
            ("list=0", "list=0 has no shares"),
        ] {
            assert_eq!(text.parse::<Mix>().unwrap_err(), fault);
        }
    }
}
