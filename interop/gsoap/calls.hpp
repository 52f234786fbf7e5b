// Calls operations with a client that gSOAP generated, one after the other, as they come in.
//
// A request is the name of an operation on a line and its parts: a value is a line `+value`, nothing is `-`. An object
// is `+` and its members, an array is `+`, the number of its items, and the items. Backslash and line feed are escaped.
// The answer is a line of JSON: `{"answer": …}`, `{"fault": {"code": …, "text": …}}` or `{"broken": …}`.
#pragma once

#include <iostream>
#include <map>
#include <string>
#include <vector>

struct In {
  struct soap* soap;
  /// The next line; false for nothing, else without its mark and escapes.
  bool next(std::string& value) {
    std::string line;
    std::getline(std::cin, line);
    value.clear();
    for (size_t at = 1; at < line.size(); at++) {
      if (line[at] == '\\' && at + 1 < line.size()) value += line[++at] == 'n' ? '\n' : line[at];
      else value += line[at];
    }
    return !line.empty() && line[0] == '+';
  }
};

typedef int (*Call)(struct soap*, const char*, In&);
extern const std::map<std::string, Call> CALLS;

inline void read(In& in, std::string& value) { in.next(value); }
inline void read(In& in, int& value) { std::string text; if (in.next(text)) value = std::stoi(text); }
inline void read(In& in, double& value) { std::string text; if (in.next(text)) value = std::stod(text); }
inline void read(In& in, bool& value) { std::string text; if (in.next(text)) value = text == "true"; }
/// xsd:anyType, which gSOAP keeps as XML.
inline void read(In& in, char*& value) {
  std::string text;
  if (in.next(text)) value = soap_strdup(in.soap, text.c_str());
}

inline void print(const std::string& value) {
  std::cout << '"';
  for (unsigned char one : value) {
    if (one == '"' || one == '\\') std::cout << '\\' << one;
    else if (one < 0x20) { char code[8]; snprintf(code, sizeof code, "\\u%04x", one); std::cout << code; }
    else std::cout << one;
  }
  std::cout << '"';
}
inline void print(int value) { std::cout << value; }
inline void print(double value) { std::cout << value; }
inline void print(bool value) { std::cout << (value ? "true" : "false"); }
inline void print(char* value) { print(std::string(value ? value : "")); }
inline void print(const char* value) { print(std::string(value ? value : "")); }
