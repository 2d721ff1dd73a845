//! Where to look for models on this machine, and for how long.

use std::time::Duration;

/// The default ports of Ollama, LM Studio and llama.cpp.
const USUAL: [u16; 3] = [11434, 1234, 8080];
/// How long to wait for a reply from a usual port.
const PATIENCE: Duration = Duration::from_millis(300);
/// How long to wait at a port from the settings, where a model is expected.
const PATIENCE_WHERE_NAMED: Duration = Duration::from_secs(3);
/// The most ports that can be named.
const MOST: usize = 8;

/// The ports of the loopback address to look at; none means not to look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ports {
    numbers: Vec<u16>,
    patience: Duration,
}

impl Default for Ports {
    fn default() -> Self {
        Self { numbers: USUAL.to_vec(), patience: PATIENCE }
    }
}

impl Ports {
    /// Parses a setting: `off`, or ports separated by commas.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let numbers = if text.trim() == "off" {
            Vec::new()
        } else {
            let numbers = text.split(',').map(|number| number.trim().parse().ok());
            numbers.collect::<Option<Vec<u16>>>()?
        };
        let is_right = numbers.len() <= MOST && !numbers.contains(&0);
        is_right.then_some(Self { numbers, patience: PATIENCE_WHERE_NAMED })
    }

    /// These ports, with this time limit.
    #[cfg(test)]
    pub(crate) fn at(numbers: &[u16], patience: Duration) -> Self {
        Self { numbers: numbers.to_vec(), patience }
    }

    /// The value of the setting; `None` for the usual ports.
    pub(crate) fn setting(&self) -> Option<String> {
        let is_usual = *self == Self::default();
        (!is_usual).then(|| if self.is_none() { "off".to_owned() } else { self.words() })
    }

    /// The port numbers.
    pub(crate) fn numbers(&self) -> &[u16] {
        &self.numbers
    }

    /// How long to wait for a reply from each.
    pub(crate) fn patience(&self) -> Duration {
        self.patience
    }

    /// Whether there are no ports to look at.
    pub(crate) fn is_none(&self) -> bool {
        self.numbers.is_empty()
    }

    /// The ports as a list in words.
    pub(crate) fn words(&self) -> String {
        let numbers = self.numbers.iter().map(u16::to_string);
        numbers.collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_separated_by_commas_or_off() {
        assert_eq!(Ports::default().words(), "11434, 1234, 8080");
        assert_eq!(Ports::parse("9000, 9001").unwrap().words(), "9000, 9001");
        assert!(Ports::parse("off").unwrap().is_none());
        for text in ["off", "9000", "11434, 1234, 8080"] {
            assert_eq!(Ports::parse(text).unwrap().setting().as_deref(), Some(text));
        }
        assert_eq!(Ports::default().setting(), None);
        for bad in ["", "on", "0", "65536", "-1", "1,,2", "1 2", "1,2,3,4,5,6,7,8,9"] {
            assert_eq!(Ports::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_usual_ports_have_less_time_than_named_ones() {
        assert_eq!(Ports::default().patience(), Duration::from_millis(300));
        assert!(Ports::parse("9000").unwrap().patience() > Duration::from_millis(300));
    }
}
