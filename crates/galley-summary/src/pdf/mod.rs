//! The PDF: for each version a first sheet with the facts and the people, then a sheet or more for each page
//! that has comments, the page at the left and its comments at the right.

mod book;
mod breaks;
mod canvas;
mod cover;
mod embed;
mod file;
mod image;
mod marks;
mod text;
mod threads;

use crate::content::{Comment, Picture, Reviewer, Stage, Summary, Version};
use crate::fonts::Library;
use crate::words::clean;
use crate::{SUMMARY_LIMITS, SummaryError};
use book::Book;
use std::collections::BTreeSet;
use std::io::Write;
use std::path::PathBuf;

/// Where pictures of pages come from.
pub trait Pictures {
    /// How many will be asked for at most; said once, at first.
    fn expect(&mut self, pictures: usize);

    /// The picture of a page of one of the versions, which count from 0; none when there is no such picture.
    ///
    /// # Errors
    /// What it gives ends the summary.
    fn picture(&mut self, version: usize, page: u32) -> Result<Option<Picture>, SummaryError>;
}

/// Writes the file. Comments beyond what [`SUMMARY_LIMITS`] allow are left out, and the file says so.
///
/// # Errors
/// [`SummaryError::Io`] when it cannot be written, [`SummaryError::Font`], and what `pictures` gives.
pub fn write_pdf(
    out: impl Write,
    summary: &Summary,
    pictures: &mut dyn Pictures,
    font_folders: &[PathBuf],
) -> Result<(), SummaryError> {
    let summary = cleaned(summary);
    let library = Library::for_characters(&characters(&summary), font_folders);
    pictures.expect(
        summary
            .versions
            .iter()
            .map(|v| pages_shown(v).len().max(1))
            .sum::<usize>()
            .min(SUMMARY_LIMITS.pictures),
    );
    let mut book = Book::new(out, &summary, pictures, &library)?;
    for index in 0..summary.versions.len() {
        book.cover(index)?;
        book.threads(index)?;
    }
    book.finish()
}

/// Pages of a version that have comments, in their order.
fn pages_shown(version: &Version) -> BTreeSet<u32> {
    version.comments.iter().filter_map(|comment| comment.page).collect()
}

/// The same without characters that cannot be drawn.
fn cleaned(summary: &Summary) -> Summary {
    let mut summary = summary.clone();
    let fix = |text: &mut String| *text = clean(text);
    fix(&mut summary.account);
    fix(&mut summary.asked_by);
    for version in &mut summary.versions {
        let texts = [&mut version.name, &mut version.file_name, &mut version.owner];
        texts.into_iter().for_each(fix);
        version.folder.iter_mut().for_each(fix);
        version.decision.iter_mut().for_each(|verdict| fix(&mut verdict.label));
        for stage in &mut version.stages {
            fix(&mut stage.name);
            stage.decision.iter_mut().for_each(|verdict| fix(&mut verdict.label));
            for one in &mut stage.reviewers {
                fix(&mut one.name);
                fix(&mut one.email);
                one.decision.iter_mut().for_each(|verdict| fix(&mut verdict.label));
            }
        }
        for comment in &mut version.comments {
            [&mut comment.author, &mut comment.text].into_iter().for_each(fix);
            comment.action.iter_mut().for_each(fix);
            comment.resolved_by.iter_mut().for_each(fix);
            comment
                .replies
                .iter_mut()
                .for_each(|reply| [&mut reply.author, &mut reply.text].into_iter().for_each(fix));
        }
    }
    summary
}

/// All characters that are to be drawn, but those every sheet has.
fn characters(summary: &Summary) -> BTreeSet<char> {
    let mut found = BTreeSet::new();
    let mut add = |text: &str| found.extend(text.chars());
    add(&summary.account);
    add(&summary.asked_by);
    for version in &summary.versions {
        for text in [&version.name, &version.file_name, &version.owner] {
            add(text);
        }
        version.folder.iter().for_each(|text| add(text));
        version.decision.iter().for_each(|verdict| add(&verdict.label));
        for Stage { name, decision, reviewers, .. } in &version.stages {
            add(name);
            decision.iter().for_each(|verdict| add(&verdict.label));
            for Reviewer { name, email, decision, .. } in reviewers {
                add(name);
                add(email);
                decision.iter().for_each(|verdict| add(&verdict.label));
            }
        }
        for Comment { author, text, action, resolved_by, replies, .. } in &version.comments {
            add(author);
            add(text);
            action.iter().chain(resolved_by).for_each(|text| add(text));
            for reply in replies {
                add(&reply.author);
                add(&reply.text);
            }
        }
    }
    found
}
