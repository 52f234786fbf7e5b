//! Pictures of what comments are about.

use crate::actions::seen_comment;
use crate::{Missing, Picture, Service, ServiceError, UserCaller};
use galley_media::{Shape, ShapeKind};
use galley_model::{CommentId, Markup, MarkupKind, Page, Screen};

/// What to show of a comment.
#[derive(Clone, Debug)]
pub struct Excerpt {
    comment: CommentId,
    page: Page,
    /// When the frame begins that it is about, in microseconds.
    moment: Option<u64>,
    shapes: Vec<Shape>,
}

impl Service {
    /// What to show of a comment: its markups on the page it is on, or on the frame of a video. Without any, the whole page, and of a
    /// general comment the first page.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for the comment, and for the page while it is not there.
    pub fn comment_excerpt(&self, caller: &UserCaller, id: CommentId) -> Result<Excerpt, ServiceError> {
        self.store().read(|tx| {
            let (comment, seen) = seen_comment(tx, caller, id)?;
            let number = comment.markups.first().map(|markup| markup.page).or(comment.page).unwrap_or(1);
            let page = tx.page(seen.proof.file, number)?.filter(|page| page.ready);
            let page = page.ok_or(ServiceError::NotFound(Missing::Page))?;
            // On the picture of one screen, marks of another would point at nothing.
            let here = comment.screen.as_ref().is_none_or(Screen::is_pictured);
            let drawn = comment.markups.iter().filter(|markup| here && markup.page == number);
            let shapes = drawn.map(shape).collect();
            let moment = match &comment.moment {
                Some(moment) if tx.recording(page.file)?.is_some_and(|r| r.picture) => Some(moment.begins),
                _ => None,
            };
            Ok(Excerpt { comment: id, page, moment, shapes })
        })
    }

    /// The picture of it.
    ///
    /// # Errors
    /// As [`Service::tile`].
    pub async fn excerpt(&self, excerpt: &Excerpt) -> Result<Picture, ServiceError> {
        let source = self.readable(excerpt.page.file).await?;
        let source = excerpt.moment.map_or_else(|| source.clone(), |moment| source.at(moment));
        let id = u64::try_from(excerpt.comment.0).unwrap_or_default();
        Ok(self.inner.media.excerpt(&source, excerpt.page.file_page, id, &excerpt.shapes).await?)
    }
}

fn shape(markup: &Markup) -> Shape {
    let kind = match markup.kind {
        MarkupKind::Rectangle => ShapeKind::Box,
        MarkupKind::Highlight => ShapeKind::Area,
        MarkupKind::Arrow => ShapeKind::Arrow,
        MarkupKind::Line | MarkupKind::Freehand => ShapeKind::Line,
        MarkupKind::Pin => ShapeKind::Dot,
    };
    Shape {
        kind,
        points: markup.points.clone(),
        color: color(&markup.color),
        width: markup.width,
        opacity: markup.opacity,
    }
}

/// `#rrggbb`; what is none is black.
pub(crate) fn color(text: &str) -> [u8; 3] {
    let number = text.strip_prefix('#').and_then(|digits| u32::from_str_radix(digits, 16).ok()).unwrap_or(0);
    let [_, red, green, blue] = number.to_be_bytes();
    [red, green, blue]
}
