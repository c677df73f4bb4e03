"""Every official Python SDK against every format of an upstream, in the same scenarios.

`FORMAT_TARGETS` says where: the dummy itself, where each SDK meets its own format, and the gateway,
which has a provider for each format, so that each SDK meets all of them. See README.md.
"""

import itertools
import json
import os
import time
import unittest
import urllib.request

from speakers import SPEAKERS

DUMMY_URL = os.environ["DUMMY_URL"]
TARGETS = json.loads(os.environ["FORMAT_TARGETS"])
NUMBERS = itertools.count()
PLAIN = "Air scatters short wavelengths more, so blue light reaches us from all directions."
OSLO = ("get_weather", {"city": "Oslo, Norway", "unit": "celsius"})
LIMA = ("get_weather", {"city": "Lima, Peru", "unit": "celsius"})
TOKYO = ("get_time", {"timezone": "Asia/Tokyo"})
# What cutting and escaping can break.
TEXT = "na\u00efve \U0001f642 \"quoted\" \\n is no line end,\nthis is: \u2028 \u0001\u007f <>& {\"a\": [1.0]} \U0001f468\u200d\U0001f469"


def tool(name, **properties):
    schema = {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}
    return {"name": name, "description": f"Says what {name} says.", "parameters": schema}


TOOLS = [tool("get_weather", city={"type": "string"}, unit={"type": "string", "enum": ["celsius", "fahrenheit"]}), tool("get_time", timezone={"type": "string"})]


def seen(counter):
    with urllib.request.urlopen(f"{DUMMY_URL}/_seen") as reply:
        return json.load(reply)[counter]


def until_seen(counter, value):
    end = time.monotonic() + 10
    while seen(counter) != value:
        assert time.monotonic() < end, f"{counter} never became {value}"
        time.sleep(0.01)


class Scenarios:
    """What is true of every pair. Speakers, names and statuses come from the table below."""

    def both_ways(self, model, text, tools=()):
        """The answer whole and streamed."""
        for stream in (False, True):
            with self.subTest(stream=stream):
                yield self.speaker.say(self.prefix + model, self.speaker.user(text), stream, tools)

    def test_a_text(self):
        for said in self.both_ways("golden-plain", "Why is the sky blue?"):
            self.assertEqual((said.text, said.calls, said.output_tokens), (PLAIN, [], 18))

    def test_a_text_that_arrives_byte_by_byte(self):
        for said in self.both_ways("golden-plain+chunks=1", "Why is the sky blue?"):
            self.assertEqual(said.text, PLAIN)

    def test_a_call(self):
        for said in self.both_ways("golden-tools-strict", "Weather in Oslo?", TOOLS):
            self.assertEqual(said.called(), [OSLO])

    def test_calls_at_once(self):
        for said in self.both_ways("golden-tools-parallel", "Weather in Oslo and Lima, time in Tokyo?", TOOLS):
            self.assertEqual(said.called(), [OSLO, LIMA, TOKYO])

    def test_every_character_comes_back(self):
        for said in self.both_ways("echo-text+parts=1+chunks=7", TEXT):
            self.assertEqual(said.text, TEXT)

    def test_reasoning_stays_apart_from_text(self):
        for said in self.both_ways("echo-reasoning+parts=3", TEXT):
            self.assertEqual(said.text, TEXT)
            self.assertEqual(said.reasoning, TEXT)

    def test_a_stream_comes_in_pieces(self):
        said = self.speaker.say(self.prefix + "chunks-25", self.speaker.user("Say words"), True)
        self.assertEqual((said.text, said.output_tokens), ("word " * 25, 25))
        self.assertGreaterEqual(said.pieces, 25)

    def test_a_tool_is_called_and_its_result_told(self):
        arguments = {"city": "\u00c5lesund", "unit": "celsius"}
        for stream in (False, True):
            with self.subTest(stream=stream):
                model, turns = self.prefix + "tool+parts=2", self.speaker.user(json.dumps(arguments))
                called = self.speaker.say(model, turns, stream, TOOLS)
                self.assertEqual(called.called(), [("get_weather", arguments)])
                turns += called.turns + self.speaker.results(called, "7 degrees, rain")
                told = self.speaker.say(model, turns, stream, TOOLS)
                self.assertEqual((told.text, told.calls), ("7 degrees, rain", []))

    def test_errors_have_their_status(self):
        for asked, statuses in self.statuses.items():
            for stream in (False, True):
                with self.subTest(asked=asked, stream=stream):
                    # A name of its own: what failed just now is not asked again at once.
                    model = f"{self.prefix}golden-error-{asked}+try={next(NUMBERS)}"
                    with self.assertRaises(self.speaker.failures) as caught:
                        self.speaker.say(model, self.speaker.user("?"), stream)
                    self.assertIn(self.speaker.status(caught.exception), statuses)

    def test_an_error_in_a_stream_raises(self):
        with self.assertRaises(self.speaker.failures):
            self.speaker.say(self.prefix + "error-event", self.speaker.user("?"), True)

    def test_leaving_a_stream_ends_the_call_to_the_provider(self):
        before = seen("closed_early")
        self.speaker.leave(self.prefix + "delay-50-chunks-100000", self.speaker.user("?"))
        until_seen("closed_early", before + 1)

    def test_a_client_that_gives_up_ends_the_call_to_the_provider(self):
        before = seen("closed_early")
        for stream in (False, True):
            with self.assertRaises(Exception):
                self.impatient.say(self.prefix + "stall", self.speaker.user("?"), stream)
        until_seen("closed_early", before + 2)

    def test_a_model_by_its_plain_name(self):
        for stream in (False, True):
            said = self.speaker.say(self.listed, self.speaker.user("Hello"), stream)
            self.assertEqual(said.text, "Hello from the dummy.")

    def test_models_are_listed(self):
        if self.speaker.lists:
            self.assertIn(self.listed, self.speaker.models())

    def test_tokens_are_counted(self):
        if self.speaker.counts and self.speaker.format == self.upstream:
            self.assertEqual(self.speaker.count(self.prefix + "m", self.speaker.user("?")), 9)


def load_tests(_loader, _tests, _pattern):
    """A class for each pair of the table."""
    suite = unittest.TestSuite()
    for target in TARGETS:
        for kind in SPEAKERS:
            speakers = {"speaker": kind(target["url"], target["key"]), "impatient": kind(target["url"], target["key"], 0.3)}
            for upstream in target["upstreams"] or [kind.format]:
                prefix = f"{upstream}/" if target["upstreams"] else ""
                known = {**speakers, "upstream": upstream, "prefix": prefix, "statuses": target["statuses"], "listed": target["listed"][upstream]}
                name = f"{target['name']}: {kind.__name__} to {upstream}"
                pair = type(name, (Scenarios, unittest.TestCase), known)
                suite.addTests(unittest.defaultTestLoader.loadTestsFromTestCase(pair))
    return suite


if __name__ == "__main__":
    unittest.main(verbosity=2)
