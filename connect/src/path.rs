//! Where in a request something is, in the same words as the server's own errors:
//! `items[6].request.answer`.

use std::fmt::{self, Write};

/// A step into a request.
#[derive(Debug)]
enum Step {
    Field(String),
    Element(usize),
}

/// The way into a request.
#[derive(Debug, Default)]
pub(crate) struct Path(Vec<Step>);

impl Path {
    /// Goes into a field.
    pub(crate) fn enter(&mut self, field: &str) {
        self.0.push(Step::Field(field.to_owned()));
    }

    /// Goes into an element of a list.
    pub(crate) fn enter_element(&mut self, index: usize) {
        self.0.push(Step::Element(index));
    }

    /// Goes back.
    pub(crate) fn leave(&mut self) {
        self.0.pop();
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, step) in self.0.iter().enumerate() {
            match step {
                Step::Field(name) => {
                    if index > 0 {
                        f.write_char('.')?;
                    }
                    f.write_str(name)?;
                }
                Step::Element(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}
