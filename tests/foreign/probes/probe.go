// Reads and writes cases with protobuf for Go: probe DESCRIPTORS CASES RESULTS.
package main

import (
	"encoding/json"
	"os"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"
)

type input struct {
	Message string
	JSON    *string
	Wire    []byte
	Lenient bool
}

type output struct {
	JSON  string `json:"json,omitempty"`
	Wire  []byte `json:"wire"`
	Error string `json:"error,omitempty"`
}

func main() {
	var set descriptorpb.FileDescriptorSet
	check(proto.Unmarshal(read(os.Args[1]), &set))
	files, err := protodesc.NewFiles(&set)
	check(err)
	var cases []input
	check(json.Unmarshal(read(os.Args[2]), &cases))
	results := []output{}
	for _, c := range cases {
		result, err := run(files, c)
		if err != nil {
			result = output{Error: err.Error()}
		}
		results = append(results, result)
	}
	text, err := json.Marshal(results)
	check(err)
	check(os.WriteFile(os.Args[3], text, 0o644))
}

func run(files *protoregistry.Files, c input) (output, error) {
	found, err := files.FindDescriptorByName(protoreflect.FullName(c.Message))
	check(err)
	message := dynamicpb.NewMessage(found.(protoreflect.MessageDescriptor))
	if c.JSON != nil {
		err = protojson.UnmarshalOptions{DiscardUnknown: c.Lenient}.Unmarshal([]byte(*c.JSON), message)
	} else {
		err = proto.Unmarshal(c.Wire, message)
	}
	if err != nil {
		return output{}, err
	}
	text, err := protojson.Marshal(message)
	if err != nil {
		return output{}, err
	}
	wire, err := proto.MarshalOptions{Deterministic: true}.Marshal(message)
	return output{JSON: string(text), Wire: wire}, err
}

func read(path string) []byte {
	content, err := os.ReadFile(path)
	check(err)
	return content
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
