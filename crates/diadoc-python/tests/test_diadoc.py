"""The module `diadoc`, as its users have it."""

import base64
import gzip
import json
import subprocess
import sys
import threading
import typing
import unittest
from collections import OrderedDict
from datetime import datetime, timezone

import diadoc
from diadoc import results

TICKS = 638884246403244956  # No double holds it.
PAGE = (
    '{"TotalCount": 1, "Documents": [{"MessageId": "m", "EntityId": "e", "IndexKey": "a2V5",'
    f' "CreationTimestampTicks": {TICKS}, "HasCustomPrintForm": false, "Nope": 1}}]}}'
)


class Reading(unittest.TestCase):
    def test_ticks_are_exact(self):
        page = diadoc.read(PAGE, "DocumentList")
        self.assertEqual(page["Documents"][0]["CreationTimestampTicks"], TICKS)

    def test_both_forms_are_read(self):
        value = diadoc.example("MessageToPost", full=True)
        for form in ("json", "protobuf"):
            body = diadoc.write(value, "MessageToPost", to=form)
            for given in (body, bytearray(body), memoryview(body), gzip.compress(body)):
                self.assertEqual(diadoc.read(given, "MessageToPost"), value)

    def test_every_message_goes_there_and_back(self):
        for message in diadoc.messages():
            for seed in range(2):
                value = diadoc.example(message, seed=seed)
                written = diadoc.write(value, message)
                self.assertEqual(diadoc.read(written, message), value, message)
                # What only JSON has, protobuf does not carry.
                try:
                    written = diadoc.write(value, message, to="protobuf")
                except diadoc.Error as error:
                    self.assertIn("only JSON has", str(error))
                    continue
                self.assertEqual(diadoc.read(written, message, form="protobuf"), value, message)

    def test_bytes_are_bytes(self):
        value = diadoc.read(b'{"Content": "cGRm"}', "SignedContent")
        self.assertEqual(value, {"Content": b"pdf"})
        self.assertEqual(diadoc.write(value, "SignedContent"), b'{"Content":"cGRm"}')

    def test_unknown_keys_are_kept_on_request(self):
        body = '{"TotalCount":0,"Nope":[638884246403244956,0.5,{"A":null}]}'
        self.assertEqual(diadoc.read(body, "DocumentList"), {"TotalCount": 0})
        value = diadoc.read(body, "DocumentList", keep_unknown=True)
        self.assertEqual(value, {"TotalCount": 0, "Nope": [TICKS, 0.5, {"A": None}]})
        written = diadoc.write(value, "DocumentList", keep_unknown=True)
        self.assertEqual(json.loads(written), json.loads(body))

    def test_an_error_says_where(self):
        with self.assertRaises(diadoc.Error) as raised:
            diadoc.read('{\n "TotalCount": 1.5}', "DocumentList")
        error = raised.exception
        self.assertEqual((error.path, error.line, error.column), ("TotalCount", 2, 16))
        self.assertIn("expected", str(error))
        self.assertIsInstance(error, ValueError)

    def test_an_unknown_message_has_near_ones(self):
        with self.assertRaisesRegex(diadoc.Error, "DocumentList") as raised:
            diadoc.read("{}", "Documentlist")
        self.assertIsNone(raised.exception.path)

    def test_a_part_is_read(self):
        har = {"response": {"body": json.loads(PAGE)}}
        page = diadoc.read(json.dumps(har), "DocumentList", at=".response.body")
        self.assertEqual(page["TotalCount"], 1)


