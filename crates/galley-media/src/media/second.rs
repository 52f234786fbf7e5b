//! Pictures of pages by a second engine, for a child that wants them.

use std::path::{Path, PathBuf};

use tempfile::TempDir;
use tokio::time::{Instant, timeout};

use super::convert::made_by;
use super::{Inner, MAX_WAIT, Priority, plan};
use crate::error::{MediaError, MediaErrorKind};
use crate::kind::FileKind;
use crate::protocol::{Drawn, Event, Request, Task, Wanted};

/// A document is gone through so often at most: each time is one more with pictures that were wanted before.
const MAX_ROUNDS: usize = 100;

impl Inner {
    /// Runs a child for the request, and once more with the pictures that it wants of pages it cannot draw right.
    pub(super) async fn run(
        &self,
        priority: Priority,
        key: &str,
        mut request: Request,
        mut on_event: impl FnMut(&Event),
    ) -> Result<(), MediaError> {
        // Pictures are there as long as their folders.
        let mut folders = Vec::new();
        // However many pictures are wanted, a document has no more time than it would have without them.
        let end = Instant::now() + self.options.limits.open_wall;
        for _ in 0..MAX_ROUNDS {
            let (mut wanted, mut done) = (Vec::new(), Vec::new());
            let on_any = |event: &Event| {
                match event {
                    Event::Wanted { wanted: one } => wanted.push(one.clone()),
                    Event::Page { page } => done.push(*page),
                    _ => {}
                }
                on_event(event);
            };
            self.run_once(priority, key, request.clone(), on_any).await?;
            if wanted.is_empty() {
                return Ok(());
            }
            if wanted.iter().any(|one| request.drawn.iter().any(|drawn| drawn.of == *one)) {
                return Err(MediaError::new(MediaErrorKind::Crashed, "a child wants what it has"));
            }
            if let Task::Open { skip } = &mut request.task {
                skip.extend(done);
                // Those pages are done.
                request.drawn.clear();
                folders.clear();
            }
            for one in wanted {
                let late = || MediaError::new(MediaErrorKind::TimedOut, "no time left for another engine");
                let drawn = if Instant::now() > end {
                    Err(late())
                } else {
                    self.draw(priority, &request, &one).await
                };
                let picture = match drawn {
                    Ok((folder, picture)) => {
                        folders.push(folder);
                        Some(picture)
                    }
                    // Says nothing of the page: drawn by the other engine now, it would be of two kinds for good.
                    Err(error) if says_nothing(&error) => return Err(error),
                    Err(error) => {
                        let (page, tool) = (one.page, one.tool.name());
                        tracing::warn!(%key, page, tool, %error, "the built-in engine has to draw a page");
                        None
                    }
                };
                request.drawn.push(Drawn { of: one, picture });
            }
        }
        Err(MediaError::new(MediaErrorKind::Crashed, "a child never has enough"))
    }

    async fn draw(
        &self,
        priority: Priority,
        request: &Request,
        wanted: &Wanted,
    ) -> Result<(TempDir, PathBuf), MediaError> {
        let input: &Path = match &request.task {
            Task::Compare { newer, .. } if wanted.newer => &newer.input,
            _ => &request.input,
        };
        let folder = self.cache.output_folder().await?;
        let plan = plan::page(wanted, input, folder.path()).ok_or_else(|| {
            MediaError::new(MediaErrorKind::Crashed, "a child wants a tool that draws nothing")
        })?;
        let asked = self.request_of(&plan, FileKind::Pdf, input, folder.path()).await?;
        let _background = match priority {
            Priority::Background => Some(self.background.acquire().await),
            Priority::Viewer => None,
        };
        let _turn = timeout(MAX_WAIT, self.children.acquire())
            .await
            .map_err(|_| MediaError::new(MediaErrorKind::Busy, "no child came free"))?;
        let ran = self.launch(&asked, Instant::now() + self.options.limits.render_wall).await?;
        let picture = made_by(&plan, &ran, folder.path()).await?;
        Ok((folder, picture))
    }
}

/// Whether the machine was in the way, and not what is on the page.
fn says_nothing(error: &MediaError) -> bool {
    matches!(error.kind(), MediaErrorKind::Busy | MediaErrorKind::Io | MediaErrorKind::StorageFull)
}
