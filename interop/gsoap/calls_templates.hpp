// What holds for members of every type; included after the types are declared.
#pragma once

template <class T> void make(In& in, T*& value) { value = new T(); value->soap_default(in.soap); }
inline void make(In&, std::string*& value) { value = new std::string(); }
inline void make(In&, int*& value) { value = new int(0); }
inline void make(In&, bool*& value) { value = new bool(false); }
inline void make(In&, double*& value) { value = new double(0); }

inline bool is_plain(const std::string*) { return true; }
inline bool is_plain(const int*) { return true; }
inline bool is_plain(const bool*) { return true; }
inline bool is_plain(const double*) { return true; }
inline bool is_plain(const void*) { return false; }

/// Nillable and nested members are pointers. The process is short: nothing is freed.
template <class T> void read(In& in, T*& value) {
  if (std::cin.peek() == '-') {
    std::string nothing;
    in.next(nothing);
    return;
  }
  make(in, value);
  if (!is_plain(value)) {
    std::string mark;
    in.next(mark);
  }
  read(in, *value);
}
template <class T> void read(In& in, std::vector<T>& items) {
  int count = 0;
  read(in, count);
  for (int at = 0; at < count; at++) {
    T item{};
    read(in, item);
    items.push_back(item);
  }
}

template <class T> void print(T* value) {
  if (value) print(*value);
  else std::cout << "null";
}
template <class T> void print(const std::vector<T>& items) {
  std::cout << '[';
  for (size_t at = 0; at < items.size(); at++) {
    if (at) std::cout << ',';
    print(items[at]);
  }
  std::cout << ']';
}
template <class T> void print_member(const char* name, const T& value, bool first) {
  std::cout << (first ? "" : ",") << '"' << name << "\":";
  print(value);
}
template <class T> void print_answer(const T& value) {
  std::cout << "{\"answer\":";
  print(value);
  std::cout << "}" << std::endl;
}
