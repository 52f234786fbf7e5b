use crate::api_version::ApiVersion;
use crate::decode::{DecodeError, Decoder};
use crate::describe::{FieldDesc, OperationDesc};
use crate::envelope::Request;
use crate::fault::{Fault, FaultCode};
use crate::limits::Limits;
use crate::tree::Element;

/// A call whose parts are matched to the parameters of its operation but not yet decoded.
pub struct Call<'d> {
    operation: &'static OperationDesc,
    version: ApiVersion,
    limits: &'d Limits,
    slots: Vec<Option<Element<'d>>>,
}

impl<'d> Call<'d> {
    /// Matches the parts of `request` to the parameters that `operation` has in `version`: by name if
    /// at least one name is known, else by position, where `param0`, `param1` … say their position
    /// themselves.
    ///
    /// # Errors
    /// `Missing parameter` for a call without any part of an operation that has parameters, `Error
    /// cannot find parameter` for more nameless parts than there are parameters, and the faults of
    /// [`Request::call`].
    pub fn bind(
        request: &'d Request<'_>,
        operation: &'static OperationDesc,
        version: ApiVersion,
    ) -> Result<Call<'d>, Fault> {
        let element = request.call()?;
        let limits = request.limits();
        let mut slots = vec![None; operation.params.len()];
        Decoder::new(limits, version).fields(element, operation.params, &mut slots);
        if slots.iter().all(Option::is_none) {
            by_position(element, operation.params, version, &mut slots)?;
        }
        Ok(Call { operation, version, limits, slots })
    }

    /// The operation.
    pub fn operation(&self) -> &'static OperationDesc {
        self.operation
    }

    /// The API version called.
    pub fn version(&self) -> ApiVersion {
        self.version
    }

    /// Text of the part `name` alone, whatever its declared type. `None` when it is absent or null.
    ///
    /// # Errors
    /// When it holds no plain text.
    pub fn text(&self, name: &str) -> Result<Option<&'d str>, DecodeError> {
        let at = self.operation.params.iter().position(|param| param.name == name);
        let Some(element) = at.and_then(|at| self.slots[at]) else { return Ok(None) };
        let mut decoder = self.decoder();
        match decoder.enter(element)? {
            None => Ok(None),
            Some(element) => decoder.text(element).map(Some),
        }
    }

    /// The elements of the parts, one slot for each parameter of any version.
    pub fn slots(&self) -> &[Option<Element<'d>>] {
        &self.slots
    }

    /// A decoder for this call with nothing spent yet.
    pub fn decoder(&self) -> Decoder<'d> {
        Decoder::new(self.limits, self.version)
    }
}

fn by_position<'d>(
    call: Element<'d>,
    params: &[FieldDesc],
    version: ApiVersion,
    slots: &mut [Option<Element<'d>>],
) -> Result<(), Fault> {
    let client = |text: &'static str| Fault::new(FaultCode::Client, text);
    let count = params.iter().filter(|param| param.in_version(version)).count();
    if count > 0 && call.children().next().is_none() {
        return Err(client("Missing parameter"));
    }
    for (position, child) in call.children().enumerate() {
        let position = numbered(child.name()).unwrap_or(position);
        let mut served = params.iter().zip(slots.iter_mut()).filter(|(param, _)| param.in_version(version));
        let (_, slot) = served.nth(position).ok_or_else(|| client("Error cannot find parameter"))?;
        slot.get_or_insert(child);
    }
    Ok(())
}

fn numbered(name: &str) -> Option<usize> {
    let digits = name.strip_prefix("param")?;
    digits.bytes().all(|digit| digit.is_ascii_digit()).then(|| digits.parse().ok())?
}
