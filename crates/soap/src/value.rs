use crate::call::Call;
use crate::decode::{DecodeError, Decoder};
use crate::describe::{ArrayDesc, ObjectDesc, OperationDesc, TypeRef};
use crate::tree::Element;
use crate::writer::Writer;

/// A type that can be read from and written to an element.
pub trait Value: Sized {
    /// Its type on the wire.
    const TYPE: TypeRef;

    /// Reads the value of `element`; `None` is null.
    ///
    /// # Errors
    /// When the element holds something else, or reading it exceeds a limit.
    fn read(element: Element<'_>, decoder: &mut Decoder<'_>) -> Result<Option<Self>, DecodeError>;

    /// Writes it as an element `name`.
    fn write(&self, name: &str, writer: &mut Writer);

    /// Writes a null of this type that the WSDL does not call nillable: empty text, zero, false, an
    /// empty array, an object of such members.
    fn write_null(name: &str, writer: &mut Writer);

    /// Writes a null that the WSDL calls nillable.
    fn write_nil(name: &str, writer: &mut Writer) {
        writer.nil(name);
    }

    /// Whether a required part with this value counts as missing: true for empty text.
    fn is_blank(&self) -> bool {
        false
    }
}

/// An object type; implemented by `#[derive(SoapObject)]`.
pub trait Object: Value {
    /// Its description.
    const DESC: ObjectDesc;
}

/// A type that has an array type of its own.
pub trait ArrayItem: Value {
    /// The array type.
    const ARRAY: ArrayDesc;
}

/// An operation; implemented by `#[derive(SoapRequest)]` on the struct of its parts.
pub trait Operation: Sized {
    /// Type of the result.
    type Answer: Value;

    /// Its description.
    const OPERATION: OperationDesc;

    /// Turns the parts into typed values. All parts are decoded before the first missing one is
    /// reported, so that a value of the wrong type is told first.
    ///
    /// # Errors
    /// The first value that cannot be decoded, or the first required one that is missing.
    fn decode(call: &Call<'_>) -> Result<Self, DecodeError>;
}

impl Value for String {
    const TYPE: TypeRef = TypeRef::String;

    fn read(element: Element<'_>, decoder: &mut Decoder<'_>) -> Result<Option<String>, DecodeError> {
        let Some(element) = decoder.enter(element)? else { return Ok(None) };
        decoder.text(element).map(|text| Some(text.to_owned()))
    }

    fn write(&self, name: &str, writer: &mut Writer) {
        writer.text(name, self);
    }

    fn write_null(name: &str, writer: &mut Writer) {
        writer.empty(name);
    }

    fn write_nil(name: &str, writer: &mut Writer) {
        writer.empty(name);
    }

    fn is_blank(&self) -> bool {
        self.is_empty()
    }
}

impl Value for i64 {
    const TYPE: TypeRef = TypeRef::Int;

    /// Blanks and a sign around the number are fine, a fraction is cut off, empty is null.
    fn read(element: Element<'_>, decoder: &mut Decoder<'_>) -> Result<Option<i64>, DecodeError> {
        let Some(number) = read_number(element, decoder)? else { return Ok(None) };
        match number.parse::<i64>() {
            Ok(number) => Ok(Some(number)),
            // The cast saturates, which is what a number beyond all ids should do.
            Err(_) => parse_double(number).map(|number| Some(number as i64)),
        }
    }

    fn write(&self, name: &str, writer: &mut Writer) {
        writer.integer(name, *self);
    }

    fn write_null(name: &str, writer: &mut Writer) {
        writer.integer(name, 0);
    }
}

impl Value for f64 {
    const TYPE: TypeRef = TypeRef::Double;

    fn read(element: Element<'_>, decoder: &mut Decoder<'_>) -> Result<Option<f64>, DecodeError> {
        read_number(element, decoder)?.map(parse_double).transpose()
    }

    fn write(&self, name: &str, writer: &mut Writer) {
        match *self {
            f64::INFINITY => writer.plain(name, "INF"),
            f64::NEG_INFINITY => writer.plain(name, "-INF"),
            number if number.is_nan() => writer.plain(name, "NaN"),
            number => writer.plain(name, &number.to_string()),
        }
    }

