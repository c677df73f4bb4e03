"""What the redactor does, as users of the official Python SDK and a provider see it.

The provider is `upstream.py`: it keeps the bytes that it got and says again what stood in them.
Secrets are made anew for each run, so none of them stands in a file.
"""

import base64
import json
import os
import re
import secrets
import string
import unittest

import openai
from upstream import Choice, Upstream, echo, texts_of

PLAIN_URL = os.environ["NENYA_BASE_URL"]
ACTIONS_URL = os.environ["NENYA_ACTIONS_URL"]
UPSTREAM = Upstream(os.environ["RECORDER_ADDRESS"])
LABEL = "[REDACTED]"
STAND_IN = re.compile(rb"NENYA_[A-Z]+_[0-9A-Z]{12}")
COMMAND = "rm -rf " + "/"


def letters(alphabet, count):
    return "".join(secrets.choice(alphabet) for _ in range(count))


def some_pem():
    body = base64.b64encode(b"0\x82" + secrets.token_bytes(1190)).decode()
    lines = [body[at : at + 64] for at in range(0, len(body), 64)]
    return "\n".join(["-----BEGIN PRIVATE" + " KEY-----", *lines, "-----END PRIVATE" + " KEY-----"])


class Case:
    """Secrets, and a conversation that has them in all places."""

    def __init__(self):
        self.key_id = "AKIA" + letters(string.ascii_uppercase + "234567", 16)
        self.secret = letters(string.ascii_letters + string.digits, 40)
        self.pem = some_pem()
        self.mail = f"{letters(string.ascii_lowercase, 8)}.smith@customers.example-{letters(string.ascii_lowercase, 5)}.com"
        self.pair = f"AWS_ACCESS_KEY_ID={self.key_id}\nAWS_SECRET_ACCESS_KEY={self.secret}"
        everything = f"{self.pair}\nreply to {self.mail} with \u201cthanks\u201d\n{self.pem}\n"
        call = {"id": "call_1", "type": "function", "function": {"name": "run", "arguments": json.dumps({"script": everything, "who": self.mail})}}
        self.messages = [
            {"role": "system", "content": f"You help with this account.\n{everything}"},
            {"role": "user", "content": [{"type": "text", "text": f"first: {everything}"}, {"type": "text", "text": f"then write to {self.mail}, please"}]},
            {"role": "assistant", "content": None, "tool_calls": [call]},
            {"role": "tool", "tool_call_id": "call_1", "content": f"it printed\n{everything}"},
        ]

    def leaks(self, sent):
        """What of it stands in these bytes."""
        lines = self.pem.splitlines()[1:-1]
        return [part for part in [self.key_id, self.secret, self.mail, *lines] if part.encode() in sent]


def client(url=ACTIONS_URL, key="USER"):
    return openai.OpenAI(base_url=url, api_key=os.environ[f"KEY_{key}"], timeout=30, max_retries=0)


def ask(agent, messages, key="USER", url=ACTIONS_URL, **more):
    return client(url, key).chat.completions.create(model=agent, messages=messages, **more)


def hello(text):
    return [{"role": "user", "content": text}]


def gathered(stream):
    """A streamed reply put together: a `Choice` for each index."""
    choices = {}
    for part in stream:
        for choice in part.choices:
            mine = choices.setdefault(choice.index, Choice())
            mine.text += choice.delta.content or ""
            mine.reasoning += getattr(choice.delta, "reasoning_content", None) or ""
            for call in choice.delta.tool_calls or []:
                if call.index == len(mine.tools):
                    mine.tools.append("")
                mine.tools[call.index] += call.function.arguments or ""
    return [choice for _, choice in sorted(choices.items())]


def whole(answer):
    """The same of a reply in one piece."""
    messages = [choice.message for choice in answer.choices]
    return [Choice(each.content or "", each.reasoning_content, [call.function.arguments for call in each.tool_calls or []]) for each in messages]


def both_ways(agent, messages, **more):
    """The reply in one piece, and streamed."""
    yield whole(ask(agent, messages, **more))
    yield gathered(ask(agent, messages, stream=True, **more))


