//! Elements in one vector, names and most texts borrowed from the input.

use std::borrow::Cow;

use crate::names;

/// Namespaces that mean something to a SOAP server; everything else is `Other`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ns {
    None,
    Soap11,
    Soap12,
    Encoding,
    Xsi,
    Other,
}

impl Ns {
    pub(crate) fn of(uri: &str) -> Ns {
        match uri {
            "" => Ns::None,
            names::ENVELOPE_11 => Ns::Soap11,
            names::ENVELOPE_12 => Ns::Soap12,
            names::ENCODING_11 | names::ENCODING_12 => Ns::Encoding,
            names::XSI => Ns::Xsi,
            _ => Ns::Other,
        }
    }
}

pub(crate) const NIL: u8 = 1;
pub(crate) const REFERENCE: u8 = 2;
pub(crate) const MUST_UNDERSTAND: u8 = 4;
pub(crate) const OTHER_ACTOR: u8 = 8;
pub(crate) const NOT_ROOT: u8 = 16;

/// No node. Also the end of a list of siblings.
pub(crate) const NONE: u32 = u32::MAX;

pub(crate) struct Node<'a> {
    pub(crate) name: &'a str,
    pub(crate) text: Cow<'a, str>,
    pub(crate) first_child: u32,
    pub(crate) last_child: u32,
    pub(crate) next: u32,
    pub(crate) ns: Ns,
    pub(crate) flags: u8,
}

pub(crate) struct Document<'a> {
    pub(crate) nodes: Vec<Node<'a>>,
    /// Node and the reference it carries, in document order.
    pub(crate) references: Vec<(u32, Cow<'a, str>)>,
    /// Ids and their nodes, sorted by id; the first in the document comes first.
    pub(crate) ids: Vec<(Cow<'a, str>, u32)>,
}

impl Document<'_> {
    pub(crate) fn root(&self) -> Element<'_> {
        Element { document: self, index: 0 }
    }
}

/// An element of a request.
#[derive(Clone, Copy)]
pub struct Element<'d> {
    document: &'d Document<'d>,
    index: u32,
}

impl<'d> Element<'d> {
    fn node(self) -> &'d Node<'d> {
        &self.document.nodes[self.index as usize]
    }

    fn at(self, index: u32) -> Option<Element<'d>> {
        (index != NONE).then_some(Element { document: self.document, index })
    }

    fn has(self, flag: u8) -> bool {
        self.node().flags & flag != 0
    }

    /// Local name.
    pub fn name(self) -> &'d str {
        self.node().name
    }

    /// Children that are elements, in document order. References are not followed.
    pub fn children(self) -> Children<'d> {
        Children { next: self.at(self.node().first_child) }
    }

    /// Text of an element that has no child elements, with entities resolved; `None` otherwise.
    pub fn text(self) -> Option<&'d str> {
        (self.node().first_child == NONE).then_some(&*self.node().text)
    }

    /// Whether it carries `xsi:nil` with a true value.
    pub fn is_nil(self) -> bool {
        self.has(NIL)
    }

    /// The reference it carries: `href` of SOAP 1.1, `enc:ref` of SOAP 1.2 (without a `#`).
    pub fn reference(self) -> Option<&'d str> {
        if !self.has(REFERENCE) {
            return None;
        }
        let references = &self.document.references;
        let at = references.binary_search_by_key(&self.index, |(node, _)| *node).ok()?;
        Some(&references[at].1)
    }

    /// The element of the same document with this id.
    pub fn with_id(self, id: &str) -> Option<Element<'d>> {
        let ids = &self.document.ids;
        let at = ids.partition_point(|(known, _)| &**known < id);
        ids.get(at).filter(|(known, _)| known == id).and_then(|&(_, index)| self.at(index))
    }

    pub(crate) fn ns(self) -> Ns {
        self.node().ns
    }

    pub(crate) fn must_be_understood(self) -> bool {
        self.has(MUST_UNDERSTAND) && !self.has(OTHER_ACTOR)
    }

    pub(crate) fn is_not_root(self) -> bool {
        self.has(NOT_ROOT)
    }
}

/// Iterator over the children of an [`Element`].
#[derive(Clone)]
pub struct Children<'d> {
    next: Option<Element<'d>>,
}

impl<'d> Iterator for Children<'d> {
    type Item = Element<'d>;

    fn next(&mut self) -> Option<Element<'d>> {
        let found = self.next?;
        self.next = found.at(found.node().next);
        Some(found)
    }
}