    fn write_null(name: &str, writer: &mut Writer) {
        writer.plain(name, "0");
    }
}

fn read_number<'d>(element: Element<'d>, decoder: &mut Decoder<'_>) -> Result<Option<&'d str>, DecodeError> {
    let Some(element) = decoder.enter(element)? else { return Ok(None) };
    let text = decoder.text(element)?.trim_ascii();
    Ok((!text.is_empty()).then_some(text))
}

/// Rust also reads words such as `inf`, which no sender means as a number of something.
fn parse_double(text: &str) -> Result<f64, DecodeError> {
    let plain = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'));
    plain.then(|| text.parse().ok()).flatten().ok_or(DecodeError::Violation)
}

impl Value for bool {
    const TYPE: TypeRef = TypeRef::Boolean;

    /// `true`, `t`, `yes`, `1` and `false`, `f`, `no`, `0` in any letter case; any other text is true,
    /// empty is null.
    fn read(element: Element<'_>, decoder: &mut Decoder<'_>) -> Result<Option<bool>, DecodeError> {
        let Some(element) = decoder.enter(element)? else { return Ok(None) };
        let text = decoder.text(element)?.trim_ascii();
        let is_false = ["false", "f", "no", "0"].iter().any(|word| text.eq_ignore_ascii_case(word));
        Ok((!text.is_empty()).then_some(!is_false))
    }

    fn write(&self, name: &str, writer: &mut Writer) {
        writer.plain(name, if *self { "true" } else { "false" });
    }

    fn write_null(name: &str, writer: &mut Writer) {
        false.write(name, writer);
    }
}

/// A value of `xsd:anyType`, which in requests is a simple value of any type: its text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AnyValue(pub String);

impl Value for AnyValue {
    const TYPE: TypeRef = TypeRef::AnyType;

    fn read(element: Element<'_>, decoder: &mut Decoder<'_>) -> Result<Option<AnyValue>, DecodeError> {
        Ok(String::read(element, decoder)?.map(AnyValue))
    }

    fn write(&self, name: &str, writer: &mut Writer) {
        self.0.write(name, writer);
    }

    fn write_null(name: &str, writer: &mut Writer) {
        String::write_null(name, writer);
    }

    fn is_blank(&self) -> bool {
        self.0.is_blank()
    }
}

impl ArrayItem for String {
    const ARRAY: ArrayDesc = ArrayDesc { name: "StringArray", item: TypeRef::String };
}

impl ArrayItem for i64 {
    const ARRAY: ArrayDesc = ArrayDesc { name: "IntArray", item: TypeRef::Int };
}

impl ArrayItem for AnyValue {
    const ARRAY: ArrayDesc = ArrayDesc { name: "AnyTypeArray", item: TypeRef::AnyType };
}

impl<T: ArrayItem> Value for Vec<T> {
    const TYPE: TypeRef = TypeRef::Array(&T::ARRAY);

    /// Children are items under any name. Items that are null are left out.
    fn read(element: Element<'_>, decoder: &mut Decoder<'_>) -> Result<Option<Vec<T>>, DecodeError> {
        let Some(element) = decoder.enter(element)? else { return Ok(None) };
        if element.text().is_some_and(|text| !text.trim_ascii().is_empty()) {
            return Err(DecodeError::Violation);
        }
        let mut items = Vec::new();
        for child in element.children() {
            items.extend(decoder.nested(|decoder| T::read(child, decoder))?);
        }
        Ok(Some(items))
    }

    fn write(&self, name: &str, writer: &mut Writer) {
        if self.is_empty() {
            return writer.empty(name);
        }
        writer.open(name);
        let start = writer.len();
        for (at, item) in self.iter().enumerate() {
            item.write("item", writer);
            if at == 0 {
                // Items of a list are about as long as each other.
                writer.expect((writer.len() - start).saturating_mul(self.len()));
            }
        }
        writer.close(name);
    }

    fn write_null(name: &str, writer: &mut Writer) {
        writer.empty(name);
    }
}
