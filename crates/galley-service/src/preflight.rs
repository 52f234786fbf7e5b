//! What a person who prints looks for in a file. A report, and never a gate: nothing is refused for it.

use crate::interactive::check_has_pages;
use crate::worker::blocking;
use crate::{Link, Service, ServiceError};
use galley_media::{Facts, Finding, Source, findings};
use galley_model::{FileId, Page, Proof};
use galley_store::Read;

/// What there is to know of a file of a proof.
#[derive(Clone, Debug)]
pub struct Checked {
    /// Its name; none if the proof is made of this file alone.
    pub name: Option<String>,
    /// Warnings first. Pages are those of the proof. None if the file could not be read for this.
    pub findings: Option<Vec<Finding>>,
}

impl Service {
    /// What there is to know of the files of a proof, or none while they are being rendered. Whoever may look at
    /// the proof may know.
    ///
    /// # Errors
    /// As [`Service::follow`], and [`ServiceError::NotFound`] for a proof that could not be rendered,
    /// [`ServiceError::Conflict`] for an interactive one.
    pub async fn link_preflight(&self, link: &Link) -> Result<Option<Vec<Checked>>, ServiceError> {
        let check = |tx: &Read<'_>, proof: &Proof| check_has_pages(tx, proof, "checked for print");
        let Some(parts) = self.link_parts(link, check).await? else { return Ok(None) };
        let mut checked = Vec::with_capacity(parts.len());
        for part in parts {
            let found = match self.facts_of(part.file).await {
                Ok(facts) => Some(on_pages(findings(&facts), &part.pages)),
                Err(ServiceError::Media(_) | ServiceError::NotFound(_)) => None,
                Err(error) => return Err(error),
            };
            checked.push(Checked { name: part.name, findings: found });
        }
        Ok(Some(checked))
    }

    /// Looks for the facts of a file that has just been rendered, so that they are there when somebody asks. If
    /// that fails they are looked for again then.
    pub(crate) async fn examine(&self, file: FileId, source: &Source) {
        let service = self.clone();
        let pages = blocking(move || Ok(service.store().read(|tx| tx.interactive(file))?.is_none())).await;
        if !matches!(pages, Ok(true)) {
            return;
        }
        if let Err(error) = self.find_facts(file, source).await {
            tracing::info!(file = file.0, %error, "a file could not be looked at for print");
        }
    }

    async fn facts_of(&self, file: FileId) -> Result<Facts, ServiceError> {
        let service = self.clone();
        let known = blocking(move || Ok(service.store().read(|tx| tx.preflight(file))?)).await?;
        // What an older version wrote and this one cannot read is looked for anew.
        match known.and_then(|text| serde_json::from_str(&text).ok()) {
            Some(facts) => Ok(facts),
            None => self.find_facts(file, &self.readable(file).await?).await,
        }
    }

    async fn find_facts(&self, file: FileId, source: &Source) -> Result<Facts, ServiceError> {
        let facts = self.inner.media.preflight(source).await?;
        let text = serde_json::to_string(&facts).map_err(|error| ServiceError::internal(&error))?;
        let service = self.clone();
        let kept = blocking(move || Ok(service.store().write(|tx| tx.set_preflight(file, &text))?)).await;
        match kept {
            // Looking must not need room on the disk.
            Ok(()) | Err(ServiceError::StorageFull) => Ok(facts),
            Err(error) => Err(error),
        }
    }
}

/// Pages of the file as pages of the proof.
fn on_pages(mut found: Vec<Finding>, pages: &[Page]) -> Vec<Finding> {
    for finding in &mut found {
        let of_proof = |number: &u32| pages.iter().find(|p| p.file_page == *number).map(|p| p.number);
        finding.pages = finding.pages.iter().filter_map(of_proof).collect();
    }
    found
}
