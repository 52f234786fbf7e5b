use soap::{
    Answer, ApiVersion, Call, Fault, Limits, Operation, OperationDesc, Registry, Request, SoapVersion,
};

use crate::contract::{NAMESPACE, TYPE_ORDER};
use crate::faults;

/// What handlers work with. One value serves one request, so it may carry what is known of the
/// connection beside the service.
pub trait Backend {
    /// A user whose session is valid.
    type Caller;

    /// The user of a session, which the call renews.
    ///
    /// # Errors
    /// [`faults::invalid_session`] if there is no such session.
    fn caller(&self, session_id: &str) -> Result<Self::Caller, Fault>;

    /// The backend for a request to the endpoint of this version, where that makes a difference.
    fn called_at(&self, _version: ApiVersion) -> Option<Self>
    where
        Self: Sized,
    {
        None
    }

    /// The user of a session, if that is known without waiting for anything.
    fn known_caller(&self, _session_id: &str) -> Option<Self::Caller> {
        None
    }
}

/// How long a handler keeps its thread, once the caller is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// It waits for nothing.
    AtOnce,
    /// It reads a little: well under a millisecond of work, no lock to wait for.
    Brief,
    /// As long as it takes.
    Long,
}

/// Carries out an operation for a logged-in user.
pub trait Handler<B: Backend>: Operation {
    /// Tells the pace of a request, for operations that are not always [`Pace::Long`]. Those that are not may
    /// be answered by the thread that received them, which spares two changes of threads.
    const PACE: Option<fn(&Self) -> Pace> = None;

    /// Runs the operation.
    ///
    /// # Errors
    /// The fault to answer.
    fn handle(self, backend: &B, caller: &B::Caller) -> Result<Self::Answer, Fault>;
}

/// Carries out an operation that needs no session.
pub trait OpenHandler<B: Backend>: Operation {
    /// Runs the operation.
    ///
    /// # Errors
    /// The fault to answer.
    fn handle(self, backend: &B) -> Result<Self::Answer, Fault>;
}

/// The way from a call to the handler of its operation.
pub struct Route<B> {
    operation: &'static OperationDesc,
    run: fn(&Call<'_>, &B, SoapVersion) -> Result<Answer, Fault>,
    at_once: Option<AtOnce<B>>,
}

/// Runs an operation if it is no slower than the given pace.
type AtOnce<B> = fn(&Call<'_>, &B, SoapVersion, Pace) -> Option<Result<Answer, Fault>>;

impl<B: Backend> Route<B> {
    /// A route that checks the session before it looks at any other part.
    pub fn session<T: Handler<B>>() -> Route<B> {
        Route {
            operation: const { &T::OPERATION },
            run: |call, backend, soap| {
                let caller = backend.caller(session_id(call).ok_or_else(faults::invalid_session)?)?;
                handle::<B, T>(decode::<T>(call)?, call, backend, &caller, soap)
            },
            at_once: T::PACE.is_some().then_some(|call, backend, soap, slowest| {
                let caller = backend.known_caller(session_id(call)?)?;
                let parts = match decode::<T>(call) {
                    Ok(parts) => parts,
                    Err(fault) => return Some(Err(fault)),
                };
                let pace = T::PACE.map_or(Pace::Long, |pace| pace(&parts));
                (pace == Pace::AtOnce || pace == slowest)
                    .then(|| handle::<B, T>(parts, call, backend, &caller, soap))
            }),
        }
    }

    /// A route without a session.
    pub fn open<T: OpenHandler<B>>() -> Route<B> {
        Route {
            operation: const { &T::OPERATION },
            run: |call, backend, soap| Ok(answer::<T>(&decode::<T>(call)?.handle(backend)?, call, soap)),
            at_once: None,
        }
    }
}

fn session_id<'d>(call: &Call<'d>) -> Option<&'d str> {
    call.text("SessionID").ok().flatten().filter(|id| !id.is_empty())
}

