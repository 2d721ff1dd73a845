//! The real program in a terminal: what a user sees, from the first key to the last answer, through
//! crashes, signals and servers that go away.

#[cfg(test)]
mod crashes;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod interview;
#[cfg(test)]
mod kept;
#[cfg(test)]
mod local_models;
#[cfg(test)]
mod marks;
#[cfg(test)]
mod model;
#[cfg(test)]
mod palette;
#[cfg(test)]
mod practice;
#[cfg(test)]
mod preferences;
#[cfg(test)]
mod remote;
#[cfg(test)]
mod signals;
#[cfg(test)]
mod start;
#[cfg(test)]
mod support;
#[cfg(test)]
mod unasked;
#[cfg(test)]
mod windows;
#[cfg(test)]
mod writing;
