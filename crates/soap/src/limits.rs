/// Bounds for one request. Everything that grows with the input is bounded by one of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Size of the body in bytes, before decoding. Default 8 MiB.
    pub body: usize,
    /// Levels of nested elements, also after references are followed. Default 64.
    pub depth: usize,
    /// Elements in the document. Default 100,000.
    pub elements: usize,
    /// Attributes of one element. Default 64.
    pub attributes: usize,
    /// Namespace declarations in scope at one element. Default 64.
    pub namespaces: usize,
    /// Bytes of one element or attribute name. Default 256.
    pub name: usize,
    /// Bytes of the text of one element. Default 4 MiB.
    pub text: usize,
    /// Elements visited while values are decoded. References may point at an element more than
    /// once, so this can exceed `elements`. Default 200,000.
    pub visits: usize,
    /// Bytes of text taken out while values are decoded. Default 16 MiB.
    pub decoded_text: usize,
    /// References followed from one element to the next until a value is met. Default 8.
    pub hops: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            body: 8 << 20,
            depth: 64,
            elements: 100_000,
            attributes: 64,
            namespaces: 64,
            name: 256,
            text: 4 << 20,
            visits: 200_000,
            decoded_text: 16 << 20,
            hops: 8,
        }
    }
}
