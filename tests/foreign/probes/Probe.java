// Reads and writes cases with protobuf for Java: Probe DESCRIPTORS CASES RESULTS.

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.util.JsonFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

public class Probe {
  private static final Map<String, FileDescriptor> FILES = new HashMap<>();
  private static final Map<String, Descriptor> MESSAGES = new HashMap<>();

  public static void main(String[] args) throws Exception {
    load(FileDescriptorSet.parseFrom(Files.readAllBytes(Path.of(args[0]))));
    JsonArray results = new JsonArray();
    for (JsonElement element : JsonParser.parseString(Files.readString(Path.of(args[1]))).getAsJsonArray()) {
      results.add(attempt(element.getAsJsonObject()));
    }
    Files.writeString(Path.of(args[2]), results.toString());
  }

  private static void load(FileDescriptorSet set) throws Exception {
    for (FileDescriptorProto proto : set.getFileList()) {
      FileDescriptor[] imports =
          proto.getDependencyList().stream().map(FILES::get).toArray(FileDescriptor[]::new);
      FileDescriptor file = FileDescriptor.buildFrom(proto, imports);
      FILES.put(proto.getName(), file);
      file.getMessageTypes().forEach(m -> MESSAGES.put(m.getFullName(), m));
    }
  }

  private static JsonObject attempt(JsonObject c) {
    JsonObject result = new JsonObject();
    try {
      DynamicMessage.Builder builder = DynamicMessage.newBuilder(MESSAGES.get(text(c, "message")));
      if (c.has("json")) {
        JsonFormat.Parser parser = JsonFormat.parser();
        (c.get("lenient").getAsBoolean() ? parser.ignoringUnknownFields() : parser).merge(text(c, "json"), builder);
      } else {
        builder.mergeFrom(Base64.getDecoder().decode(text(c, "wire")));
      }
      DynamicMessage message = builder.build();
      result.addProperty("json", JsonFormat.printer().print(message));
      result.addProperty("wire", Base64.getEncoder().encodeToString(message.toByteArray()));
    } catch (Exception error) {
      result = new JsonObject();
      result.addProperty("error", error.getClass().getSimpleName() + ": " + error.getMessage());
    }
    return result;
  }

  private static String text(JsonObject object, String key) {
    return object.get(key).getAsString();
  }
}
