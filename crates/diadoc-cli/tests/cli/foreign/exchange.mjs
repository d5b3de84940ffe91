// A client in JavaScript that speaks JSON, written after the calls that the vendor documents.
//
//     node exchange.mjs ADDRESS
//
// It sends two documents in a packet, refuses one and signs the other, asks for a revocation and accepts it,
// and pages through both boxes.

const address = process.argv[2];

const call = async (verb, path, query = {}, body = undefined) => {
  const headers = { authorization: "bearer any", accept: "application/json" };
  if (body !== undefined) headers["content-type"] = "application/json; charset=utf-8";
  const target = `${address}${path}?${new URLSearchParams(query)}`;
  // Some clients write a byte order mark.
  const text = body === undefined ? undefined : `\uFEFF${JSON.stringify(body)}`;
  const response = await fetch(target, { method: verb, headers, body: text });
  const answer = await response.text();
  if (!response.ok) throw new Error(`${response.status} ${verb} ${path}: ${answer}`);
  if (response.status === 204 || answer === "") return undefined;
  // Ticks are longer than what a number of JavaScript holds: they stay text.
  return JSON.parse(answer.replace(/:(\d{16,})/g, ':"$1"'));
};

const wait = async (what, ask) => {
  for (let turn = 0; turn < 100; turn += 1) {
    const found = await ask();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`there is no ${what}`);
};

const check = (is, what) => {
  if (!is) throw new Error(`not so: ${what}`);
};

const { Organizations } = await call("GET", "/GetMyOrganizations");
const [from, to] = Organizations.map((one) => one.Boxes[0].BoxId);
const base64 = (text) => Buffer.from(text, "utf8").toString("base64");

const attachment = (name) => ({
  TypeNamedId: "Nonformalized",
  NeedRecipientSignature: true,
  SignedContent: { Content: base64(name), SignWithTestSignature: true },
  Metadata: [{ Key: "FileName", Value: name }],
  CustomData: [{ Key: "from", Value: "javascript" }],
});
const message = await call("POST", "/V3/PostMessage", {}, {
  FromBoxId: from,
  ToBoxId: to,
  DocumentAttachments: ["первый.txt", "второй.txt"].map(attachment),
});
const documents = message.Entities.filter((one) => one.DocumentInfo).map((one) => one.EntityId);
check(documents.length === 2, "two documents");

const seen = async (box, entityId) =>
  call("GET", "/v3/getdocument", { boxid: box, MessageId: message.MessageId, entityId });
await wait("delivery", () => seen(to, documents[0]).catch(() => undefined));
check((await seen(to, documents[0])).PacketId === (await seen(from, documents[1])).PacketId, "one packet");

const patch = (box, what) =>
  call("POST", "/V4/PostMessagePatch", {}, { BoxId: box, MessageId: message.MessageId, ...what });
const [signed, refused] = documents;
const signature = (ParentEntityId) => ({
  Signatures: [{ ParentEntityId, SignWithTestSignature: true }],
});
await patch(to, signature(signed));
const file = (document, text) => ({
  ParentEntityId: document,
  SignedContent: { Content: base64(text), SignWithTestSignature: true },
});
const xml = (name) => `<?xml version="1.0" encoding="utf-8"?><${name}/>`;
await patch(to, { XmlSignatureRejections: [file(refused, xml("Rejection"))] });
const answer = async (document) => (await seen(from, document)).RecipientResponseStatus;
await wait("signature", async () => (await answer(signed)) === "WithRecipientSignature");
await wait("refusal", async () => (await answer(refused)) === "RecipientSignatureRequestRejected");

const request = await patch(from, { RevocationRequests: [file(signed, xml("Revocation"))] });
const proposal = request.Entities.find((one) => one.AttachmentType === "RevocationRequest");
await wait("proposal", async () => (await seen(to, signed)).RevocationStatus === "RequestsMyRevocation");
await patch(to, signature(proposal.EntityId));
for (const box of [from, to]) {
  await wait("revocation", async () => (await seen(box, signed)).RevocationStatus === "RevocationAccepted");
}

for (const [box, filterCategory] of [[from, "Any.Outbound"], [to, "Any.Inbound"]]) {
  const found = [];
  let key;
  do {
    const query = { boxId: box, filterCategory, count: "1", ...(key && { afterIndexKey: key }) };
    const page = await call("GET", "/V3/GetDocuments", query);
    found.push(...page.Documents.map((one) => one.EntityId));
    key = page.Documents.at(-1)?.IndexKey;
  } while (key);
  check(documents.every((one) => found.filter((other) => other === one).length === 1), "each comes once");
}
const search = await call("POST", "/V4/SearchDocflows", { boxId: from }, { QueryString: "второй.txt" });
check(search.Documents.some((one) => one.DocumentId.EntityId === refused), "it can be searched for");
const gone = await fetch(`${address}/V3/GetMessage?boxId=${from}`, { headers: { authorization: "Bearer any" } });
check(!gone.ok && (await gone.text()).includes("GetMessage"), "what is retired says what to use");
console.log("exchanged in JSON");
