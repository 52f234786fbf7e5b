//! What waits its turn, and how far it is.

use serde::{Deserialize, Serialize};

/// A job that fails, or leaves its child dead, is tried so often; then it is put aside.
pub const MAX_ATTEMPTS: i64 = 3;

/// A job whose worker ended without a word is tried so often. That is more: a series of power cuts says nothing about
/// the file that happened to be open each time, and what decodes it is a process of its own anyway.
pub const MAX_DEATHS: i64 = 10;

/// Who waits for a piece of work. What is more urgent goes first, and among equals what came first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// Somebody looks at the place where the result will appear.
    Awaited,
    /// Somebody asked for it just now and does something else meanwhile.
    Asked,
    /// One of many, made by a program or together with others.
    Bulk,
    /// Nobody waits.
    Background,
}

impl Urgency {
    /// The number by which jobs are ordered; lower ones go first.
    pub const fn rank(self) -> i64 {
        match self {
            Urgency::Awaited => 0,
            Urgency::Asked => 10,
            Urgency::Bulk => 20,
            Urgency::Background => 30,
        }
    }
}

/// What is being done with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// A browser captures the web page.
    Capturing,
    /// A tool makes a PDF or a picture of it.
    Converting,
    /// It is being looked into.
    Opening,
    /// Its pages are made.
    Rendering,
}

impl Step {
    /// Stable text for storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Step::Capturing => "capturing",
            Step::Converting => "converting",
            Step::Opening => "opening",
            Step::Rendering => "rendering",
        }
    }

    /// Reads what [`Step::as_str`] wrote.
    pub fn parse(text: &str) -> Option<Step> {
        [Step::Capturing, Step::Converting, Step::Opening, Step::Rendering]
            .into_iter()
            .find(|step| step.as_str() == text)
    }
}

/// How far a file is on its way to pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Work {
    /// What is being done.
    pub step: Step,
    /// Pages, or files of a combined one, that are done.
    pub done: u32,
    /// How many there are; 0 while nobody knows.
    pub total: u32,
}

impl Work {
    /// How much of this step is done, from 0 to 1; none while nobody knows.
    pub fn fraction(&self) -> Option<f64> {
        (self.total > 0).then(|| f64::from(self.done.min(self.total)) / f64::from(self.total))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_waits_goes_first() {
        let order = [Urgency::Awaited, Urgency::Asked, Urgency::Bulk, Urgency::Background];
        assert!(order.is_sorted() && order.map(Urgency::rank).is_sorted());
    }

    #[test]
    fn steps_read_back() {
        for step in [Step::Capturing, Step::Converting, Step::Opening, Step::Rendering] {
            assert_eq!(Step::parse(step.as_str()), Some(step));
        }
        assert_eq!(Step::parse(""), None);
    }

    #[test]
    fn a_fraction_stays_between_nothing_and_all() {
        let work = |done, total| Work { step: Step::Rendering, done, total }.fraction();
        assert_eq!(work(0, 0), None);
        assert_eq!(work(0, 4), Some(0.0));
        assert_eq!(work(3, 4), Some(0.75));
        assert_eq!(work(9, 4), Some(1.0));
    }
}
