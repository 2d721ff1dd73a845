//! The processor time and memory of processes, from `/proc`.

use std::{collections::HashMap, fs};

/// Linux counts the time of processes in hundredths of a second, whatever the kernel's own clock is.
const TICKS_A_SECOND: f64 = 100.0;

/// The processes to measure. Each counts with everything that it has started.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Watched {
    pub(crate) server: Option<u32>,
    pub(crate) database: Option<u32>,
}

/// Seconds of processor time so far.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Spent {
    pub(crate) server: f64,
    pub(crate) database: f64,
}

impl Watched {
    pub(crate) fn spent(self) -> Spent {
        let all = all_processes();
        let of = |process: Option<u32>| process.map_or(0.0, |process| seconds(process, &all));
        Spent { server: of(self.server), database: of(self.database) }
    }

    /// The most memory that the server itself has used, in MiB.
    pub(crate) fn peak(self) -> Option<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.server?)).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        let kibibytes: f64 = line.trim().trim_end_matches(" kB").parse().ok()?;
        Some(kibibytes / 1024.0)
    }
}

/// A process by its line in `/proc/PID/stat`.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Process {
    parent: u32,
    /// Its own ticks, and those of its ended children.
    ticks: u64,
}

fn all_processes() -> HashMap<u32, Process> {
    let Ok(folder) = fs::read_dir("/proc") else { return HashMap::new() };
    let numbers = folder.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    numbers
        .filter_map(|number: u32| {
            let stat = fs::read_to_string(format!("/proc/{number}/stat")).ok()?;
            Some((number, parse(&stat)?))
        })
        .collect()
}

fn parse(stat: &str) -> Option<Process> {
    // The name, in brackets, may have spaces and brackets in it.
    let (_, rest) = stat.rsplit_once(") ")?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    let ticks = fields.get(11..15)?.iter().map(|field| field.parse::<u64>().unwrap_or(0)).sum();
    Some(Process { parent: fields.get(1)?.parse().ok()?, ticks })
}

/// The processor time of a process and all its descendants, in seconds.
fn seconds(root: u32, all: &HashMap<u32, Process>) -> f64 {
    let mut below = vec![root];
    let mut at = 0;
    while let Some(process) = below.get(at).copied() {
        let children = all.iter().filter(|(_, child)| child.parent == process);
        below.extend(children.map(|(number, _)| *number));
        at += 1;
    }
    let ticks = below.iter().filter_map(|number| all.get(number)).map(|one| one.ticks).sum::<u64>();
    ticks as f64 / TICKS_A_SECOND
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_with_any_name_is_read() {
        let stat = "42 (a (b) c) S 7 1 1 0 -1 4194560 1 2 3 4 100 20 3 1 20 0 1 0 5";
        assert_eq!(parse(stat), Some(Process { parent: 7, ticks: 124 }));
        assert_eq!(parse("nonsense"), None);
    }

    #[test]
    fn the_children_of_a_process_count_with_it() {
        let process = |parent, ticks| Process { parent, ticks };
        let all = HashMap::from([
            (1, process(0, 1000)),
            (2, process(1, 100)),
            (3, process(2, 50)),
            (4, process(1, 7)),
        ]);
        assert!((seconds(2, &all) - 1.5).abs() < 1e-9);
    }

    #[test]
    fn this_process_has_memory() {
        let watched = Watched { server: Some(std::process::id()), database: None };
        assert!(watched.peak().unwrap() > 1.0);
    }
}
