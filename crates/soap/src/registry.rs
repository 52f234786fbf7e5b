use std::cmp::Ordering;

use crate::api_version::ApiVersion;
use crate::describe::{OperationDesc, TypeRef};

/// All operations of an API, of all versions.
pub struct Registry {
    operations: Vec<&'static OperationDesc>,
    /// Positions in `operations`, ordered by name without regard to case.
    by_name: Vec<usize>,
    type_order: &'static [&'static str],
}

impl Registry {
    /// A registry of `operations` in the order in which a WSDL lists them. `type_order` is the order
    /// of types there; types that it does not name follow in the order in which they are met.
    pub fn new(
        operations: impl IntoIterator<Item = &'static OperationDesc>,
        type_order: &'static [&'static str],
    ) -> Registry {
        let operations: Vec<_> = operations.into_iter().collect();
        let mut by_name: Vec<usize> = (0..operations.len()).collect();
        by_name.sort_by(|&a, &b| compare(operations[a].name, operations[b].name));
        Registry { operations, by_name, type_order }
    }

    /// The operation called `name` in `version`, without regard to letter case.
    pub fn find(&self, name: &str, version: ApiVersion) -> Option<&'static OperationDesc> {
        let start = self.by_name.partition_point(|&at| compare(self.operations[at].name, name).is_lt());
        let candidates = self.by_name[start..].iter().map(|&at| self.operations[at]);
        candidates
            .take_while(|operation| compare(operation.name, name).is_eq())
            .find(|operation| operation.in_version(version))
    }

    /// The operations of all versions, in order. One whose form changed stands there once a form.
    pub fn all(&self) -> impl Iterator<Item = &'static OperationDesc> {
        self.operations.iter().copied()
    }

    /// The operations of `version`, in order.
    pub fn operations(&self, version: ApiVersion) -> impl Iterator<Item = &'static OperationDesc> {
        self.operations.iter().copied().filter(move |operation| operation.in_version(version))
    }

    /// Objects and arrays that the operations of `version` use, directly or through others, in order.
    pub fn types(&self, version: ApiVersion) -> Vec<TypeRef> {
        let mut found = Vec::new();
        for operation in self.operations(version) {
            for param in operation.params.iter().filter(|param| param.in_version(version)) {
                collect(param.ty, version, &mut found);
            }
            collect(operation.returns, version, &mut found);
        }
        let place = |ty: &TypeRef| self.type_order.iter().position(|name| *name == ty.name());
        found.sort_by_key(|ty| place(ty).unwrap_or(usize::MAX));
        found
    }
}

/// Adds a named type after the types it is made of.
fn collect(ty: TypeRef, version: ApiVersion, found: &mut Vec<TypeRef>) {
    if !matches!(ty, TypeRef::Object(_) | TypeRef::Array(_))
        || found.iter().any(|known| known.name() == ty.name())
    {
        return;
    }
    match ty {
        TypeRef::Object(object) => {
            for field in object.fields.iter().filter(|field| field.in_version(version)) {
                collect(field.ty, version, found);
            }
        }
        TypeRef::Array(array) => collect(array.item, version, found),
        TypeRef::String | TypeRef::Int | TypeRef::Boolean | TypeRef::Double | TypeRef::AnyType => {}
    }
    found.push(ty);
}

fn compare(a: &str, b: &str) -> Ordering {
    a.bytes().map(|byte| byte.to_ascii_lowercase()).cmp(b.bytes().map(|byte| byte.to_ascii_lowercase()))
}
