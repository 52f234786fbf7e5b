//! The message that a summary is made: to the address that was given when somebody asked for it.

use super::payload::Payload;
use galley_model::{Event, EventKind, SummaryKind, SummaryNews, SummaryState, Timestamp};
use galley_store::{NewDelivery, StoreError, Write};

/// Writes the delivery for a summary that is finished, if a program is to be told. The document says what the
/// original's says; nothing is known of what it passes through, so that stays empty.
pub(super) fn add_delivery(
    tx: &Write<'_>,
    event: &Event,
    public_url: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let EventKind::SummaryFinished { summary, .. } = &event.kind else { return Ok(()) };
    let Some(summary) = tx.summary(*summary)? else { return Ok(()) };
    let SummaryNews::Callback { url, interval } = &summary.news else { return Ok(()) };
    let Some(proof) = tx.proof(summary.proof)? else { return Ok(()) };
    let (kind, element) = match summary.kind {
        SummaryKind::Pdf => ("pdfprintsummary", "pdf_url"),
        SummaryKind::Excel => ("xlsprintsummary", "xls_url"),
    };
    let (file_url, status) = match &summary.state {
        SummaryState::Ready { code, .. } => (format!("{public_url}/file/printup/code/{code}"), "success"),
        SummaryState::Waiting | SummaryState::Failed { .. } => (String::new(), "failed"),
    };
    let payload = Payload::new(kind)
        .id("file_id", proof.id.0)
        .text("proof_name", &proof.name)
        .text(element, &file_url)
        .text("status", status)
        .text("pass_through", "");
    let new = NewDelivery {
        account: summary.account,
        proof: Some(proof.id),
        kind: payload.kind(),
        url,
        interval: *interval,
        body: &payload.document(),
        happened: event.at,
    };
    tx.add_delivery(&new, now)?;
    Ok(())
}