class Writing(unittest.TestCase):
    def refused(self, value, message, **options):
        with self.assertRaises(diadoc.Error) as raised:
            diadoc.write(value, message, **options)
        return raised.exception

    def test_what_is_written_is_what_is_given(self):
        error = self.refused({"TotalCount": 0, "Documents": [{"Nope": 1}]}, "DocumentList")
        self.assertIn("required, and not there", str(error))
        error = self.refused({"TotalCount": 0, "Nope": 1}, "DocumentList")
        self.assertEqual((error.path, str(error)), ("Nope", "Nope: the message has no such key"))
        error = self.refused({}, "DocumentList")
        self.assertEqual(error.path, "TotalCount")

    def test_values_of_other_kinds_are_refused(self):
        self.assertEqual(self.refused({"TotalCount": 1.5}, "DocumentList").path, "TotalCount")
        self.refused({"TotalCount": 2**31}, "DocumentList")
        self.refused({"Ticks": 2**64}, "Timestamp")
        self.refused({"Ticks": 1e18}, "Timestamp")
        self.refused({"Ticks": 2**200}, "Timestamp")
        with self.assertRaises(ValueError):
            diadoc.write({"Ticks": float("nan")}, "Timestamp")
        with self.assertRaises(TypeError):
            diadoc.write({"Ticks": object()}, "Timestamp")
        self.assertEqual(self.refused({"Ticks": 0, 1: 1}, "Timestamp").path, "1")

    def test_a_value_that_holds_itself_ends(self):
        value = {}
        value["Documents"] = [value]
        with self.assertRaises(ValueError):
            diadoc.write(value, "DocumentList")

    def test_what_looks_like_a_dict_or_a_list_is_one(self):
        value = OrderedDict(TotalCount=1, Documents=())
        self.assertEqual(diadoc.write(value, "DocumentList"), b'{"TotalCount":1}')

    def test_extremes_of_64_bits(self):
        for ticks in (-(2**63), 2**63 - 1, 0):
            for form in ("json", "protobuf"):
                body = diadoc.write({"Ticks": ticks}, "Timestamp", to=form)
                self.assertEqual(diadoc.read(body, "Timestamp", form=form), {"Ticks": ticks})


