use crate::api_version::ApiVersion;

/// Type of a value on the wire.
#[derive(Debug, Clone, Copy)]
pub enum TypeRef {
    /// `xsd:string`.
    String,
    /// `xsd:int`.
    Int,
    /// `xsd:boolean`.
    Boolean,
    /// `xsd:double`.
    Double,
    /// `xsd:anyType`.
    AnyType,
    /// An object with named fields.
    Object(&'static ObjectDesc),
    /// A list of `item` elements.
    Array(&'static ArrayDesc),
}

impl TypeRef {
    /// Name without namespace, as in faults and in the documentation: `int`, `IntArray`.
    pub const fn name(self) -> &'static str {
        match self {
            TypeRef::String => "string",
            TypeRef::Int => "int",
            TypeRef::Boolean => "boolean",
            TypeRef::Double => "double",
            TypeRef::AnyType => "anyType",
            TypeRef::Object(object) => object.name,
            TypeRef::Array(array) => array.name,
        }
    }
}

/// An object type.
#[derive(Debug)]
pub struct ObjectDesc {
    /// Name in the WSDL.
    pub name: &'static str,
    /// Documentation, plain text.
    pub doc: &'static str,
    /// Fields of all versions, in wire order.
    pub fields: &'static [FieldDesc],
}

/// An array type.
#[derive(Debug)]
pub struct ArrayDesc {
    /// Name in the WSDL.
    pub name: &'static str,
    /// Type of its items.
    pub item: TypeRef,
}

/// Whether a part or field has to be present in a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Requirement {
    /// May be left out.
    Optional,
    /// The documentation asks for it, the server manages without it.
    Documented,
    /// Absent, null or empty text is [`DecodeError::Missing`](crate::DecodeError::Missing).
    Enforced,
}

/// A part of an operation or a field of an object.
#[derive(Debug)]
pub struct FieldDesc {
    /// Name of its element.
    pub name: &'static str,
    /// Its type.
    pub ty: TypeRef,
    /// First version that has it.
    pub since: ApiVersion,
    /// First version that no longer has it.
    pub until: Option<ApiVersion>,
    /// Whether requests have to carry it.
    pub requirement: Requirement,
    /// First version whose WSDL calls it nillable.
    pub nillable_since: Option<ApiVersion>,
    /// Documentation, plain text.
    pub doc: &'static str,
}

impl FieldDesc {
    /// Whether `version` has it.
    pub fn in_version(&self, version: ApiVersion) -> bool {
        version.has(self.since, self.until)
    }

    /// Whether it is nillable in `version`.
    pub fn nillable_in(&self, version: ApiVersion) -> bool {
        self.nillable_since.is_some_and(|since| since <= version)
    }
}

/// An operation.
#[derive(Debug)]
pub struct OperationDesc {
    /// Name in the WSDL. Requests may write it in any letter case.
    pub name: &'static str,
    /// First version that has it.
    pub since: ApiVersion,
    /// First version that no longer has it.
    pub until: Option<ApiVersion>,
    /// Its parts of all versions, in wire order.
    pub params: &'static [FieldDesc],
    /// Type of its result.
    pub returns: TypeRef,
    /// Heading under which the documentation lists it.
    pub section: &'static str,
    /// What it does, plain text.
    pub summary: &'static str,
}

impl OperationDesc {
    /// Whether `version` has it.
    pub fn in_version(&self, version: ApiVersion) -> bool {
        version.has(self.since, self.until)
    }
}
