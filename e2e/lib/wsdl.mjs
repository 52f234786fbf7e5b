// What a served WSDL says, as plain objects. The reader knows the shape of our documents and nothing of the
// code that writes them.

const attribute = (tag, name) => tag.match(new RegExp(`\\s${name}="([^"]*)"`))?.[1];
const tags = (text, name) => text.match(new RegExp(`<${name}\\s[^>]*>`, "g")) ?? [];
const blocks = (text, name) => text.match(new RegExp(`<${name}\\s[^>]*?(?:/>|[^/]>[\\s\\S]*?</${name}>)`, "g")) ?? [];
const local = (name) => name.replace(/^.*:/, "");

/** Types, operations and address of a WSDL. */
export function readWsdl(text) {
  const types = {};
  for (const block of blocks(text, "xsd:complexType")) {
    const elements = tags(block, "xsd:element").map((tag) => ({
      name: attribute(tag, "name"),
      type: local(attribute(tag, "type")),
      nillable: attribute(tag, "nillable") === "true",
      many: attribute(tag, "maxOccurs") === "unbounded",
    }));
    const name = attribute(block, "name");
    types[name] = elements.length === 1 && elements[0].many ? { name, item: elements[0].type } : { name, fields: elements };
  }
  const messages = {};
  for (const block of blocks(text, "message")) {
    messages[attribute(block, "name")] = tags(block, "part").map((tag) => ({ name: attribute(tag, "name"), type: local(attribute(tag, "type")) }));
  }
  const operations = {};
  for (const tag of tags(text.slice(text.indexOf("<portType")).split("</portType>")[0], "operation")) {
    const name = attribute(tag, "name");
    operations[name] = { name, parts: messages[`${name}Request`], returns: messages[`${name}Response`][0].type };
  }
  const address = attribute(text, "location");
  return { types, operations, address };
}

const BLANK = { string: "", anyType: "", int: 0, double: 0, boolean: false };

/** A value as every client can send it: all members, in the order of the WSDL, blank where nothing is given. */
export function complete(wsdl, type, value, where) {
  if (type in BLANK) return value === undefined || value === null ? BLANK[type] : scalar(type, value, where);
  const shape = wsdl.types[type];
  if (shape.item) return { item: (value ?? []).map((one, at) => complete(wsdl, shape.item, one, `${where}[${at}]`)) };
  if (value === undefined || value === null) return null;
  return Object.fromEntries(
    shape.fields.map(({ name, type, nillable }) => [
      name, nillable && value[name] === undefined ? null : complete(wsdl, type, value[name], `${where}.${name}`),
    ]),
  );
}

function scalar(type, value, where) {
  const text = String(value);
  if (type === "int" && !/^-?\d+$/.test(text)) throw new Error(`${where} is no number: ${text}`);
  if (type === "boolean") return text === "true";
  return type === "int" || type === "double" ? Number(text) : text;
}

/**
 * What a client handed out, as plain arrays and objects. Complains about whatever the type does not allow.
 * `textual` clients leave numbers and booleans as the text that was sent.
 */
export function plain(wsdl, type, value, textual = false, where = "result") {
  if (textual && typeof value === "string") {
    if (/^(int|double)$/.test(type) && /^-?[\d.]+$/.test(value)) value = Number(value);
    if (type === "boolean" && /^(true|false)$/.test(value)) value = value === "true";
  }
  const wrong = (what) => {
    throw new Error(`${where}: ${what}: ${JSON.stringify(value)}`);
  };
  switch (type) {
    case "string":
    case "anyType":
      return value === null || value === undefined ? "" : typeof value === "object" ? wrong("no text") : String(value);
    case "int":
      return Number.isInteger(value) ? value : wrong("no int");
    case "double":
      return typeof value === "number" ? value : wrong("no double");
    case "boolean":
      return typeof value === "boolean" ? value : wrong("no boolean");
  }
  const shape = wsdl.types[type];
  if (shape.item) {
    // An empty array is an empty element, for which clients have many words.
    if (value === null || value === undefined || value === "") return [];
    const items = Array.isArray(value) ? value : value.item ?? [];
    return [items].flat().map((item, at) => plain(wsdl, shape.item, item, textual, `${where}[${at}]`));
  }
  if (value === null || typeof value !== "object") wrong(`no ${type}`);
  const known = shape.fields.map((field) => field.name);
  const surplus = Object.keys(value).filter((name) => !known.includes(name));
  if (surplus.length) wrong(`${type} has no ${surplus}`);
  return Object.fromEntries(
    shape.fields.map(({ name, type, nillable }) => {
      // Node `soap` leaves out what is nil.
      if (!(name in value) && !(textual && nillable)) wrong(`${name} is missing`);
      const member = value[name];
      return [name, nillable && isNil(wsdl.types[type], member) ? null : plain(wsdl, type, member, textual, `${where}.${name}`)];
    }),
  );
}

/** Nil, for which zeep has an object of nothing, and node `soap` the attribute as it came. */
function isNil(shape, value) {
  if (value === null || value === undefined) return true;
  if (typeof value !== "object") return false;
  if (value.attributes?.["xsi:nil"] === "true") return true;
  return Boolean(shape?.fields) && Object.values(value).every((one) => one === null);
}

/** Whether a path such as `0.settings.auto_lock` leads somewhere in a type. */
export function hasPath(wsdl, type, path) {
  let at = type;
  for (const step of path === "" ? [] : path.split(".")) {
    const shape = wsdl.types[at];
    if (!shape) return step === "length" && at === "string";
    if (shape.item) {
      if (step === "length") return true;
      if (!/^(\d+|\*|last)$/.test(step)) return false;
      at = shape.item;
    } else {
      at = shape.fields.find((field) => field.name === step)?.type;
    }
    if (!at) return false;
  }
  return true;
}