class Checking(unittest.TestCase):
    def test_a_body_is_checked(self):
        checked = diadoc.check(PAGE, "DocumentList", name="page 7")
        self.assertEqual(checked["summary"]["bodies"], 1)
        (body,) = checked["bodies"]
        self.assertEqual(body["file"], "page 7")
        rules = [finding["rule"] for finding in body["report"]["findings"]]
        self.assertIn("json.unknown-key", rules)

    def test_results_are_what_their_types_say(self):
        def holds(value, kind):
            origin, inside = typing.get_origin(kind), typing.get_args(kind)
            if origin is typing.NotRequired:
                return holds(value, inside[0])
            if origin is typing.Literal:
                self.assertIn(value, inside)
            elif origin is list:
                self.assertIsInstance(value, list)
                for element in value:
                    holds(element, inside[0])
            elif inside:  # Something or None.
                if value is not None:
                    holds(value, inside[0])
            elif typing.is_typeddict(kind):
                hints = typing.get_type_hints(kind, include_extras=True)
                self.assertLessEqual(set(value), set(hints), kind)
                self.assertGreaterEqual(set(value), kind.__required_keys__, kind)
                for key, member in value.items():
                    holds(member, hints[key])
            elif kind is float:
                self.assertIsInstance(value, (int, float))
            else:
                self.assertIsInstance(value, kind)

        bodies = [
            PAGE,
            "{",
            "",
            '{"Foo": 1}',
            gzip.compress(PAGE.encode()),
            '{"Documents": [{"Metadata": {}}], "TotalCount": "x"}',
            '{"MessageId": "1", "EntityId": 2}',
            b"\x08\x01\xff",
            json.dumps({"SignedContent": {"Content": base64.b64encode(b"%PDF-1.4").decode()}}),
        ]
        for body in bodies:
            for message in (None, "DocumentList", "MessageToPost", "DocumentId"):
                holds(diadoc.check(body, message), results.Checked)
            try:
                holds(diadoc.detect(body), list[results.Detected])
            except diadoc.Error:
                pass
        holds(diadoc.search("подпись"), list[results.Found])

    def test_rules_have_levels(self):
        for level, passes in (("deny", 0), ("warn", 1), ("allow", 1)):
            checked = diadoc.check(PAGE, "DocumentList", **{level: ["json.unknown-key"]})
            self.assertEqual(checked["summary"]["passes"], passes, level)
        with self.assertRaisesRegex(diadoc.Error, "json.unknown-key"):
            diadoc.check(PAGE, deny=["json.unknown-keys"])

    def test_many_bodies_are_checked_at_once(self):
        bodies = [PAGE, "{", b"\x08\x01", gzip.compress(PAGE.encode())]
        each = [diadoc.check(body, name=str(number)) for number, body in enumerate(bodies)]
        together = diadoc.check_all(bodies)
        self.assertEqual(together, diadoc.merge(each))
        self.assertEqual(together, diadoc.merge(json.dumps(one) for one in each))
        self.assertEqual(together["summary"]["bodies"] + together["summary"]["unreadable"], 4)
        named = diadoc.check_all((body for body in bodies), names=["a", 7, "c", "d"])
        self.assertEqual([body["file"] for body in named["bodies"]], ["a", "7", "c", "d"])
        self.assertEqual(diadoc.check_all([])["summary"]["bodies"], 0)
        with self.assertRaises(ValueError):
            diadoc.check_all(bodies, names=["a"])
        with self.assertRaisesRegex(diadoc.Error, "report 2: "):
            diadoc.merge([each[0], "{"])

    def test_both_languages_are_spoken_at_once(self):
        said = {}

        def speak(lang):
            for _ in range(20):
                said.setdefault(lang, set()).add(diadoc.report(PAGE, "DocumentList", lang=lang))

        threads = [threading.Thread(target=speak, args=[lang]) for lang in ("en", "ru")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual([len(said["en"]), len(said["ru"])], [1, 1])
        self.assertIn("passes", *said["en"])
        self.assertIn("проходит", *said["ru"])

    def test_the_message_is_found(self):
        (body,) = diadoc.check(PAGE)["bodies"]
        self.assertTrue(body["message"].endswith(".DocumentList"))
        self.assertEqual(diadoc.detect(PAGE)[0]["message"], body["message"])


class Telling(unittest.TestCase):
    def test_a_method_is_described_in_russian(self):
        text = diadoc.describe("POST /V3/PostMessage", lang="ru")
        self.assertIn("PostMessageV3", text)
        self.assertRegex(text, "[а-я]{5}")
        with self.assertRaises(diadoc.Error):
            diadoc.describe("PostMassage")
        with self.assertRaises(diadoc.Error):
            diadoc.describe("DocumentList", lang="de")

    def test_bodies_are_converted(self):
        body, notes = diadoc.convert(PAGE, "DocumentList", "protobuf")
        self.assertTrue(any("Nope" in note for note in notes))
        text = diadoc.convert(body, "DocumentList", "text", form="protobuf").body
        self.assertIn(b"total_count" if b"total_count" in text else b"TotalCount", text)
        again = diadoc.convert(text, "DocumentList", "protobuf", form="text")
        self.assertEqual(again.body, body)
        with self.assertRaisesRegex(diadoc.Error, "yaml"):
            diadoc.convert(PAGE, "DocumentList", "yaml")

    def test_ticks_are_moments(self):
        moment = datetime(2025, 7, 15, 12, 30, 0, 123456, timezone.utc)
        ticks = diadoc.to_ticks(moment)
        self.assertEqual(diadoc.to_datetime(ticks), moment)
        self.assertEqual(diadoc.to_datetime(0), datetime(1, 1, 1, tzinfo=timezone.utc))
        self.assertEqual(diadoc.to_ticks(datetime(1970, 1, 1, tzinfo=timezone.utc)), 621355968000000000)
        with self.assertRaises(ValueError):
            diadoc.to_ticks(datetime(2025, 7, 15))

    def test_the_program_runs(self):
        def run(*arguments, body=""):
            command = [sys.executable, "-m", "diadoc", *arguments]
            return subprocess.run(command, input=body, capture_output=True, text=True)

        ran = run("check", "-m", "DocumentList", "--lang", "en", body=PAGE)
        self.assertEqual(ran.returncode, 0, ran.stderr)
        self.assertIn("passes", ran.stdout)
        ran = run("check", "-m", "DocumentList", body="{")
        self.assertEqual(ran.returncode, 1)
        ran = run("--version")
        self.assertEqual(ran.stdout.split()[0], "diadoc")
        ran = run("chek")
        self.assertEqual(ran.returncode, 2)


if __name__ == "__main__":
    unittest.main()
