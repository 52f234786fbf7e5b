// Writes the part of the gSOAP client that knows the types: for everything that wsdl2h found in a WSDL, how to read it
// from a request line and how to print it as JSON. The rest is in calls.hpp.

/** Names of members as wsdl2h writes them. */
const member = (name) => {
  const escaped = name.replaceAll("_", "_USCORE");
  return KEYWORDS.has(escaped) ? `${escaped}_` : escaped;
};
const KEYWORDS = new Set([
  "bool", "break", "case", "char", "class", "const", "continue", "default", "delete", "do", "double", "else", "enum", "extern",
  "false", "float", "for", "friend", "goto", "if", "inline", "int", "long", "mutable", "namespace", "operator", "private",
  "protected", "public", "register", "return", "short", "signed", "sizeof", "static", "struct", "switch", "template", "this",
  "true", "typedef", "union", "unsigned", "using", "virtual", "void", "volatile", "while", "time", "errno", "XML"
]);
const PLAIN = { string: "std::string", int: "int", boolean: "bool", double: "double", anyType: "char*" };
const cpp = (type) => PLAIN[type] ?? `ns1__${type}*`;

/** The C++ of a client for a WSDL as `readWsdl` answers it. */
export function generate({ types, operations }) {
  const named = Object.values(types);
  const lines = ['#include "soapH.h"', '#include "soapBinding.nsmap"', '#include "calls.hpp"', ""];
  for (const { name } of named) {
    lines.push(`void read(In& in, ns1__${name}& value);`, `void print(const ns1__${name}& value);`);
  }
  if (named.some((type) => type.item === "anyType")) {
    lines.push("void read(In& in, xsd__anyType& value) { read(in, value.__item); }");
    lines.push("void print(const xsd__anyType& value) { print(value.__item); }");
  }
  lines.push('#include "calls_templates.hpp"', "");
  for (const { name, fields, item } of named) {
    const members = item ? ["item"] : fields.map((field) => field.name);
    lines.push(`void read(In& in, ns1__${name}& value) {`, ...members.map((one) => `  read(in, value.${member(one)});`), "}");
    const printed = members.map((one, at) => `  print_member("${one}", value.${member(one)}, ${at === 0});`);
    lines.push(`void print(const ns1__${name}& value) {`, "  std::cout << '{';", ...printed, "  std::cout << '}';", "}");
  }
  for (const { name, parts } of Object.values(operations)) {
    lines.push(`static int call_${name}(struct soap* soap, const char* at, In& in) {`);
    parts.forEach(({ type }, at) => lines.push(`  ${cpp(type)} p${at}{};`, `  read(in, p${at});`));
    lines.push(`  ns1__${name}Response answer;`, `  soap_default_ns1__${name}Response(soap, &answer);`);
    const given = parts.map((_, at) => `, p${at}`).join("");
    lines.push(`  if (soap_call_ns1__${name}(soap, at, nullptr${given}, answer)) return soap->error;`);
    lines.push(`  print_answer(answer._result);`, "  return SOAP_OK;", "}");
  }
  lines.push("const std::map<std::string, Call> CALLS = {");
  for (const { name } of Object.values(operations)) lines.push(`  {"${name}", call_${name}},`);
  return [...lines, "};", ""].join("\n");
}

/** What is sent for a part: see `In` in calls.hpp. */
export function flatten(types, type, value) {
  if (value === null || value === undefined) return ["-"];
  if (type === "anyType") return ["+", `+${String(value)}`];
  if (type in PLAIN) return [`+${String(value).replaceAll("\\", "\\\\").replaceAll("\n", "\\n")}`];
  const { fields, item } = types[type];
  if (item) return ["+", `+${value.item.length}`, ...value.item.flatMap((one) => flatten(types, item, one))];
  return ["+", ...fields.flatMap((field) => flatten(types, field.type, value[field.name]))];
}
