"""A client in Python that speaks protobuf, written after the calls of the vendor's SDKs.

    exchange.py ADDRESS DESCRIPTORS

It signs in with a login, uploads a file to the shelf in two parts, sends it, follows the event feed of the
other box, answers with a signature, and looks at the document from both sides.
"""

import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

ADDRESS = sys.argv[1]
POOL = descriptor_pool.DescriptorPool()
with open(sys.argv[2], "rb") as file:
    for each in descriptor_pb2.FileDescriptorSet.FromString(file.read()).file:
        POOL.Add(each)


def message(name):
    """The class of a message of the schema."""
    return message_factory.GetMessageClass(POOL.FindMessageTypeByName("Diadoc.Api.Proto." + name))


class Client:
    """What the SDKs have in common: the old scheme of authorization, names of parameters in their case."""

    def __init__(self, client_id):
        self.authorization = "DiadocAuth ddauth_api_client_id=" + client_id

    def call(self, verb, path, query=None, body=None, answer=None):
        address = ADDRESS + path + "?" + urllib.parse.urlencode(query or {})
        form = "application/x-protobuf"
        headers = {"Authorization": self.authorization, "Accept": form, "Content-Type": form}
        if isinstance(body, bytes):
            data = body
        else:
            data = None if body is None else body.SerializeToString()
        if verb == "POST":
            data = data or b""
        request = urllib.request.Request(address, data, headers, method=verb)
        with urllib.request.urlopen(request, timeout=30) as response:
            content = response.read()
            if response.status == 204:
                return None
            return content if answer is None else message(answer).FromString(content)

    def sign_in(self, login, password):
        credentials = message("LoginPassword")(Login=login, Password=password)
        token = self.call("POST", "/V3/Authenticate", {"type": "password"}, credentials)
        self.authorization += ",ddauth_token=" + token.decode()


def wait(what, ask):
    for _ in range(100):
        found = ask()
        if found:
            return found
        time.sleep(0.1)
    raise SystemExit("there is no " + what)


client = Client("fake-client")
client.sign_in("ivanova@example.ru", "any")
organizations = client.call("GET", "/GetMyOrganizations", answer="OrganizationList").Organizations
sender, recipient = [one.Boxes[0].BoxId for one in organizations]

name = "__userId__/" + str(uuid.uuid4())
content = "Акт сверки".encode()
for index, part in enumerate([content[:5], content[5:]]):
    query = {"nameOnShelf": name, "partIndex": index}
    if index == 1:
        query["isLastPart"] = 1
    client.call("POST", "/ShelfUpload", query, part)

to_post = message("Events.MessageToPost")(FromBoxId=sender, ToBoxId=recipient)
attachment = to_post.DocumentAttachments.add(TypeNamedId="Nonformalized", NeedRecipientSignature=True)
attachment.SignedContent.NameOnShelf = name
attachment.SignedContent.SignWithTestSignature = True
attachment.CustomDocumentId = "python-1"
attachment.Metadata.add(Key="FileName", Value="акт.txt")
operation = {"operationId": str(uuid.uuid4())}
sent = client.call("POST", "/V3/PostMessage", operation, to_post, "Events.Message")
again = client.call("POST", "/V3/PostMessage", operation, to_post, "Events.Message")
assert again.MessageId == sent.MessageId, "the same operation is done once"
document = sent.Entities[0].EntityId


def arrived():
    feed, key = [], None
    while True:
        query = {"boxId": recipient, "documentDirection": "Inbound", "limit": 2}
        if key:
            query["afterIndexKey"] = key
        page = client.call("GET", "/V7/GetNewEvents", query, answer="Events.BoxEventList")
        if not page.Events:
            return next((each for each in feed if each.Message.MessageId == sent.MessageId), None)
        feed += page.Events
        key = page.Events[-1].IndexKey


event = wait("event of the message", arrived)
assert event.HasField("Message") and event.Message.ToBoxId == recipient

where = {"boxId": recipient, "messageId": sent.MessageId, "entityId": document}
assert client.call("GET", "/V4/GetEntityContent", where) == content

patch = message("Events.MessagePatchToPost")(BoxId=recipient, MessageId=sent.MessageId)
patch.Signatures.add(ParentEntityId=document, SignWithTestSignature=True)
client.call("POST", "/V3/PostMessagePatch", {"operationId": str(uuid.uuid4())}, patch, "Events.MessagePatch")


def status(box):
    query = {"boxId": box, "messageId": sent.MessageId, "entityId": document}
    return client.call("GET", "/V3/GetDocument", query, answer="Documents.Document")


SIGNED = POOL.FindEnumTypeByName("Diadoc.Api.Proto.Documents.RecipientResponseStatus")
SIGNED = SIGNED.values_by_name["WithRecipientSignature"].number
wait("signature", lambda: status(sender).RecipientResponseStatus == SIGNED)
assert status(recipient).RecipientResponseStatus == SIGNED
assert status(sender).CustomDocumentId == "python-1"

requests = message("Docflow.GetDocflowBatchRequest")()
requests.Requests.add().DocumentId.CopyFrom(message("DocumentId")(MessageId=sent.MessageId, EntityId=document))
for version, answer in [("V3", "GetDocflowBatchResponseV3"), ("V4", "GetDocflowBatchResponseV4")]:
    for box in [sender, recipient]:
        path = "/" + version + "/GetDocflows"
        flows = client.call("POST", path, {"boxId": box}, requests, "Docflow." + answer)
        assert flows.Documents[0].Docflow.RecipientResponse.ResponseStatus == SIGNED

query = {"boxId": sender, "messageId": sent.MessageId, "documentId": document, "fullDocflow": "true"}
ready = wait("archive", lambda: client.call("GET", "/GenerateDocumentZip", query, answer="Documents.DocumentZipGenerationResult"))
archive = client.call("GET", "/ShelfDownload", {"nameOnShelf": ready.ZipFileNameOnShelf})
assert archive.startswith(b"PK") and "акт.txt".encode() in archive

try:
    client.call("GET", "/V3/GetDocument", {"boxId": sender, "messageId": document, "entityId": document})
except urllib.error.HTTPError as error:
    assert error.code == 404, error.code
else:
    raise SystemExit("there is no such document, and yet it came")
print("exchanged in protobuf")
