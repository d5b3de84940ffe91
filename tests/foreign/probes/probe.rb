# Reads and writes cases with protobuf for Ruby: probe.rb GENERATED CASES RESULTS.
require "base64"
require "json"
require "google/protobuf"

generated, cases, results = ARGV
$LOAD_PATH.unshift(File.expand_path(generated))
Dir.chdir(generated) { Dir.glob("**/*_pb.rb") }.sort.each { |file| require file.delete_suffix(".rb") }

def run(one)
  type = Google::Protobuf::DescriptorPool.generated_pool.lookup(one["message"]).msgclass
  message =
    if one["json"]
      type.decode_json(one["json"], ignore_unknown_fields: one["lenient"])
    else
      type.decode(Base64.decode64(one["wire"]))
    end
  { json: type.encode_json(message), wire: Base64.strict_encode64(type.encode(message)) }
end

answers = JSON.parse(File.read(cases)).map do |one|
  run(one)
rescue StandardError => error
  { error: "#{error.class}: #{error.message}" }
end
File.write(results, JSON.generate(answers))
