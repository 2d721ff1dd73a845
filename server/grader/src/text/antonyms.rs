//! Antonyms: how a text can say the opposite of another one in nearly the same words.

use std::sync::OnceLock;

/// Pairs of words that cannot both hold.
const ANTONYMS: [(&str, &str); 49] = [
    ("increase", "decrease"),
    ("increases", "decreases"),
    ("more", "less"),
    ("higher", "lower"),
    ("high", "low"),
    ("faster", "slower"),
    ("fast", "slow"),
    ("before", "after"),
    ("first", "last"),
    ("front", "back"),
    ("top", "bottom"),
    ("left", "right"),
    ("static", "dynamic"),
    ("public", "private"),
    ("local", "global"),
    ("always", "never"),
    ("same", "different"),
    ("open", "closed"),
    ("true", "false"),
    ("inside", "outside"),
    ("above", "below"),
    ("larger", "smaller"),
    ("large", "small"),
    ("big", "small"),
    ("greater", "less"),
    ("positive", "negative"),
    ("start", "end"),
    ("head", "tail"),
    ("best", "worst"),
    ("minimum", "maximum"),
    ("add", "remove"),
    ("insert", "delete"),
    ("connected", "disconnected"),
    ("parallel", "series"),
    ("synchronous", "asynchronous"),
    ("mutable", "immutable"),
    ("read", "write"),
    ("client", "server"),
    ("push", "pop"),
    ("ascending", "descending"),
    ("stays", "changes"),
    ("hotter", "colder"),
    ("warmer", "cooler"),
    ("longer", "shorter"),
    ("upper", "lower"),
    ("strong", "weak"),
    ("optimistic", "pessimistic"),
    ("stateless", "stateful"),
    ("stack", "heap"),
];

/// A set of words that have antonyms; bit `n` stands for the `n`-th word of [`Table::words`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct AntonymSet(u128);

impl AntonymSet {
    /// The word alone, or nothing where it has no antonym.
    pub(crate) fn of(word: &str) -> Self {
        table().bit(word)
    }

    pub(crate) fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// How many words of this text the other one turns round: the word is missing there, and an
    /// antonym of it that this text does not have stands there.
    pub(crate) fn reversed_in(self, other: Self) -> usize {
        let (lost, gained) = (self.0 & !other.0, other.0 & !self.0);
        if lost == 0 || gained == 0 {
            return 0;
        }
        let turned =
            |(n, opposites): &(usize, &u128)| lost >> n & 1 == 1 && gained & **opposites != 0;
        table().opposites.iter().enumerate().filter(turned).count()
    }
}

/// The words with antonyms, sorted, and for each of them the set of its antonyms.
struct Table {
    words: Vec<&'static str>,
    opposites: Vec<u128>,
}

impl Table {
    fn new() -> Self {
        let mut words: Vec<_> = ANTONYMS.iter().flat_map(|(one, other)| [*one, *other]).collect();
        words.sort_unstable();
        words.dedup();
        let mut table = Self { opposites: vec![0; words.len()], words };
        for (one, other) in ANTONYMS {
            table.oppose(one, other);
            table.oppose(other, one);
        }
        table
    }

    fn oppose(&mut self, word: &str, opposite: &str) {
        if let Ok(n) = self.words.binary_search(&word) {
            self.opposites[n] |= self.bit(opposite).0;
        }
    }

    fn bit(&self, word: &str) -> AntonymSet {
        AntonymSet(self.words.binary_search(&word).map_or(0, |n| 1 << n))
    }
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(Table::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(words: &[&str]) -> AntonymSet {
        words.iter().fold(AntonymSet::default(), |all, word| all.union(AntonymSet::of(word)))
    }

    #[test]
    fn every_word_with_an_antonym_has_a_bit_of_its_own() {
        assert!(table().words.len() <= 128);
    }

    #[test]
    fn an_antonym_counts_only_where_the_word_itself_is_missing() {
        assert_eq!(set(&["increase", "before"]).reversed_in(set(&["decrease", "after"])), 2);
        assert_eq!(set(&["increase"]).reversed_in(set(&["increase", "decrease"])), 0);
        assert_eq!(set(&["more", "less"]).reversed_in(set(&["less"])), 0);
        assert_eq!(set(&["more"]).reversed_in(set(&["last"])), 0);
    }
}
