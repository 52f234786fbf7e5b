use crate::api_version::ApiVersion;
use crate::describe::{FieldDesc, OperationDesc, TypeRef};
use crate::names;
use crate::registry::Registry;
use crate::writer::{DECLARATION, escape_attribute_into};

/// Names under which a service appears in its WSDL.
#[derive(Debug, Clone, Copy)]
pub struct Service {
    /// Target namespace; also the namespace of operations in messages and the beginning of SOAPAction.
    pub namespace: &'static str,
    /// Name of the definitions.
    pub definitions: &'static str,
    /// Name of the port type.
    pub port_type: &'static str,
    /// Name of the binding.
    pub binding: &'static str,
    /// Name of the service.
    pub service: &'static str,
    /// Name of the port.
    pub port: &'static str,
}

/// Writes the WSDL of `version` with the service at `address`: rpc/literal over SOAP 1.1, one schema,
/// a global element beside every type, parts by type. The same input gives the same bytes.
pub fn write_wsdl(registry: &Registry, service: &Service, version: ApiVersion, address: &str) -> String {
    let mut wsdl = Wsdl { out: String::with_capacity(64 << 10), depth: 0, version };
    wsdl.out.push_str(DECLARATION);
    let attributes = [
        ("name", service.definitions),
        ("targetNamespace", service.namespace),
        ("xmlns", names::WSDL),
        ("xmlns:soap", names::WSDL_SOAP),
        ("xmlns:tns", service.namespace),
        ("xmlns:xsd", names::XSD),
    ];
    wsdl.element("definitions", &attributes, |wsdl| {
        wsdl.element("types", &[], |wsdl| {
            wsdl.element("xsd:schema", &[("targetNamespace", service.namespace)], |wsdl| {
                for ty in registry.types(version) {
                    wsdl.named_type(ty);
                }
            });
        });
        for operation in registry.operations(version) {
            wsdl.messages(operation);
        }
        wsdl.element("portType", &[("name", service.port_type)], |wsdl| {
            for operation in registry.operations(version) {
                wsdl.port_type_operation(operation);
            }
        });
        let binding = [("name", service.binding), ("type", &format!("tns:{}", service.port_type))];
        wsdl.element("binding", &binding, |wsdl| {
            wsdl.leaf("soap:binding", &[("style", "rpc"), ("transport", names::HTTP_TRANSPORT)]);
            for operation in registry.operations(version) {
                wsdl.binding_operation(operation, service.namespace);
            }
        });
        wsdl.element("service", &[("name", service.service)], |wsdl| {
            let port = [("name", service.port), ("binding", &format!("tns:{}", service.binding))];
            wsdl.element("port", &port, |wsdl| wsdl.leaf("soap:address", &[("location", address)]));
        });
    });
    wsdl.out
}

struct Wsdl {
    out: String,
    depth: usize,
    version: ApiVersion,
}

impl Wsdl {
    fn params<'p>(&self, fields: &'p [FieldDesc]) -> impl Iterator<Item = &'p FieldDesc> + use<'p> {
        let version = self.version;
        fields.iter().filter(move |field| field.in_version(version))
    }

    fn named_type(&mut self, ty: TypeRef) {
        self.element("xsd:complexType", &[("name", ty.name())], |wsdl| {
            wsdl.element("xsd:sequence", &[], |wsdl| match ty {
                TypeRef::Object(object) => {
                    for field in wsdl.params(object.fields) {
                        let name = qualified(field.ty);
                        let mut attributes = vec![
                            ("name", field.name),
                            ("type", name.as_str()),
                            ("minOccurs", "1"),
                            ("maxOccurs", "1"),
                        ];
                        if field.nillable_in(wsdl.version) {
                            attributes.push(("nillable", "true"));
                        }
                        wsdl.leaf("xsd:element", &attributes);
                    }
                }
                TypeRef::Array(array) => {
                    let name = qualified(array.item);
                    wsdl.leaf(
                        "xsd:element",
                        &[("name", "item"), ("type", &name), ("minOccurs", "0"), ("maxOccurs", "unbounded")],
                    );
                }
                TypeRef::String | TypeRef::Int | TypeRef::Boolean | TypeRef::Double | TypeRef::AnyType => {}
            });
        });
        let element = format!("{}Element", ty.name());
        self.leaf("xsd:element", &[("name", &element), ("type", &qualified(ty))]);
    }

    fn messages(&mut self, operation: &OperationDesc) {
        self.element("message", &[("name", &format!("{}Request", operation.name))], |wsdl| {
            for param in wsdl.params(operation.params) {
                wsdl.leaf("part", &[("name", param.name), ("type", &qualified(param.ty))]);
            }
        });
        self.element("message", &[("name", &format!("{}Response", operation.name))], |wsdl| {
            wsdl.leaf("part", &[("name", "result"), ("type", &qualified(operation.returns))]);
        });
    }

    fn port_type_operation(&mut self, operation: &OperationDesc) {
        let order = self.part_names(operation);
        self.element("operation", &[("name", operation.name), ("parameterOrder", &order)], |wsdl| {
            wsdl.leaf("input", &[("message", &format!("tns:{}Request", operation.name))]);
            wsdl.leaf("output", &[("message", &format!("tns:{}Response", operation.name))]);
        });
    }

    fn binding_operation(&mut self, operation: &OperationDesc, namespace: &str) {
        let parts = self.part_names(operation);
        self.element("operation", &[("name", operation.name)], |wsdl| {
            let action = format!("{namespace}{}", operation.name);
            wsdl.leaf("soap:operation", &[("soapAction", &action), ("style", "rpc")]);
            for (direction, parts) in [("input", parts.as_str()), ("output", "result")] {
                wsdl.element(direction, &[], |wsdl| {
                    wsdl.leaf(
                        "soap:body",
                        &[
                            ("use", "literal"),
                            ("namespace", namespace),
                            ("encodingStyle", names::ENCODING_11),
                            ("parts", parts),
                        ],
                    );
                });
            }
        });
    }

    fn part_names(&self, operation: &OperationDesc) -> String {
        self.params(operation.params).map(|param| param.name).collect::<Vec<_>>().join(" ")
    }

    fn element(&mut self, name: &str, attributes: &[(&str, &str)], content: impl FnOnce(&mut Wsdl)) {
        self.start(name, attributes);
        self.out.push_str(">\n");
        self.depth += 1;
        content(self);
        self.depth -= 1;
        self.indent();
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push_str(">\n");
    }

    fn leaf(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.start(name, attributes);
        self.out.push_str("/>\n");
    }

    fn start(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.indent();
        self.out.push('<');
        self.out.push_str(name);
        for (key, value) in attributes {
            self.out.push(' ');
            self.out.push_str(key);
            self.out.push_str("=\"");
            escape_attribute_into(&mut self.out, value);
            self.out.push('"');
        }
    }

    fn indent(&mut self) {
        self.out.extend(std::iter::repeat_n("  ", self.depth));
    }
}

/// Name of a type with its prefix.
fn qualified(ty: TypeRef) -> String {
    let prefix = if matches!(ty, TypeRef::Object(_) | TypeRef::Array(_)) { "tns" } else { "xsd" };
    format!("{prefix}:{}", ty.name())
}