class StandIns(unittest.TestCase):
    def setUp(self):
        UPSTREAM.say = lambda request: [echo(request)]

    def assert_is_echo(self, choice, messages):
        said = "\n--\n".join(texts_of({"messages": messages}))
        self.assertEqual(choice.text, said)
        self.assertEqual(choice.reasoning, f"They said: {said}")
        self.assertEqual([json.loads(text) for text in choice.tools], [{"text": said}, {"list": [said, 7]}])

    def test_a_conversation_full_of_secrets_leaves_without_them_and_comes_back_whole(self):
        case = Case()
        for choices in both_ways("standing-in", case.messages):
            self.assertEqual(case.leaks(UPSTREAM.last()), [])
            self.assert_is_echo(choices[0], case.messages)

    def test_every_kind_of_secret_has_a_stand_in_that_says_so(self):
        ask("standing-in", Case().messages)
        kinds = {found.split(b"_")[1] for found in STAND_IN.findall(UPSTREAM.last())}
        self.assertEqual(kinds, {b"SECRET", b"EMAIL", b"PRIVATEKEY"})

    def test_a_model_may_spell_a_stand_in_in_lower_case_or_with_escapes(self):
        case = Case()
        for change in (str.lower, lambda text: text.replace("_", "\\_")):
            UPSTREAM.say = lambda request: [echo(request, change)]
            for choices in both_ways("standing-in", hello(f"to {case.mail} with {case.key_id}")):
                self.assertEqual(choices[0].text, f"to {case.mail} with {case.key_id}")
                self.assertEqual(json.loads(choices[0].tools[0])["text"], choices[0].text)

    def test_a_key_has_the_same_stand_ins_in_each_request_and_other_keys_have_others(self):
        messages = Case().messages
        sent = []
        for key in ("USER", "USER", "OTHER"):
            ask("standing-in", messages, key)
            sent.append(set(STAND_IN.findall(UPSTREAM.last())))
        self.assertEqual(len(sent[0]), 4)
        self.assertEqual(sent[0], sent[1])
        self.assertFalse(sent[0] & sent[2])

    def test_no_key_gets_the_value_behind_a_stand_in_of_another(self):
        case = Case()
        ask("standing-in", hello(case.mail))
        [stand_in] = set(STAND_IN.findall(UPSTREAM.last()))
        for choices in both_ways("standing-in", hello(stand_in.decode()), key="OTHER"):
            self.assertEqual(choices[0].text, stand_in.decode())
        for choices in both_ways("standing-in", hello(stand_in.decode())):
            self.assertEqual(choices[0].text, case.mail)

    def test_choices_that_take_turns_keep_apart(self):
        cases = [Case(), Case()]
        messages = [message for case in cases for message in case.messages]

        def one_each(request):
            each = [{"messages": request["messages"][:4]}, {"messages": request["messages"][4:]}]
            return [echo(half) for half in each]

        UPSTREAM.say = one_each
        for choices in both_ways("standing-in", messages, n=2):
            self.assertEqual([leak for case in cases for leak in case.leaks(UPSTREAM.last())], [])
            self.assertEqual(len(choices), 2)
            for case, choice in zip(cases, choices):
                self.assert_is_echo(choice, case.messages)

    def test_tool_calls_that_take_turns_keep_apart(self):
        cases = [Case(), Case(), Case()]
        messages = [message for case in cases for message in case.messages[:1]]
        UPSTREAM.say = lambda request: [Choice(tools=[json.dumps({"text": text, "more": {text: [text]}}) for text in texts_of(request)])]
        for choices in both_ways("standing-in", messages):
            read = [json.loads(text) for text in choices[0].tools]
            said = [case.messages[0]["content"] for case in cases]
            self.assertEqual([tool["text"] for tool in read], said)
            self.assertEqual([list(tool["more"].values()) for tool in read], [[[text]] for text in said])


