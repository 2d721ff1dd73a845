//! Pages of lists that are short enough to be read whole. A request without a page size gets the
//! whole list, as it did before pages existed.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{
    domain::violation::{InvalidValue, Violations},
    services::{ServiceError, ServiceResult},
};

/// The most elements of a page.
const LARGEST: usize = 100;

/// A request for a page.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct PageOf {
    /// The page size; `None`: all elements.
    size: Option<usize>,
    /// The id of the previous page's last element.
    after: Option<String>,
}

/// Parses a request for a page. `list` keeps tokens of one list from being used for another.
pub(super) fn asked(list: &str, page_size: i32, page_token: &str) -> ServiceResult<PageOf> {
    let mut violations = Violations::new();
    let size = usize::try_from(page_size)
        .map_err(|_| InvalidValue::from("Page size must not be negative; 0 means all"));
    let size = violations.check("page_size", size);
    let after = violations.check("page_token", from_token(list, page_token));
    match (size, after) {
        (Some(size), Some(after)) => {
            Ok(PageOf { size: (size > 0).then_some(size.min(LARGEST)), after })
        }
        _ => Err(ServiceError::Validation(violations)),
    }
}

impl PageOf {
    /// Returns the page of a list and the token of the next page, empty after the last. If the
    /// previous page's last element has been deleted since, the page begins with the first element
    /// that `is_behind` it.
    pub(super) fn of<T>(
        self,
        list: &str,
        all: Vec<T>,
        id: impl Fn(&T) -> String,
        is_behind: impl Fn(&T, &str) -> bool,
    ) -> (Vec<T>, String) {
        let mut rest = match &self.after {
            None => all,
            Some(after) => {
                let at = all.iter().position(|element| id(element) == *after);
                let start = at.map_or_else(
                    || all.iter().position(|element| is_behind(element, after)),
                    |at| Some(at + 1),
                );
                all.into_iter().skip(start.unwrap_or(usize::MAX)).collect()
            }
        };
        let Some(size) = self.size.filter(|size| *size < rest.len()) else {
            return (rest, String::new());
        };
        rest.truncate(size);
        let next = rest.last().map(|last| to_token(list, &id(last)));
        (rest, next.unwrap_or_default())
    }
}

fn to_token(list: &str, after: &str) -> String {
    URL_SAFE_NO_PAD.encode(format!("{list}:{after}"))
}

fn from_token(list: &str, token: &str) -> Result<Option<String>, InvalidValue> {
    if token.is_empty() {
        return Ok(None);
    }
    let read = || {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
        Some(text.strip_prefix(list)?.strip_prefix(':')?.to_owned())
    };
    let fault =
        || InvalidValue::from("Page token must be the next_page_token of the previous page");
    read().map(Some).ok_or_else(fault)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A page of numbers that count down.
    fn page(size: i32, token: &str, all: &[u32]) -> (Vec<u32>, String) {
        let is_behind =
            |number: &u32, after: &str| after.parse::<u32>().is_ok_and(|after| *number < after);
        let asked = asked("numbers", size, token).unwrap();
        asked.of("numbers", all.to_vec(), u32::to_string, is_behind)
    }

    #[test]
    fn the_pages_together_are_the_list() {
        let all = [5, 4, 3, 2, 1];
        assert_eq!(
            page(0, "", &all),
            (all.to_vec(), String::new()),
            "without a page size, all of it"
        );
        let (first, next) = page(2, "", &all);
        let (second, last) = page(2, &next, &all);
        assert_eq!((first, second), (vec![5, 4], vec![3, 2]));
        assert_eq!(page(2, &last, &all), (vec![1], String::new()));
        assert_eq!(page(5, "", &all), (all.to_vec(), String::new()));
    }

    #[test]
    fn a_list_continues_where_an_element_was_deleted() {
        let (_, next) = page(2, "", &[5, 4, 3, 2, 1]);
        assert_eq!(page(2, &next, &[5, 3, 2, 1]).0, [3, 2]);
        assert_eq!(page(2, &next, &[5]).0, [0_u32; 0]);
    }

    #[test]
    fn an_invalid_page_is_reported_by_its_fields() {
        let fields = |size, token: &str| match asked("numbers", size, token) {
            Err(ServiceError::Validation(wrong)) => {
                wrong.list().iter().map(|violation| violation.field.clone()).collect::<Vec<_>>()
            }
            _ => Vec::new(),
        };
        assert_eq!(fields(-1, "rubbish"), ["page_size", "page_token"]);
        assert_eq!(fields(1, &to_token("others", "1")), ["page_token"]);
    }
}
