// Reads and writes cases with protobuf for C++: probe DESCRIPTORS CASES RESULTS. The cases come as
// lines of `message <tab> lenient <tab> json or wire <tab> hex`, the results go as lines of
// `hex of the JSON <tab> hex of the wire` or `error <tab> text`.

#include <fstream>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/util/json_util.h>

namespace pb = google::protobuf;

std::string FromHex(const std::string& hex) {
  std::string bytes;
  for (size_t i = 0; i + 1 < hex.size(); i += 2) bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  return bytes;
}

std::string ToHex(const std::string& bytes) {
  static const char kDigits[] = "0123456789abcdef";
  std::string hex;
  for (unsigned char c : bytes) {
    hex += kDigits[c >> 4];
    hex += kDigits[c & 15];
  }
  return hex;
}

std::string Run(const pb::Message* prototype, bool lenient, bool json, const std::string& input) {
  std::unique_ptr<pb::Message> message(prototype->New());
  if (json) {
    pb::util::JsonParseOptions options;
    options.ignore_unknown_fields = lenient;
    auto status = pb::util::JsonStringToMessage(input, message.get(), options);
    if (!status.ok()) return "error\t" + status.ToString();
  } else if (!message->ParseFromString(input)) {
    return "error\tParseFromString is false: " + message->InitializationErrorString();
  }
  if (!message->IsInitialized()) return "error\tnot initialized: " + message->InitializationErrorString();
  std::string text;
  auto status = pb::util::MessageToJsonString(*message, &text);
  if (!status.ok()) return "error\t" + status.ToString();
  return ToHex(text) + "\t" + ToHex(message->SerializeAsString());
}

int main(int, char** argv) {
  std::ifstream descriptors(argv[1], std::ios::binary);
  pb::FileDescriptorSet set;
  set.ParseFromIstream(&descriptors);
  pb::DescriptorPool pool;
  for (const auto& file : set.file()) pool.BuildFile(file);
  pb::DynamicMessageFactory factory(&pool);
  std::ifstream cases(argv[2]);
  std::ofstream results(argv[3]);
  for (std::string line; std::getline(cases, line);) {
    std::istringstream fields(line);
    std::string name, lenient, form, hex;
    std::getline(fields, name, '\t');
    std::getline(fields, lenient, '\t');
    std::getline(fields, form, '\t');
    std::getline(fields, hex, '\t');
    const auto* prototype = factory.GetPrototype(pool.FindMessageTypeByName(name));
    results << Run(prototype, lenient == "1", form == "json", FromHex(hex)) << "\n";
  }
}