class Refusals(unittest.TestCase):
    def test_a_blocked_request_is_a_bad_request_and_is_never_sent(self):
        before = len(UPSTREAM.received)
        with self.assertRaises(openai.BadRequestError) as caught:
            ask("refusing", Case().messages)
        self.assertEqual(caught.exception.code, "request_blocked")
        self.assertEqual(len(UPSTREAM.received), before)

    def test_a_command_in_a_streamed_text_raises(self):
        self.raises_before_the_command(Choice(text=f"Now I run\n{COMMAND}\nand it is gone."))

    def test_a_command_in_streamed_arguments_raises(self):
        self.raises_before_the_command(Choice(tools=[json.dumps({"command": f"cd x && {COMMAND}"})]))

    def raises_before_the_command(self, said):
        UPSTREAM.say = lambda _: [said]
        came = []
        with self.assertRaises(openai.APIError) as caught:
            for part in ask("watching", hello("please"), stream=True):
                came.append(part)
        self.assertEqual(caught.exception.code, "reply_blocked")
        [choice] = gathered(came)
        self.assertNotIn("rm -rf", choice.text + "".join(choice.tools))

    def test_a_command_in_a_whole_reply_raises(self):
        UPSTREAM.say = lambda _: [Choice(text=f"{COMMAND}")]
        with self.assertRaises(openai.PermissionDeniedError) as caught:
            ask("watching", hello("please"))
        self.assertEqual(caught.exception.code, "reply_blocked")

    def test_prose_about_commands_is_no_command(self):
        said = "To restart, type reboot. Never remove the root folder with rm."
        UPSTREAM.say = lambda _: [Choice(text=said)]
        for choices in both_ways("watching", hello("how?")):
            self.assertEqual(choices[0].text, said)


class Actions(unittest.TestCase):
    def setUp(self):
        UPSTREAM.say = lambda request: [echo(request)]

    def test_without_configuration_credentials_become_the_label(self):
        case = Case()
        reply = client(PLAIN_URL).chat.completions.with_raw_response.create(model="recorder/m", messages=case.messages)
        self.assertEqual([leak for leak in case.leaks(UPSTREAM.last()) if leak != case.mail], [])
        self.assertIn(LABEL.encode(), UPSTREAM.last())
        said = reply.parse().choices[0].message.content
        self.assertIn(f"AWS_ACCESS_KEY_ID={LABEL}\nAWS_SECRET_ACCESS_KEY={LABEL}\nreply to {case.mail}", said)
        # Four places with a pair and a private key each.
        self.assertEqual(reply.headers["x-nenya-redactions"], "credential=12")

    def test_without_configuration_replies_pass_as_they_are(self):
        case = Case()
        UPSTREAM.say = lambda _: [Choice(text=f"{case.pair}\n{COMMAND}")]
        self.assertEqual(ask("recorder/m", hello("?"), url=PLAIN_URL).choices[0].message.content, f"{case.pair}\n{COMMAND}")

    def test_a_mask_keeps_the_last_four(self):
        case = Case()
        for choices in both_ways("masking", hello(f"key {case.key_id} end")):
            self.assertEqual(choices[0].text, f"key {'*' * 16}{case.key_id[-4:]} end")
        self.assertNotIn(case.key_id.encode(), UPSTREAM.last())

    def test_what_is_observed_stays_and_is_counted(self):
        case = Case()
        UPSTREAM.say = lambda request: [Choice(text=echo(request).text)]
        reply = client().chat.completions.with_raw_response.create(model="watching", messages=hello(case.key_id))
        self.assertEqual(reply.parse().choices[0].message.content, case.key_id)
        # Once on the way out and once on the way back.
        self.assertEqual(reply.headers["x-nenya-redactions"], "credential=2")

    def test_a_secret_that_a_model_makes_up_is_taken_out_of_the_reply(self):
        case = Case()
        UPSTREAM.say = lambda _: [Choice(text=f"use {case.pair} and\n{case.pem}\nbye", tools=[json.dumps({"text": case.pem})])]
        for choices in both_ways("standing-in", hello("make one up")):
            self.assertEqual(choices[0].text, f"use AWS_ACCESS_KEY_ID={LABEL}\nAWS_SECRET_ACCESS_KEY={LABEL} and\n{LABEL}\nbye")
            self.assertEqual(json.loads(choices[0].tools[0]), {"text": LABEL})


if __name__ == "__main__":
    unittest.main(verbosity=2)
