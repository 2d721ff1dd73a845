//! Which interview a command is for: one by number, or the latest.

use std::str::FromStr;

use super::{Exit, Failure};
use crate::{
    api::Api,
    problem::{Problem, ProblemKind},
};

/// An interview as the command line names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    /// The one created last.
    Latest,
    /// The one with this number.
    Number(i64),
}

impl FromStr for Which {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "latest" => Ok(Self::Latest),
            number => number
                .parse()
                .map(Self::Number)
                .map_err(|_| "it must be the number of an interview, or `latest`"),
        }
    }
}

impl Which {
    /// Returns the interview's id.
    pub(super) async fn id(self, api: &Api) -> Result<i64, Failure> {
        match self {
            Self::Number(id) => Ok(id),
            Self::Latest => {
                let page = api.list_interviews(String::new()).await?;
                let latest = page.interviews.first();
                latest.map(|interview| interview.id).ok_or_else(none_yet)
            }
        }
    }
}

fn none_yet() -> Failure {
    let message = "There is no interview yet. Create one with: viva interview new --role ROLE";
    Failure::new(Exit::NotFound, message)
}

/// The failure for an interview that could not be read or changed.
pub(super) fn interview_failure(problem: Problem, id: i64) -> Failure {
    if problem.kind == ProblemKind::NotFound {
        let message = format!("There is no interview {id}. `viva interview list` shows yours.");
        return Failure::new(Exit::NotFound, message);
    }
    problem.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interview_is_named_by_number_or_as_latest() {
        assert_eq!("latest".parse(), Ok(Which::Latest));
        assert_eq!("12".parse(), Ok(Which::Number(12)));
        assert!("newest".parse::<Which>().is_err());
        assert!("".parse::<Which>().is_err());
    }
}