fn handle<B: Backend, T: Handler<B>>(
    parts: T,
    call: &Call<'_>,
    backend: &B,
    caller: &B::Caller,
    soap: SoapVersion,
) -> Result<Answer, Fault> {
    let versioned = backend.called_at(call.version());
    let result = parts.handle(versioned.as_ref().unwrap_or(backend), caller)?;
    Ok(answer::<T>(&result, call, soap))
}

fn decode<T: Operation>(call: &Call<'_>) -> Result<T, Fault> {
    T::decode(call).map_err(|error| error.into_fault(faults::missing_parameter))
}

fn answer<T: Operation>(result: &T::Answer, call: &Call<'_>, soap: SoapVersion) -> Answer {
    soap::write_answer(result, T::OPERATION.name, NAMESPACE, soap, call.version())
}

/// Answers requests.
pub struct Dispatcher<B> {
    registry: Registry,
    routes: Vec<Route<B>>,
}

/// An answer and what there is to log about it. Answers may hold session ids and personal links, so
/// there is no `Debug`.
pub struct Reply {
    /// What to send.
    pub answer: Answer,
    /// Name of the operation as the contract writes it, once it is known.
    pub operation: Option<&'static str>,
    /// The fault that the answer carries.
    pub fault: Option<Fault>,
}

impl<B: Backend> Dispatcher<B> {
    /// A dispatcher for these routes only.
    pub fn of(routes: Vec<Route<B>>) -> Dispatcher<B> {
        let registry = Registry::new(routes.iter().map(|route| route.operation), TYPE_ORDER);
        Dispatcher { registry, routes }
    }

    /// The operations that are routed.
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// Answers the request in `body`, sent to the endpoint of `version`. Whatever is wrong with it
    /// becomes a fault. The order of complaints: XML and envelope, unknown operation, session, values
    /// of the wrong type, missing parts, the operation itself.
    pub fn dispatch(&self, backend: &B, version: ApiVersion, body: &[u8], limits: &Limits) -> Reply {
        let mut soap = SoapVersion::V11;
        let mut operation = None;
        let result = self.with_call(version, body, limits, &mut soap, |route, call, soap| {
            operation = Some(route.operation.name);
            (route.run)(call, backend, soap)
        });
        match result {
            Ok(answer) => Reply { answer, operation, fault: None },
            Err(fault) => Reply { answer: fault.answer(soap), operation, fault: Some(fault) },
        }
    }

    /// Answers a request as [`Dispatcher::dispatch`] does, but only if it is no slower than `slowest`, by
    /// its [`Handler::PACE`], and the session is known. `None` sends the same request to `dispatch`, on a
    /// thread that may wait.
    pub fn dispatch_at_once(
        &self,
        backend: &B,
        version: ApiVersion,
        body: &[u8],
        limits: &Limits,
        slowest: Pace,
    ) -> Option<Reply> {
        let mut soap = SoapVersion::V11;
        let result = self.with_call(version, body, limits, &mut soap, |route, call, soap| {
            let result = route.at_once.and_then(|run| run(call, backend, soap, slowest));
            Ok(result.map(|result| (result, route.operation.name)))
        });
        let (result, name) = result.ok().flatten()?;
        let operation = Some(name);
        Some(match result {
            Ok(answer) => Reply { answer, operation, fault: None },
            Err(fault) => Reply { answer: fault.answer(soap), operation, fault: Some(fault) },
        })
    }

    /// Reads a request up to the point where its operation takes over. `soap` is the version to answer
    /// in, as soon as it is known.
    fn with_call<T>(
        &self,
        version: ApiVersion,
        body: &[u8],
        limits: &Limits,
        soap: &mut SoapVersion,
        run: impl FnOnce(&Route<B>, &Call<'_>, SoapVersion) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let text = soap::decode_text(body, limits)?;
        let request = Request::parse(&text, limits)?;
        *soap = request.version();
        let call = request.call()?;
        let found = self.registry.find(call.name(), version);
        let route =
            found.and_then(|found| self.routes.iter().find(|route| std::ptr::eq(route.operation, found)));
        let route = route.ok_or_else(|| Fault::unknown_operation(call.name()))?;
        run(route, &Call::bind(&request, route.operation, version)?, *soap)
    }
}
