// `calls ADDRESS`: see calls.hpp.
#include "soapH.h"
#include "calls.hpp"

int main(int, char** arguments) {
  std::string name;
  while (std::getline(std::cin, name)) {
    struct soap* soap = soap_new1(SOAP_XML_STRICT | SOAP_C_UTFSTRING);
    soap->send_timeout = soap->recv_timeout = soap->connect_timeout = 30;
    In in{soap};
    const auto found = CALLS.find(name);
    if (found == CALLS.end()) {
      std::cout << "{\"broken\":\"no such operation\"}" << std::endl;
      return 1;
    }
    const int error = found->second(soap, arguments[1], in);
    if (error == SOAP_FAULT) {
      std::cout << "{\"fault\":{\"code\":";
      print(*soap_faultcode(soap));
      std::cout << ",\"text\":";
      print(*soap_faultstring(soap));
      std::cout << "}}" << std::endl;
    } else if (error) {
      soap_set_fault(soap);
      std::cout << "{\"broken\":";
      print(std::to_string(error) + " " + (*soap_faultstring(soap) ? *soap_faultstring(soap) : ""));
      std::cout << "}" << std::endl;
    }
    soap_destroy(soap);
    soap_end(soap);
    soap_free(soap);
  }
}
